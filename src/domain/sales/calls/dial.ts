import { setTimeout as sleep } from 'node:timers/promises';
import { CallRefused, type OutgoingCall, TooManyCalls } from '#adapters/telephony/telephony.ts';
import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { jsonColumn, type Tx } from '#domain/core/transaction.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { forgetDialled, recordDialled } from '#domain/sales/dialled-numbers.ts';
import { callEligibility } from '#domain/sales/eligibility/call-eligibility.ts';
import { type CallEvidence, evidenceOf } from '#domain/sales/eligibility/call-evidence.ts';
import { dailyMinutes } from '#domain/sales/eligibility/call-limits.ts';
import { lockCallMinutes, readCallMinutes } from '#domain/sales/eligibility/call-minutes.ts';
import type { CallRestriction } from '#domain/sales/eligibility/restriction.ts';
import { localTimeOf } from '#domain/sales/lead-zones.ts';
import { isActive } from './call-states.ts';
import { deadlineAfter } from './deadlines.ts';
import { type CallError, endCall } from './end-call.ts';
import { describeLineError } from './line-errors.ts';
import { lockCall } from './lock-call.ts';
import { reserveDialTime } from './pace.ts';

/** How long the provider is left alone after it has refused a call because of too many: milliseconds. */
const BACK_OFF_MS = 5_000;

/** What came of asking for a call. */
type Creation =
  | { outcome: 'created'; providerCallId: string }
  | { outcome: 'refused'; error: CallRefused }
  | { outcome: 'later' }
  | { outcome: 'unknown' };

/**
 * Dials a call that was placed: at its time by the provider's limit, where its lead may still be called, and once. From the
 * moment at which it is claimed the provider is never asked again, whoever dies: where its answer is not known, an event of the
 * call or the question at its deadline tells. Throws Unavailable where the provider takes no more calls at the moment.
 */
export async function dialCall(deps: Deps, { callId }: { callId: string }, job: RunningJob): Promise<void> {
  const waiting = await findWaiting(deps, callId);
  if (!waiting) throw new AttemptEnded('targetGone');
  await waitForDialTime(deps, job.signal);
  const { lead, campaign } = waiting;
  const { reasons } = await callEligibility(deps, lead, deps.now(), { campaign, exceptCallId: callId });
  const claimed = await job.writeFenced(
    (change) => claimCall(change, deps, callId, { reasons, evidence: evidenceOf(deps.sales, lead) }),
    (tx) => lockCallMinutes(tx, lead.ownerId),
  );
  if (!claimed) return;
  const creation = await createCall(deps, claimed);
  if (creation.outcome === 'later') {
    await job.writeFenced((change) => unclaimCall(change, deps, callId));
    throw new Unavailable('The provider takes no more calls at the moment.', BACK_OFF_MS);
  }
  const isWanted = await job.writeFenced((change) => settleCreation(change, deps, callId, creation));
  if (!isWanted && creation.outcome === 'created') await deps.telephony.hangUp(creation.providerCallId);
}

async function findWaiting({ database }: Deps, id: string) {
  const call = await database.prisma.call.findUnique({ where: { id }, include: { lead: true, campaign: true } });
  return call?.status === 'QUEUED' ? call : null;
}

async function waitForDialTime(deps: Deps, signal: AbortSignal): Promise<void> {
  const waitMs = await reserveDialTime(deps);
  if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}

/**
 * Claims a call for this dialling, counts the attempt, and keeps what allowed it. Returns null where it is not to be made: somebody has ended or claimed
 * it, or its lead may not be called any more, which ends it.
 */
async function claimCall(
  change: JobChange,
  deps: Deps,
  callId: string,
  judged: { reasons: readonly CallRestriction[]; evidence: CallEvidence },
): Promise<OutgoingCall | null> {
  const { tx, changed, publish } = change;
  const call = await lockCall(tx, callId);
  if (call?.status !== 'QUEUED') return null;
  const now = deps.now();
  const reasons = judged.reasons.length > 0 ? judged.reasons : await judgeMinutes(tx, deps, call.ownerId, now);
  if (reasons.length > 0) {
    const message = `The lead could not be called any more: ${reasons.map(({ code }) => code).join(', ')}.`;
    const error: CallError = { code: 'NOT_ELIGIBLE', message, retryable: reasons.every(({ until }) => until !== null) };
    await endCall(change, deps, call, { status: 'CANCELLED', endedAt: now, error });
    return null;
  }
  const lead = await tx.lead.update({
    where: { id: call.leadId },
    data: { attempts: { increment: 1 }, lastAttemptAt: now },
  });
  await recordDialled(tx, deps, call, now);
  await tx.call.update({
    where: { id: callId },
    data: {
      status: 'DIALING',
      dialledAt: now,
      dialledLocal: localTimeOf(lead, now),
      evidence: jsonColumn(judged.evidence),
      deadlineAt: deadlineAfter(deps, 'DIALING', now),
    },
    select: { id: true },
  });
  changed({ ownerId: call.ownerId, type: 'CALL', id: callId });
  changed({ ownerId: call.ownerId, type: 'LEAD', id: lead.id });
  publish(CALL_DEADLINES_CHANNEL);
  return { callId, phone: call.phone, attempt: call.attempt, language: lead.language };
}

/** Returns why an owner's minutes, which are locked, do not allow one more call: others were dialled since it was judged. */
async function judgeMinutes(tx: Tx, deps: Deps, ownerId: string, now: Date): Promise<CallRestriction[]> {
  const minutes = await readCallMinutes(tx, deps, { ownerId, at: now, reserving: 'dialled' });
  return dailyMinutes(deps.sales, minutes, now.getTime());
}

async function createCall({ telephony, log }: Deps, call: OutgoingCall): Promise<Creation> {
  try {
    return { outcome: 'created', providerCallId: await telephony.createCall(call) };
  } catch (error) {
    if (error instanceof TooManyCalls) return { outcome: 'later' };
    if (error instanceof CallRefused) return { outcome: 'refused', error };
    log.warn(
      { err: error, callId: call.callId },
      'nobody knows whether a call was created; its events or its deadline tell',
    );
    return { outcome: 'unknown' };
  }
}

/** Takes the claim back: the provider has said that it makes no call, so this was no attempt. */
async function unclaimCall({ tx, changed }: JobChange, deps: Deps, callId: string): Promise<void> {
  const call = await lockCall(tx, callId);
  if (call?.status !== 'DIALING' || call.providerCallId !== null) return;
  const waiting = {
    status: 'QUEUED',
    dialledAt: null,
    dialledLocal: null,
    evidence: jsonColumn(null),
    deadlineAt: deadlineAfter(deps, 'QUEUED', deps.now()),
  } as const;
  await tx.call.update({ where: { id: callId }, data: waiting, select: { id: true } });
  await forgetDialled(tx, callId);
  await tx.lead.update({ where: { id: call.leadId }, data: { attempts: { decrement: 1 } }, select: { id: true } });
  changed({ ownerId: call.ownerId, type: 'CALL', id: callId });
  changed({ ownerId: call.ownerId, type: 'LEAD', id: call.leadId });
}

/** Stores what the provider has answered. Returns whether the call is still wanted: it may have been ended or deleted meanwhile. */
async function settleCreation(
  change: JobChange,
  deps: Deps,
  callId: string,
  creation: Exclude<Creation, { outcome: 'later' }>,
): Promise<boolean> {
  const call = await lockCall(change.tx, callId);
  if (!call) return false;
  if (creation.outcome === 'refused') {
    const error = { ...describeLineError(creation.error), retryable: false };
    await endCall(change, deps, call, { status: 'FAILED', endedAt: deps.now(), error });
  } else if (creation.outcome === 'created' && call.providerCallId === null) {
    const { providerCallId } = creation;
    await change.tx.call.update({ where: { id: callId }, data: { providerCallId }, select: { id: true } });
    change.changed({ ownerId: call.ownerId, type: 'CALL', id: callId });
  }
  return isActive(call.status);
}
