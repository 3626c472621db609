import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#config/config.ts';
import { deleteOldestMessages, SLICE_MESSAGES } from '#domain/conversations/delete-conversation.ts';
import { messageChannel, messageUpdateChannel } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';
import { daysBefore } from '#domain/core/retention.ts';
import { IN_BACKGROUND, runTransaction } from '#domain/core/transaction.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { write, writeAndLoad } from '#domain/core/write.ts';
import { CONVERSATIONS_SCHEDULE } from '#domain/health/clean-up-check.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { type Job, Prisma } from '#generated/prisma/client.ts';
import { followSchedule, noteFailure, noteSuccess } from './schedule.ts';

/** The maximum age in days that can be given. */
export const MAX_DAYS_OLD = 36_500;
/** How many conversations are selected at a time. */
const SLICE_CONVERSATIONS = 100;
const PAUSE_MS = 50;

/** A clean-up that failed for good shows in health. */
export const cleanUpHooks: JobHooks = { onFailed: ({ tx, now }) => noteFailure(tx, CONVERSATIONS_SCHEDULE, now) };

/** Conversations without activity since the moment that are not pinned, and in which no reply is being written. */
const isOld = (before: Date) => Prisma.sql`NOT c.pinned AND c.owner_id IS NOT NULL AND c.last_activity_at < ${before}
  AND NOT EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id AND m.status = 'STREAMING')`;

/**
 * Counts the conversations of all users that had no activity for so many days and are not pinned, and unless it is a dry run, enqueues the
 * CLEAN_UP_CONVERSATIONS job that deletes them. For ADMINs; the caller has to check that. Throws BadUserInput, IdempotencyConflict.
 */
export async function requestCleanUp(
  deps: Deps,
  { olderThanDays, dryRun, idempotencyKey }: WithIdempotencyKey & { olderThanDays: number; dryRun: boolean },
): Promise<{ matching: number; job: Job | null }> {
  checkWholeNumber('input.olderThanDays', olderThanDays, { min: 1, max: MAX_DAYS_OLD });
  const matching = await countOldConversations(deps, olderThanDays);
  if (dryRun) return { matching, job: null };
  return writeAndLoad(deps, {
    action: 'conversation.clean-up',
    once: { key: idempotencyKey, input: { olderThanDays } },
    async run({ about, enqueue }) {
      const { id } = await enqueue({ kind: 'CLEAN_UP_CONVERSATIONS', payload: { olderThanDays } });
      about({ type: 'Job', id }, { olderThanDays, matching });
      return { id, matching };
    },
    what: 'job',
    async load(first, tx) {
      const job = await tx.job.findUnique({ where: { id: first.id } });
      return job && { job, matching: first.matching };
    },
  });
}

/** Returns how many conversations of all users a clean-up would delete. */
export async function countOldConversations({ database, now }: Services, olderThanDays: number): Promise<number> {
  const [row] = await database.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM conversations c WHERE ${isOld(daysBefore(now(), olderThanDays))}`;
  return row?.count ?? 0;
}

/** Runs a CLEAN_UP_CONVERSATIONS job. */
export async function runCleanUp(
  deps: Deps,
  { olderThanDays }: { olderThanDays: number },
  job: RunningJob,
): Promise<void> {
  const deleted = await deleteOldConversations(deps, olderThanDays, job.signal);
  await job.finish(async ({ tx, now }) => {
    await noteSuccess(tx, CONVERSATIONS_SCHEDULE, now);
    return { deleted };
  });
}

/** Deletes them at once, for an operator. Audited beforehand, whatever the outcome. Returns how many were deleted. */
export async function cleanUpByOperator(deps: Deps, olderThanDays: number): Promise<number> {
  const matching = await countOldConversations(deps, olderThanDays);
  await write(deps, {
    action: 'conversation.clean-up',
    run: async ({ about }) => about(null, { olderThanDays, matching }),
  });
  const deleted = await deleteOldConversations(deps, olderThanDays);
  await runTransaction(deps, IN_BACKGROUND, ({ tx }) => noteSuccess(tx, CONVERSATIONS_SCHEDULE, deps.now()));
  return deleted;
}

/** Deletes them in small transactions; after a crash it continues where it stopped. Returns how many were deleted. */
export async function deleteOldConversations(
  services: Services,
  olderThanDays: number,
  signal?: AbortSignal,
): Promise<number> {
  const before = daysBefore(services.now(), olderThanDays);
  let total = 0;
  for (let after: string | null = null; ; ) {
    signal?.throwIfAborted();
    const ids: { id: string }[] = await services.database.prisma.$queryRaw`
      SELECT c.id FROM conversations c WHERE ${isOld(before)} AND (${after}::uuid IS NULL OR c.id > ${after}::uuid)
      ORDER BY c.id LIMIT ${SLICE_CONVERSATIONS}`;
    if (ids.length === 0) return total;
    for (const { id } of ids) total += await deleteIfOld(services, id, before, signal);
    after = ids.at(-1)?.id ?? null;
    await sleep(PAUSE_MS);
  }
}

/** Deletes the oldest messages of a long conversation first: if somebody writes to it meanwhile, the rest stays. */
async function deleteIfOld(services: Services, id: string, before: Date, signal?: AbortSignal): Promise<number> {
  for (;;) {
    signal?.throwIfAborted();
    const left = await runTransaction(services, IN_BACKGROUND, async ({ tx, changed, publish }) => {
      await tx.$queryRaw`SELECT id FROM conversations WHERE id = ${id}::uuid FOR UPDATE`;
      // A statement of its own sees the reply that was begun while the one before waited.
      const [conversation] = await tx.$queryRaw<{ ownerId: string }[]>`
        SELECT c.owner_id AS "ownerId" FROM conversations c WHERE c.id = ${id}::uuid AND ${isOld(before)}`;
      if (!conversation) return null;
      const gone = await deleteOldestMessages(tx, id);
      if (gone === SLICE_MESSAGES) {
        changed({ ownerId: conversation.ownerId, type: 'CONVERSATION', id });
        return gone;
      }
      const memories = await tx.memory.findMany({ where: { conversationId: id }, select: { id: true, ownerId: true } });
      await tx.conversation.delete({ where: { id } });
      changed({ ownerId: conversation.ownerId, type: 'CONVERSATION', id, deleted: true });
      for (const memory of memories) changed({ ...memory, type: 'MEMORY' });
      for (const channel of [messageChannel(id), messageUpdateChannel(id)]) publish(channel);
      return 0;
    });
    if (left === null) return 0;
    if (left === 0) return 1;
    await sleep(PAUSE_MS);
  }
}

/** Enqueues a clean-up at each multiple of the interval, if deletion by age is configured. Returns a function that stops it. */
export function followCleanUpSchedule(
  services: Services,
  { conversationsKeepDays, cleanUpIntervalHours }: Pick<Config, 'conversationsKeepDays' | 'cleanUpIntervalHours'>,
): () => Promise<void> {
  if (conversationsKeepDays === null) return async () => {};
  const intervalMs = cleanUpIntervalHours * 3_600_000;
  return followSchedule(services, {
    name: CONVERSATIONS_SCHEDULE,
    dueAt: (moment) => new Date(Math.floor(moment.getTime() / intervalMs) * intervalMs),
    job: { kind: 'CLEAN_UP_CONVERSATIONS', payload: { olderThanDays: conversationsKeepDays } },
  });
}
