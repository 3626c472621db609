import type { SourceMessage } from './source/conversation.ts';

/**
 * Yields messages with their times: one without gets that of the message before it, and those at the beginning get the first time that
 * is known, or `fallback` if there is none.
 */
export function* fillTimes<Fallback extends string | null>(
  messages: readonly SourceMessage[],
  fallback: Fallback,
): Generator<SourceMessage & { sentAt: string | Fallback }> {
  let sentAt: string | Fallback = messages.find((message) => message.sentAt)?.sentAt ?? fallback;
  for (const message of messages) {
    sentAt = message.sentAt ?? sentAt;
    yield { ...message, sentAt };
  }
}
