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
import { IN_BACKGROUND, runTransaction } from '#domain/core/transaction.ts';
import { TRANSCRIPTS } from '#domain/episodes/transcripts/stored-transcripts.ts';
import { CLEAN_UP_SCHEDULE } from '#domain/health/clean-up-check.ts';
import { jobRetention } from '#domain/jobs/job-retention.ts';
import { deletedCampaignRetention } from '#domain/sales/campaigns/delete-campaign.ts';
import { dialledNumberRetention } from '#domain/sales/dialled-numbers.ts';
import { wordRetention } from '#domain/search/word-retention.ts';
import { deliveryRetention } from '#domain/webhooks/delivery-retention.ts';
import { slowStatementRetention, statementCountRetention } from './performance/performance-retention.ts';
import { noteFailure, noteSuccess } from './schedule.ts';
import { exportRetention } from './user-export/served-exports.ts';

/** Imports, which may leave rows behind that were never visible if their process is killed. */
const IMPORTS = [TRANSCRIPTS, CONVERSATIONS, UPLOADS];

const RULES = [
  idempotencyKeyRetention,
  jobRetention,
  uploadRetention,
  exportRetention,
  auditRetention,
  keyRetention,
  changeRetention,
  wordRetention,
  dialledNumberRetention,
  deliveryRetention,
  deletedCampaignRetention,
  slowStatementRetention,
  statementCountRetention,
];

/** The pause between two slices, during which the database is free for everybody else. */
const PAUSE_MS = 100;

/**
 * Deletes expired rows, slice by slice, each in its own transaction, and logs how many. Skips a rule that another process is working on.
 * Ends soon after an abort.
 */
export async function cleanUp(services: Services, keepDays: KeepDays, signal?: AbortSignal): Promise<void> {
  const ends: End[] = [];
  for (const rule of RULES) ends.push(await applyRule(services, rule, keepDays, signal));
  for (const target of IMPORTS) {
    await removeUnseen(services.database, target).catch((error: unknown) => {
      ends.push('failed');
      services.log.warn({ err: error, rows: target.rows }, 'what was left of broken imports could not be deleted');
    });
  }
  await noteEnd(services, ends);
}

/** How a rule ended in this process; `left` to another process, or for the next time. */
type End = 'done' | 'failed' | 'left';

/** Records for health that everything expired is gone, or that something could not be deleted. */
async function noteEnd({ database, now, log }: Services, ends: readonly End[]): Promise<void> {
  if (ends.includes('left')) return;
  const note = ends.includes('failed') ? noteFailure : noteSuccess;
  await note(database.prisma, CLEAN_UP_SCHEDULE, now()).catch((error: unknown) => {
    if (!isOutage(error)) log.warn({ err: error }, 'it could not be noted how the clean-up ended');
  });
}

async function applyRule(
  services: Services,
  rule: RetentionRule,
  keepDays: KeepDays,
  signal?: AbortSignal,
): Promise<End> {
  const { log } = services;
  let total = 0;
  let end: End = 'left';
  try {
    for (let more = true; more && !signal?.aborted; ) {
      const slice = await deleteOneSlice(services, rule, keepDays);
      if (!slice) break;
      total += slice.deleted;
      more = slice.more;
      if (!more) end = 'done';
      if (more) await sleep(PAUSE_MS, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => {});
    }
  } catch (error) {
    end = 'failed';
    if (!isOutage(error)) log.warn({ err: error, rows: rule.rows }, 'what is past its time could not be deleted');
  }
  if (total > 0) log.info({ rows: rule.rows, deleted: total }, 'what was past its time was deleted');
  return end;
}

/** Returns null if another process is working on the rule. */
function deleteOneSlice(services: Services, { rows, deleteSlice }: RetentionRule, keepDays: KeepDays) {
  return runTransaction(services, IN_BACKGROUND, async (change) => {
    const [lock] = await change.tx.$queryRaw<{ acquired: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtext(${`parley:clean-up:${rows}`})) AS acquired`;
    return lock?.acquired ? deleteSlice(change, services.now(), keepDays) : null;
  });
}
