import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { DomainError, Unavailable } from '#domain/core/errors.ts';
import { limitText, sanitizeText } from '#domain/text/text-steps.ts';
import { transformText } from '#domain/text/text-stream.ts';
import type { Draft, DraftEnd } from './drafting/draft.ts';
import { flushThrottled } from './flush-throttled.ts';
import type { ReplyWriter } from './reply-writer.ts';

/** Milliseconds between two writes of a growing reply: twenty a second look fluent to a reader. */
const WRITE_INTERVAL_MS = 50;

/**
 * Writes a draft's text as it arrives, in a form that PostgreSQL can store, and returns its end once all of it is stored. Calls `onBegin`
 * before the first write. Throws Unavailable for a draft without text, LIMIT_EXCEEDED for an endless one, AttemptEnded, and whatever the
 * draft throws.
 */
export async function writeDraft({ text }: Draft, writer: ReplyWriter, onBegin: () => void): Promise<DraftEnd> {
  let hasBegun = false;
  const storable = transformText(text, sanitizeText(), limitText(MAX_CONTENT, replyTooLong));
  const end = await flushThrottled(storable, WRITE_INTERVAL_MS, async (piece) => {
    if (!hasBegun) onBegin();
    hasBegun = true;
    await writer.write(piece);
  });
  if (!hasBegun) throw new Unavailable('The model said nothing; try again shortly.');
  await writer.end();
  return end;
}

function replyTooLong(): DomainError {
  const message = `The reply did not end within ${MAX_CONTENT} characters; ask for less at once.`;
  return new DomainError('LIMIT_EXCEEDED', message, { limit: MAX_CONTENT });
}
