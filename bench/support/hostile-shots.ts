import { ADMIN_KEY } from '../../test/support/parley.ts';
import type { HostileInput } from './hostile-inputs.ts';
import { HOSTILE_JSON, HOSTILE_TEXTS, type HostileText } from './hostile-texts.ts';
import type { HostileUpload } from './hostile-uploads.ts';

/** Something to send, by what it is and what is in it, and whether it may begin jobs. */
export type Shot = { input: string; text: string; begins: boolean; prepare(): Send };
/** Resolves with what was answered. */
export type Send = () => Promise<string>;

/** Bytes of a value, so that the body with its document is below the 256 KiB that are taken. */
const MAX_VALUE_BYTES = 245_000;
/** What is over a limit is sent, too: it may be looked at before it is refused. */
const MANY_TIMES = 4;

/** An input with every hostile text, as long as may be, and longer where little is taken. */
export function inputShots(url: string, input: HostileInput): Shot[] {
  const shot = (text: string, value: () => string): Shot => ({
    input: input.name,
    text,
    begins: input.document.startsWith('mutation'),
    prepare: () => overHttp(post(url, input, value())),
  });
  if (input.kind === 'json') return HOSTILE_JSON.map(({ name, of }) => shot(name, () => of(MAX_VALUE_BYTES)));
  const texts = input.kind === 'word' ? HOSTILE_TEXTS.filter((_, index) => index % 6 === 0) : HOSTILE_TEXTS;
  return texts.flatMap((text) => {
    const longest = unitsIn(text);
    const limit = Math.min(input.limit ?? longest, longest);
    const one = (length: number) => JSON.stringify(text.of(length));
    if (input.kind === 'texts') {
      const many = (items: number) =>
        `[${Array.from({ length: items }, (_, i) => JSON.stringify(i.toString(36) + text.of(limit - 4))).join()}]`;
      return [
        shot(text.name, () => many(20)),
        shot(`${text.name}, many`, () => many(Math.floor(longest / (limit + 20)))),
      ];
    }
    const shots = [shot(text.name, () => one(limit))];
    if (limit * MANY_TIMES < longest) shots.push(shot(`${text.name}, too long`, () => one(longest)));
    return shots;
  });
}

/** How many units of a text fit into a body. */
function unitsIn(text: HostileText): number {
  const bytes = Buffer.byteLength(JSON.stringify(text.of(2_000)));
  return Math.floor(MAX_VALUE_BYTES / (bytes / 2_000));
}

const PLACE = '@here@';

function post(url: string, { document, variables }: HostileInput, value: string): Request {
  const body = JSON.stringify({ query: document, variables: variables(PLACE) }).replace(`"${PLACE}"`, () => value);
  return new Request(`${url}/graphql`, {
    method: 'POST',
    headers: { ...AUTHORIZED, 'content-type': 'application/json' },
    body,
  });
}

export const AUTHORIZED = { authorization: `Bearer ${ADMIN_KEY}` };

/** Files as they are sent. */
export function uploadShots(url: string, files: readonly HostileUpload[]): Shot[] {
  return files.map(({ name, text, method, path, type, body }) => ({
    ...{ input: name, text, begins: true },
    prepare: () =>
      overHttp(new Request(url + path, { method, headers: { ...AUTHORIZED, 'content-type': type }, body: body() })),
  }));
}

/** Sends a request, and says how it was answered. */
export const overHttp =
  (request: Request): Send =>
  async () => {
    try {
      const response = await fetch(request);
      const code = /"code":\s*"(\w+)"/.exec(await response.text())?.[1];
      return `${response.status} ${code ?? 'ok'}`;
    } catch (error) {
      const { message, cause } = error as Error;
      return `lost: ${message} ${cause ?? ''}`;
    }
  };
