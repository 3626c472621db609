import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { EVENT_STREAM } from '#http/media-types.ts';
import { beginReply, type Headers, waitForDrain } from '#http/reply.ts';
import { type Events, isStream } from './events.ts';
import type { SendBudget } from './limits/send-budget.ts';

/** The interval of pings. Shorter than the idle timeouts of proxies: nginx has 60 s by default. */
const PING_INTERVAL_MS = 10_000;
/**
 * A reader that takes nothing for this long is cut off, and resumes where it left off. Longer than the interval of pings, which show that
 * it reads. Node waits twice as long after a partial write.
 */
export const STALL_TIMEOUT_MS = 14_000;
/** An SSE comment. It keeps proxies from closing a quiet stream, and the first one makes browsers deliver the headers. */
const PING = ':\n\n';

/**
 * Responds with server-sent events in the "distinct connections mode" of the protocol graphql-sse: `next` for each result, then
 * `complete`. The next event is read only once the last one was taken, so that nothing piles up here.
 */
export async function replyEvents(
  response: ServerResponse,
  status: number,
  result: ExecutionResult | Events,
  { headers, sendBudget }: { headers: Headers; sendBudget: SendBudget },
): Promise<void> {
  if (!beginReply(response, status, { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no', ...headers })) {
    if (isStream(result)) await result.return(undefined);
    return;
  }
  const events = isStream(result) ? result : [result];
  response.write(PING);
  const pings = setInterval(() => response.writableNeedDrain || response.write(PING), PING_INTERVAL_MS);
  response.setTimeout(STALL_TIMEOUT_MS, () => response.destroy());
  // At once, not after the next event: a client that is gone must not keep a subscription open.
  response.on('close', () => isStream(result) && void result.return(undefined));
  const reader = { cut: () => response.destroy() };
  try {
    for await (const event of events) {
      if (response.destroyed) return;
      const text = `event: next\ndata: ${JSON.stringify(event)}\n\n`;
      const taken = sendBudget.add(reader, Buffer.byteLength(text));
      if (!response.write(text)) await waitForDrain(response);
      taken();
    }
    response.end('event: complete\ndata:\n\n');
  } finally {
    clearInterval(pings);
  }
}
