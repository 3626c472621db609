import { replyChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { Message } from '#generated/prisma/client.ts';

/** What is read of a message to follow its text. */
export type ReplyText = Pick<Message, 'content' | 'textOffset' | 'status'>;

/** A part of a message's text, at its place among all that was ever streamed for it. */
export type ReplyChunk = {
  messageId: string;
  /** In UTF-16 units; never shows other text than it once did. */
  offset: number;
  text: string;
  /** Nothing follows. */
  done: boolean;
  /** What came before was given up: the text begins here. */
  restarted: boolean;
};

/**
 * Yields the text of a message from an offset on, as it is written, until it has ended or the message is deleted; a slow reader
 * gets larger chunks. `read` returns null for a message that is not the reader's. Throws NotFound, BadUserInput (the
 * offset is inside of a character).
 */
export function followReply(
  { pubsub }: Services,
  { messageId, afterOffset }: { messageId: string; afterOffset: number },
  read: () => Promise<ReplyText | null>,
): AsyncGenerator<ReplyChunk> {
  return watchChannels(pubsub, [replyChannel(messageId)], async function* (watch) {
    let state: ReplyText | null | undefined = await read();
    if (!state) throw new NotFound('message');
    for (let offset = afterOffset; state; state = await watch.read(read)) {
      const chunk: ReplyChunk = { messageId, ...readChunk(offset, state) };
      if (chunk.text || chunk.done || chunk.restarted) yield chunk;
      if (chunk.done) return;
      offset = chunk.offset + chunk.text.length;
      if (!(await watch.woken())) return;
    }
  });
}

/** Throws BadUserInput. */
function readChunk(offset: number, { content, textOffset, status }: ReplyText): Omit<ReplyChunk, 'messageId'> {
  const restarted = offset < textOffset;
  const begin = restarted ? 0 : offset - textOffset;
  if (/^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(content.slice(begin - 1, begin + 1)))
    throw new BadUserInput('afterOffset', 'This is inside of a character; give the end of a chunk that you have.');
  return { offset: textOffset + begin, text: content.slice(begin), done: status !== 'STREAMING', restarted };
}
