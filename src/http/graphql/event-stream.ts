import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { EVENT_STREAM } from '#http/media-types.ts';
import { beginReply, type Headers } from '#http/reply.ts';
import { type Events, isStream } from './operation.ts';

const PING_EVERY_MS = 10_000;
/**
 * A reader that takes nothing for so long is cut; it resumes where it was. Longer than between two pings, which show that
 * it reads. Node grants the time twice where it cuts a write short.
 */
const STALLED_AFTER_MS = 14_000;
/** A comment: it keeps proxies from ending a quiet stream, and the first makes browsers hand on the headers. */
const PING = ':\n\n';

/**
 * Answers with server-sent events, as the protocol graphql-sse has them for a connection of its own: `next` for each
 * result, then `complete`. The next event is read only when the last was taken, so that nothing piles up here.
 */
export async function replyEvents(
  response: ServerResponse,
  status: number,
  result: ExecutionResult | Events,
  headers: Headers,
): Promise<void> {
  if (!beginReply(response, status, { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no', ...headers })) return;
  const events = isStream(result) ? result : [result];
  response.write(PING);
  const pings = setInterval(() => response.writableNeedDrain || response.write(PING), PING_EVERY_MS);
  response.setTimeout(STALLED_AFTER_MS, () => response.destroy());
  // At once, not after the next event: whoever has gone must not hold a subscription.
  response.on('close', () => isStream(result) && void result.return(undefined));
  try {
    for await (const event of events) {
      if (response.destroyed) return;
      if (!response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`)) await waitForDrain(response);
    }
    response.end('event: complete\ndata:\n\n');
  } finally {
    clearInterval(pings);
  }
}

/** Resolves when there is room for more, or nobody left to take it. */
function waitForDrain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}
