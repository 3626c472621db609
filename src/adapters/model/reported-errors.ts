import { readRetryAfter } from '#adapters/retry-after.ts';
import { EndpointFailed, type EndpointFailure } from './endpoint-failures.ts';

/** How many characters of an endpoint's message are read, and how many the log keeps: some quote the whole request. */
const MAX_MESSAGE_LENGTH = 300;

/** The names of each failure in `code` or `type`, whatever the status of the response is. */
const PARTICULAR_CODES: readonly [RegExp, EndpointFailure][] = [
  [/context_(?:length|size|window)|(?:prompt|input|request)_too_(?:long|large)/, 'context too long'],
  [/insufficient_(?:quota|balance|credit|fund)|billing|payment_required/, 'quota exhausted'],
  [/content_(?:filter|policy)/, 'content filtered'],
];
/** Their names in a stream, whose status was 200. */
const GENERAL_CODES: readonly [RegExp, EndpointFailure][] = [
  [/rate_limit|too_many_requests|resource_exhausted/, 'rate limited'],
  [/overload|unavailable|server_error|internal|timeout/, 'server error'],
  [/api_key|auth|permission|forbidden/, 'unauthorized'],
  [/not_found/, 'model not found'],
  [/invalid|validation|bad_request|unprocessable|unsupported/, 'bad request'],
];
/** Messages of vLLM, llama.cpp, LM Studio, Ollama, LiteLLM and others for a prompt that is too long, under a code for any bad request. */
const TOO_LONG =
  /context[ _-]?(?:length|size|window|limit)|(?:prompt|input|request)_too_(?:long|large)|reduce the (?:length|size|number) of|too (?:many|large a number of) (?:input |prompt )?tokens|(?:input|prompt|message|conversation|request)s? (?:is|are|was) too (?:long|large)|maximum context|(?:prompt|input) is too long|inputs` (?:tokens \+ `max_new_tokens` )?must (?:be|have) (?:<=|less than)|(?:input|prompt).{0,60}exceed(?:s|ed).{0,60}(?:tokens|length|limit|\d)/i;

/** A prompt template that refuses the prompt, or does not know a message: not an outage, whatever the status is. */
const BROKEN_BY_PROMPT =
  /jinja|(?:chat|prompt) template|roles must alternate|\bBadRequest|invalid_request|raise_exception|unsupported (?:role|content)/i;

/** Returns the error in an event of a stream, or in the body of a response; null if there is none. */
export function findReportedError(event: unknown): unknown {
  const { error, object, type, choices, message, detail, error_type: errorType, x_groq: groq } = fieldsOf(event);
  // text-generation-inference has its code next to the text.
  if (typeof error === 'string' && errorType) return { message: error, type: errorType };
  if (error) return error;
  if (object === 'error' || type === 'error' || (!choices && typeof (message ?? detail) === 'string')) return event;
  return fieldsOf([choices].flat()[0]).error || fieldsOf(groq).error || null;
}

/** Converts an error that the endpoint reports into one of our failures; `apiKey` is masked in its message. */
export function toEndpointFailed(
  error: unknown,
  { apiKey, response }: { apiKey: string | null; response: Response },
): EndpointFailed {
  const { code, type, status, message, detail, metadata } = fieldsOf(error);
  // OpenRouter has the message of the underlying endpoint in `raw`.
  const report =
    typeof error === 'string' ? error : [message ?? detail, fieldsOf(metadata).raw].map(toText).join(' ').trim();
  const text = (apiKey ? report.replaceAll(apiKey, '[secret]') : report).slice(0, MAX_MESSAGE_LENGTH);
  const codes = [code, type, status].map(normalizeCode);
  const httpStatus = response.ok ? Number(codes.find((name) => /^[45]\d\d$/.test(name)) ?? 0) : response.status;
  const failure = findFailure(codes, httpStatus, text);
  return new EndpointFailed(failure, {
    retryAfterMs: response.ok ? null : retryAfterOf(response.headers),
    status: httpStatus || null,
    // Messages about a wrong key show a part of it.
    message: failure === 'unauthorized' ? null : text,
    endpointRequestId: response.headers.get('x-request-id'),
  });
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value ?? undefined) ?? '');

/** `bad_request_error` for `BadRequestError`. */
const normalizeCode = (code: unknown): string =>
  toText(code)
    .slice(0, MAX_MESSAGE_LENGTH)
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase();

function findFailure(codes: readonly string[], status: number, message: string): EndpointFailure {
  const findByCode = (table: typeof GENERAL_CODES) =>
    codes.flatMap((code) => table.find(([pattern]) => pattern.test(code))?.[1] ?? [])[0];
  const failure = findByCode(PARTICULAR_CODES) ?? failureOfStatus(status) ?? findByCode(GENERAL_CODES);
  const isVague = !failure || failure === 'bad request' || failure === 'server error';
  if (isVague && TOO_LONG.test(message)) return 'context too long';
  if (isVague && BROKEN_BY_PROMPT.test(message)) return 'bad request';
  return failure ?? 'unexplained error';
}

function failureOfStatus(status: number): EndpointFailure | undefined {
  if (status < 400) return undefined;
  if (status === 402) return 'quota exhausted';
  if (status === 413) return 'context too long';
  if (status === 429) return 'rate limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'model not found';
  return status < 500 && status !== 408 && status !== 409 ? 'bad request' : 'server error';
}

/** OpenAI's `retry-after-ms`, or else `retry-after`. */
function retryAfterOf(headers: Headers): number | null {
  const ms = Number(headers.get('retry-after-ms') || Number.NaN);
  return ms >= 0 ? Math.ceil(ms) : readRetryAfter(headers.get('retry-after'), new Date());
}
