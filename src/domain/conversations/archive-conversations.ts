import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import { beginOnce, explainInterruption, type Write, write } from '#domain/core/write.ts';

/** Conversations to archive, or to restore: those with the ids, or all that have been inactive since a time. */
export type Archiving = WithIdempotencyKey & {
  conversationIds: readonly string[] | null;
  lastMessageBefore: Date | null;
  archived: boolean;
};

/** How many conversations were changed, and had it so already; `hasMore` if further ones are as old. */
export type ArchivedConversations = { changed: number; unchanged: number; hasMore: boolean };

/** The maximum number of ids of one request. */
export const MAX_ARCHIVED_IDS = 1_000;
/** The maximum number of conversations that one request archives by their age. */
export const MAX_ARCHIVED = 10_000;
/** How many conversations one transaction changes: on the embedded database, everybody else waits for it. */
const SLICE_CONVERSATIONS = 250;

/**
 * Archives the actor's conversations, or restores them, a slice per transaction: if it is interrupted, those of earlier slices stay so, and
 * a repetition does the rest. By age, pinned conversations are left out. Safe to repeat with the same idempotency key. Throws BadUserInput,
 * NotFound (a conversation, before anything is changed), IdempotencyConflict, Unavailable.
 */
export function archiveConversations(deps: Deps, archiving: Archiving): Promise<ArchivedConversations> {
  return archiveInSlices(deps, archiving).catch(explainInterruption);
}

async function archiveInSlices(deps: Deps, { idempotencyKey, ...input }: Archiving): Promise<ArchivedConversations> {
  const request = { action: ACTION, once: { key: idempotencyKey, input } };
  const isRepeated = await isRequestDone(deps.database.prisma, deps.actor, idempotencyKey);
  const { ids, unchanged, hasMore } = isRepeated ? NOTHING : await chooseConversations(deps, input);
  if (ids.length > SLICE_CONVERSATIONS && (await beginOnce(deps, request, null)).isDone) ids.length = 0;
  let changed = 0;
  for (; ids.length > SLICE_CONVERSATIONS; await nextTurn()) {
    const slice = ids.splice(0, SLICE_CONVERSATIONS);
    changed += await write(deps, { action: ACTION, run: (change) => archiveSlice(change, deps, slice, input) });
  }
  return write(deps, {
    ...request,
    async run(change) {
      const all = changed + (await archiveSlice(change, deps, ids, input));
      return { changed: all, unchanged, hasMore };
    },
  });
}

const ACTION = 'conversation.archive';

type Choice = {
  /** Of the conversations that are to be changed, the least recently active first. */
  ids: string[];
  unchanged: number;
  hasMore: boolean;
};
const NOTHING: Choice = { ids: [], unchanged: 0, hasMore: false };

/** Throws BadUserInput, NotFound. */
function chooseConversations(deps: Deps, input: Archiving): Promise<Choice> {
  const { conversationIds, lastMessageBefore } = input;
  if (conversationIds && !lastMessageBefore) return chooseById(deps, [...new Set(conversationIds)], input);
  if (lastMessageBefore && !conversationIds) return chooseByAge(deps, lastMessageBefore, input);
  throw new BadUserInput('input.conversationIds', 'Give either `conversationIds` or `lastMessageBefore`.');
}

async function chooseById({ database, actor }: Deps, ids: string[], { archived }: Archiving): Promise<Choice> {
  if (ids.length > MAX_ARCHIVED_IDS)
    throw new BadUserInput('input.conversationIds', `Give at most ${MAX_ARCHIVED_IDS} ids.`, {
      limit: MAX_ARCHIVED_IDS,
    });
  const found = await database.prisma.conversation.findMany({
    where: { id: { in: ids }, ownerId: actor.userId },
    select: { id: true, archived: true },
  });
  if (found.length < ids.length) throw new NotFound('conversation');
  const others = found.filter((row) => row.archived !== archived).map(({ id }) => id);
  return { ids: others, unchanged: ids.length - others.length, hasMore: false };
}

async function chooseByAge({ database, actor }: Deps, before: Date, { archived }: Archiving): Promise<Choice> {
  const rows = await database.prisma.conversation.findMany({
    where: { ownerId: actor.userId, pinned: false, archived: !archived, lastActivityAt: { lt: before } },
    orderBy: [{ lastActivityAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
    take: MAX_ARCHIVED + 1,
  });
  const ids = rows.slice(0, MAX_ARCHIVED).map(({ id }) => id);
  return { ids, unchanged: 0, hasMore: rows.length > ids.length };
}

/** Changes those of the conversations that are still to be changed, and returns their number. */
async function archiveSlice(
  { tx, about, changed }: Write,
  { actor, now }: Deps,
  ids: readonly string[],
  { archived, lastMessageBefore }: Archiving,
): Promise<number> {
  if (ids.length === 0) return 0;
  const ownerId = actor.userId;
  // One that was pinned, or has got a message since it was chosen by its age, stays.
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH locked AS (
      SELECT id FROM conversations
      WHERE id = ANY(${ids}::uuid[]) AND owner_id = ${ownerId}::uuid AND archived <> ${archived}
        AND (${lastMessageBefore}::timestamptz IS NULL OR (NOT pinned AND last_activity_at < ${lastMessageBefore}::timestamptz))
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE conversations c SET archived = ${archived}, updated_at = ${now()}::timestamptz
    FROM locked WHERE c.id = locked.id RETURNING c.id`;
  for (const { id } of rows) changed({ ownerId, type: 'CONVERSATION', id });
  if (rows.length > 0) about({ type: 'User', id: ownerId }, { archived, conversations: rows.length });
  return rows.length;
}
