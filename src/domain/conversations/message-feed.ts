import { messageChannel, messageUpdateChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { Broadcast } from '#domain/live/broadcast.ts';
import { type Watch, watchChannels } from '#domain/live/watch-channels.ts';
import type { Message } from '#generated/prisma/client.ts';

/** The messages of a conversation after a number, and the last number there is; null where there is no such conversation for the reader. */
export type Backlog = { last: number; messages: Message[] } | null;
/** Reads the messages after a number, in the order of their numbers; where it is null, only `last`. */
export type ReadBacklog = (conversationId: string, after: number | null) => Promise<Backlog>;

/** How a reader reads; with a `broadcast` it waits for more together with others, for whom `readOn` reads from a number on. */
export type Reading = {
  read: ReadBacklog;
  broadcast: Broadcast | undefined;
  readOn(after: number): AsyncGenerator<Message>;
};

/** Where to go on; null is the end. */
export type From = { conversationId: string; after: number | null };

/**
 * Yields every message after a sequence (by default, the newest there is), each once, in order, until the reader leaves or the
 * conversation is deleted. The numbers are in order of commit and never used again, so reading on from the last one seen misses nothing,
 * whatever became of the wakes. Only a restored backup goes back to earlier numbers: after a number that is not there yet, new messages
 * are yielded, as their numbers would not reach it for long. Throws NotFound.
 */
export const followMessages = (services: Services, from: From, reading: Reading): AsyncGenerator<Message> =>
  followNumbers(services, messageChannel(from.conversationId), from, ({ sequence }) => sequence, reading);

/**
 * Yields the messages that were updated after an update (by default, the newest there is), in their newest states, and from then
 * on each that is updated. A message that is updated again before it is read comes once. Throws NotFound.
 */
export const followMessageUpdates = (services: Services, from: From, reading: Reading): AsyncGenerator<Message> =>
  followNumbers(services, messageUpdateChannel(from.conversationId), from, ({ updateNumber }) => updateNumber, reading);

function followNumbers(
  { pubsub }: Services,
  channel: string,
  { conversationId, after }: From,
  numberOf: (message: Message) => number,
  { read, broadcast, readOn }: Reading,
): AsyncGenerator<Message> {
  return watchChannels(pubsub, [channel], async function* (watch) {
    const first = await read(conversationId, after);
    if (!first) throw new NotFound('conversation');
    let seen = Math.min(after ?? first.last, first.last);
    for (let backlog: Backlog | undefined = first; backlog; ) {
      for (const message of backlog.messages) {
        seen = numberOf(message);
        yield message;
      }
      // The number of a message that was updated again is nobody's.
      if (backlog.messages.length === 0) seen = Math.max(seen, backlog.last);
      if (seen >= backlog.last) {
        const next = await (broadcast?.follow({ seen, numberOf, watch, readOn }) ?? wokenAt(seen, watch));
        if (next === null) return;
        seen = next;
      }
      backlog = await watch.read(() => read(conversationId, seen));
    }
  });
}

/** Resolves at the next wake to where the reader is; null when it has left. */
const wokenAt = async (seen: number, watch: Watch): Promise<number | null> => ((await watch.woken()) ? seen : null);
