import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Json, Tx } from '#domain/core/transaction.ts';
import { checkFraction, checkReadableText } from '#domain/core/validation.ts';
import type { MemoryKind } from '#generated/prisma/enums.ts';
import { topicOf } from './extraction/sentences.ts';
import { checkTags } from './tags.ts';
import type { CheckedMemory } from './upsert.ts';

/** A client's input for a new memory. */
export type NewMemory = WithIdempotencyKey & {
  content: string;
  kind?: MemoryKind | null | undefined;
  tags?: readonly string[] | null | undefined;
  importance?: number | null | undefined;
  sourceMessageId?: string | null | undefined;
  conversationId?: string | null | undefined;
  supersedes?: readonly string[] | null | undefined;
  expiresAt?: Date | null | undefined;
  metadata?: unknown;
};

/** The maximum length of a memory, in characters. */
export const MAX_MEMORY_LENGTH = 10_000;
/** How many memories one new memory can supersede. */
export const MAX_SUPERSEDED = 20;
/** 0 to 1. */
export const DEFAULT_IMPORTANCE = 0.5;

/** Returns the trimmed and validated content of a memory. Throws BadUserInput. */
export const checkContent = (content: string) =>
  checkReadableText('input.content', content, { max: MAX_MEMORY_LENGTH });

/** Validates a new memory, and fills in all defaults. Throws BadUserInput. */
export function checkMemory(input: Omit<NewMemory, 'idempotencyKey'>): CheckedMemory & { supersedes: string[] } {
  const supersedes = [...new Set(input.supersedes ?? [])];
  if (supersedes.length > MAX_SUPERSEDED)
    throw new BadUserInput('input.supersedes', `Give at most ${MAX_SUPERSEDED} memories.`);
  const content = checkContent(input.content);
  return {
    content,
    kind: input.kind ?? 'FACT',
    tags: checkTags('input.tags', input.tags ?? []),
    importance: checkFraction('input.importance', input.importance ?? DEFAULT_IMPORTANCE),
    topic: topicOf(content),
    sourceMessageId: input.sourceMessageId ?? null,
    conversationId: input.conversationId ?? null,
    expiresAt: input.expiresAt ?? null,
    metadata: (input.metadata ?? null) as Json | null,
    supersedes,
  };
}

/** Throws BadUserInput if a memory would already have expired. */
export function assertExpiresInFuture({ now }: Deps, { expiresAt }: CheckedMemory): void {
  if (expiresAt && expiresAt <= now())
    throw new BadUserInput('input.expiresAt', 'This is in the past; a memory has to expire in the future.');
}

/**
 * Returns where a memory comes from: a message of the actor with its conversation, or a conversation. Locks both against deletion until the
 * commit. Throws NotFound, BadUserInput.
 */
export async function resolveSource(
  tx: Tx,
  { actor }: Deps,
  { sourceMessageId, conversationId }: CheckedMemory,
): Promise<Pick<CheckedMemory, 'sourceMessageId' | 'conversationId'>> {
  const ownerId = actor.userId;
  if (!sourceMessageId) {
    if (conversationId && !(await keepConversation(tx, conversationId, ownerId))) throw new NotFound('conversation');
    return { sourceMessageId, conversationId };
  }
  const message = await keepMessage(tx, sourceMessageId, ownerId);
  if (!message) throw new NotFound('message');
  if (conversationId && conversationId !== message.conversationId)
    throw new BadUserInput('input.conversationId', 'The source message is of another conversation.');
  return { sourceMessageId, conversationId: message.conversationId };
}

/** Where a message is. */
type KeptMessage = { conversationId: string; sequence: number };

/**
 * Returns the owner's message, or null if it is missing. Locks it against deletion and edits until the commit, after its conversation: the
 * order in which a deletion locks them.
 */
export async function keepMessage(tx: Tx, id: string, ownerId: string): Promise<KeptMessage | null> {
  const message = await tx.message.findFirst({ where: { id, ownerId }, select: { conversationId: true } });
  if (!message || !(await keepConversation(tx, message.conversationId, ownerId))) return null;
  const [kept] = await tx.$queryRaw<{ sequence: number }[]>`
    SELECT sequence FROM messages WHERE id = ${id}::uuid FOR KEY SHARE`;
  return kept ? { ...message, ...kept } : null;
}

async function keepConversation(tx: Tx, id: string, ownerId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM conversations WHERE id = ${id}::uuid AND owner_id = ${ownerId}::uuid FOR KEY SHARE`;
  return rows.length > 0;
}

/** Throws NotFound if one of the memories is missing or somebody else's. */
export async function assertOwnMemories(tx: Tx, { actor }: Deps, memoryIds: readonly string[]): Promise<void> {
  if (memoryIds.length === 0) return;
  const count = await tx.memory.count({ where: { id: { in: [...memoryIds] }, ownerId: actor.userId } });
  if (count < memoryIds.length) throw new NotFound('memory');
}
