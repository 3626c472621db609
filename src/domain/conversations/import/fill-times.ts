import type { SourceMessage } from './source/conversation.ts';

/**
 * Yields messages with their times: one without gets that of the message before it, and those at the beginning get the first time that
 * is known, or `fallback` if there is none.
 */
export function* fillTimes(
  messages: readonly SourceMessage[],
  fallback: string,
): Generator<SourceMessage & { sentAt: string }> {
  let sentAt = messages.find((message) => message.sentAt)?.sentAt ?? fallback;
  for (const message of messages) {
    sentAt = message.sentAt ?? sentAt;
    yield { ...message, sentAt };
  }
}
