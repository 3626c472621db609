import type { ReadableStream } from 'node:stream/web';
import type { ChatEndpoint } from '#config/models.ts';
import { type CompletionChunk, parseChunk } from './completion-chunk.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import { createEventParser, type ResponseEvent } from './event-parser.ts';
import { parseJson } from './parse-json.ts';
import { findReportedError, toEndpointFailed } from './reported-errors.ts';

/** The content of a response, as it arrives. */
export type Chunks = AsyncGenerator<CompletionChunk, void>;

/**
 * Reads a response up to its end: `[DONE]`, or that of a body that is not cut off. `onBytes` is called for everything that arrives,
 * because comments, too, are signs of life. Throws EndpointFailed for anything unreadable, and for an error in it.
 */
export async function* readChunks(response: Response, { apiKey }: ChatEndpoint, onBytes: () => void): Chunks {
  for await (const { name, data } of readEvents(response, onBytes)) {
    if (END.test(data)) return;
    const document = parseJson(data);
    if (document === undefined && isKeepAlive(name, data)) continue;
    for (const event of Array.isArray(document) ? document : [document]) {
      const error = findReportedError(event) ?? (name === 'error' ? (event ?? data) : null);
      if (error !== null) throw toEndpointFailed(error, { apiKey, response });
      const chunk = parseChunk(event);
      if (!chunk) throw new EndpointFailed('malformed response');
      yield chunk;
    }
  }
}

/** `[DONE]`, also as proxies spell it. */
const END = /^\s*"?\[done\]"?\s*$/i;

/** Such as `event: ping`, with or without a word, and `data:` that is empty or does not begin like JSON. */
const isKeepAlive = (name: string, data: string): boolean =>
  name === '' || name === 'message' ? /^\s*(?:[a-z]{0,20}|\p{P}{0,20})\s*$/iu.test(data) : name !== 'error';

async function* readEvents({ body }: Response, onBytes: () => void): AsyncGenerator<ResponseEvent> {
  const decoder = new TextDecoder();
  const parser = createEventParser();
  for await (const bytes of (body ?? []) as ReadableStream<Uint8Array>) {
    onBytes();
    yield* parser.push(decoder.decode(bytes, { stream: true }));
  }
  yield* parser.push(decoder.decode());
  yield* parser.flush();
}
