import type { Replying } from '#domain/core/deps.ts';
import type { Conversation } from '#generated/prisma/client.ts';

/** Whether memories are learned from a conversation. It says no by its metadata: `{ "extractMemories": false }`. */
export function isExtractionEnabled(
  { extractMemories }: Replying,
  { metadata }: Pick<Conversation, 'metadata'>,
): boolean {
  return extractMemories && (metadata as { extractMemories?: unknown } | null)?.extractMemories !== false;
}
