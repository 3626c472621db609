import type { IncomingMessage } from 'node:http';

/** `application/json` answers 200 to what GraphQL refuses before it runs; the newer type answers 400. */
export const LEGACY_JSON = 'application/json; charset=utf-8';
export const RESPONSE_JSON = 'application/graphql-response+json; charset=utf-8';
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

export type AnswerType = typeof LEGACY_JSON | typeof RESPONSE_JSON | typeof EVENT_STREAM;

const ANSWERS: Record<string, AnswerType> = {
  'application/graphql-response+json': RESPONSE_JSON,
  'application/json': LEGACY_JSON,
  'application/*': LEGACY_JSON,
  '*/*': LEGACY_JSON,
  'text/event-stream': EVENT_STREAM,
};

/** The form of the answer that the client likes best; null where it takes none of ours. */
export function answerTypeFor({ headers }: IncomingMessage): AnswerType | null {
  const { accept } = headers;
  if (!accept) return LEGACY_JSON;
  const single = ANSWERS[accept];
  if (single) return single;
  const wanted = accept.toLowerCase().split(',').map(preference);
  const [best] = wanted.filter(({ type, weight }) => type && weight > 0).sort((a, b) => b.weight - a.weight);
  return best?.type ?? null;
}

function preference(part: string): { type: AnswerType | undefined; weight: number } {
  const [name = '', ...parameters] = part.split(';').map((each) => each.trim());
  const quality = parameters.find((each) => each.startsWith('q='));
  return { type: ANSWERS[name], weight: quality ? Number(quality.slice(2)) || 0 : 1 };
}

/** Any page on the web can send a form, or text, without asking; `application/json` it cannot. */
export function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}
