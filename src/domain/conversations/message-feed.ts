import { messageChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { Message } from '#generated/prisma/client.ts';

/**
 * The messages of a conversation after a number, and its last number; null where there is no such conversation for the reader.
 */
export type Backlog = { lastSequence: number; messages: Message[] } | null;
/** Reads the messages after a number; where it is null, only `lastSequence`. */
export type ReadBacklog = (conversationId: string, after: number | null) => Promise<Backlog>;

/**
 * Yields every message after `afterSequence` (by default, the newest there is), each once, in order, until the reader leaves or
 * the conversation is deleted. The numbers have no gaps, so reading on from the last one seen misses nothing, whatever
 * became of the wakes. Throws NotFound.
 */
export function followMessages(
  { pubsub }: Services,
  { conversationId, afterSequence }: { conversationId: string; afterSequence?: number | null | undefined },
  read: ReadBacklog,
): AsyncGenerator<Message> {
  return watchChannels(pubsub, [messageChannel(conversationId)], async function* (watch) {
    const first = await read(conversationId, afterSequence ?? null);
    if (!first) throw new NotFound('conversation');
    let last = afterSequence ?? first.lastSequence;
    for (let backlog: Backlog | undefined = first; backlog; ) {
      for (const message of backlog.messages) {
        last = message.sequence;
        yield message;
      }
      if (last >= backlog.lastSequence && !(await watch.woken())) return;
      backlog = await watch.read(() => read(conversationId, last));
    }
  });
}
