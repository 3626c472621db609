import type { Replying } from '#domain/core/deps.ts';
import type { Conversation } from '#generated/prisma/client.ts';

/**
 * Whether memories are extracted from a conversation: its metadata `{ "extractMemories": false }` opts out, and so may the
 * operator.
 */
export function isExtractionEnabled(
  { extractMemories }: Replying,
  { metadata }: Pick<Conversation, 'metadata'>,
): boolean {
  return extractMemories && (metadata as { extractMemories?: unknown } | null)?.extractMemories !== false;
}
