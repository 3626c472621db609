import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from '#adapters/database/outages.ts';
import { auditRetention } from '#domain/accounts/audit/audit-retention.ts';
import { keyRetention } from '#domain/accounts/key-retention.ts';
import { changeRetention } from '#domain/changes/change-retention.ts';
import { CONVERSATIONS } from '#domain/conversations/import-conversation.ts';
import type { Services } from '#domain/core/deps.ts';
import { idempotencyKeyRetention } from '#domain/core/idempotency.ts';
import type { KeepDays, RetentionRule } from '#domain/core/retention.ts';
import { removeUnseen } from '#domain/core/sliced-import.ts';
import { UPLOADS, uploadRetention } from '#domain/core/stored-uploads.ts';
import { runTransaction } from '#domain/core/transaction.ts';
import { TRANSCRIPTS } from '#domain/episodes/transcripts/stored-transcripts.ts';
import { jobRetention } from '#domain/jobs/job-retention.ts';
import { wordRetention } from '#domain/search/word-retention.ts';
import { slowStatementRetention, statementCountRetention } from './performance/performance-retention.ts';

/** What may leave rows behind that nobody has seen, when its process is killed. */
const IMPORTS = [TRANSCRIPTS, CONVERSATIONS, UPLOADS];

const RULES = [
  idempotencyKeyRetention,
  jobRetention,
  uploadRetention,
  auditRetention,
  keyRetention,
  changeRetention,
  wordRetention,
  slowStatementRetention,
  statementCountRetention,
];

/** Of a slice, which waits for nobody for long: maintenance comes again. */
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 2_000 };

/** How long everybody else has the database for themselves between two slices. */
const PAUSE_MS = 100;

/**
 * Deletes what is past its time, slice by slice, each in a transaction of its own, and logs how much. Where another
 * process is at a rule, leaves that rule to it. Ends soon after an abort.
 */
export async function cleanUp(services: Services, keepDays: KeepDays, signal?: AbortSignal): Promise<void> {
  for (const rule of RULES) await applyRule(services, rule, keepDays, signal);
  for (const target of IMPORTS) {
    await removeUnseen(services.database, target).catch((error: unknown) =>
      services.log.warn({ err: error, rows: target.rows }, 'what was left of broken imports could not be deleted'),
    );
  }
}

async function applyRule(
  services: Services,
  rule: RetentionRule,
  keepDays: KeepDays,
  signal?: AbortSignal,
): Promise<void> {
  const { log } = services;
  let total = 0;
  try {
    for (let more = true; more && !signal?.aborted; ) {
      const slice = await deleteOneSlice(services, rule, keepDays);
      total += slice.deleted;
      more = slice.more;
      if (more) await sleep(PAUSE_MS, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => {});
    }
  } catch (error) {
    if (!isOutage(error)) log.warn({ err: error, rows: rule.rows }, 'what is past its time could not be deleted');
  }
  if (total > 0) log.info({ rows: rule.rows, deleted: total }, 'what was past its time was deleted');
}

function deleteOneSlice(services: Services, { rows, deleteSlice }: RetentionRule, keepDays: KeepDays) {
  return runTransaction(services, LIMITS, async (change) => {
    const [lock] = await change.tx.$queryRaw<{ acquired: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtext(${`parley:clean-up:${rows}`})) AS acquired`;
    return lock?.acquired ? deleteSlice(change, services.now(), keepDays) : { deleted: 0, more: false };
  });
}
