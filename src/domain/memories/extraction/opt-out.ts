import type { Replying } from '#domain/core/deps.ts';
import type { Conversation, Message } from '#generated/prisma/client.ts';
import { extractByRules } from './extract-by-rules.ts';
import { beginningOf } from './requests.ts';
import { isForgetting } from './statement.ts';

/**
 * Whether memories are extracted from a conversation. Its metadata `{ "extractMemories": false }` opts out; the operator can switch
 * extraction off for all.
 */
export function isExtractionEnabled(
  { extractMemories }: Replying,
  { metadata }: Pick<Conversation, 'metadata'>,
): boolean {
  return extractMemories && (metadata as { extractMemories?: unknown } | null)?.extractMemories !== false;
}

/** Whether a message asks to forget something, or not to remember it. Such requests are honoured even where extraction is off. */
export function asksToForget({ content, sentAt }: Pick<Message, 'content' | 'sentAt'>): boolean {
  return extractByRules(beginningOf(content), sentAt).some(isForgetting);
}
