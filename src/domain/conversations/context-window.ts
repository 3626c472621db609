import { BadUserInput } from '#domain/core/errors.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { estimateTokens, TOKENS_PER_MESSAGE } from '#domain/text/llm-tokens.ts';
import type { Message } from '#generated/prisma/client.ts';

/** Messages of a context. */
export const MAX_CONTEXT_MESSAGES = 100;

/** Throws BadUserInput where a context may not be as long, or less than nothing. */
export function checkContextLimits({
  maxMessages,
  maxTokens,
}: {
  maxMessages: number;
  maxTokens: number | null;
}): void {
  checkWholeNumber('maxMessages', maxMessages, { min: 0, max: MAX_CONTEXT_MESSAGES });
  if (maxTokens !== null && maxTokens < 0) throw new BadUserInput('maxTokens', '`maxTokens` must be 0 or more.');
}

/**
 * Returns the newest messages that fit into `maxTokens`, by estimate, oldest first. It goes back from the end and stops at the
 * first that does not fit, so that nothing is missing in between.
 */
export async function fitContext(messages: readonly Message[], maxTokens: number | null): Promise<Message[]> {
  if (maxTokens === null) return [...messages];
  let left = maxTokens;
  let kept = 0;
  const keep = ({ content }: Message) => {
    if (left < 0) return;
    left -= TOKENS_PER_MESSAGE + estimateTokens(content);
    if (left >= 0) kept += 1;
  };
  await visitInSlices(messages.toReversed(), keep);
  return messages.slice(messages.length - kept);
}
