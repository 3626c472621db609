import { replyChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { Message } from '#generated/prisma/client.ts';

/** The columns of a message that are read to follow its text. */
export type ReplyText = Pick<Message, 'content' | 'textOffset' | 'status'>;

/** A part of a message's text, at its position in everything that was ever streamed for the message. */
export type ReplyChunk = {
  messageId: string;
  /** In UTF-16 units. The text at an offset never changes. */
  offset: number;
  text: string;
  /** Whether this is the last chunk. */
  done: boolean;
  /** Whether all earlier text was discarded, so that the text begins here. */
  restarted: boolean;
};

/**
 * Yields the text of a message from an offset on, as it is written, until it has ended or the message is deleted. A slow reader
 * gets larger chunks. `read` returns null for a message that is not the reader's. Throws NotFound, BadUserInput (the offset is within a
 * character).
 */
export function followReply(
  { pubsub }: Services,
  { messageId, afterOffset }: { messageId: string; afterOffset: number },
  read: () => Promise<ReplyText | null>,
): AsyncGenerator<ReplyChunk> {
  return watchChannels(pubsub, [replyChannel(messageId)], async function* (watch) {
    let offset = afterOffset;
    const readNext = async () => {
      const state = await read();
      return state && { messageId, ...readChunk(offset, state) };
    };
    const first = await readNext();
    if (!first) throw new NotFound('message');
    for (let chunk: ReplyPart | null | undefined = first; chunk; chunk = await watch.read(readNext)) {
      const { isLast, ...shown }: ReplyPart = chunk;
      if (shown.text || shown.done || shown.restarted) yield shown;
      if (shown.done) return;
      offset = shown.offset + shown.text.length;
      if (isLast && !(await watch.woken())) return;
    }
  });
}

/** UTF-16 units of a chunk: a reader that stops reading holds one chunk in memory, not the whole text. */
const MAX_CHUNK_LENGTH = 16_384;

/** A chunk, and whether it reaches the end of the text so far. */
type ReplyPart = ReplyChunk & { isLast: boolean };

/** Throws BadUserInput. */
function readChunk(offset: number, { content, textOffset, status }: ReplyText): Omit<ReplyPart, 'messageId'> {
  const restarted = offset < textOffset;
  const begin = restarted ? 0 : offset - textOffset;
  if (isInsideOfCharacter(content, begin))
    throw new BadUserInput('afterOffset', 'This is inside of a character; give the end of a chunk that you have.');
  const end = begin + MAX_CHUNK_LENGTH;
  const text = content.slice(begin, isInsideOfCharacter(content, end) ? end + 1 : end);
  const isLast = begin + text.length >= content.length;
  return { offset: textOffset + begin, text, done: isLast && status !== 'STREAMING', restarted, isLast };
}

const isInsideOfCharacter = (text: string, index: number): boolean =>
  /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(index - 1, index + 1));
