import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingCall } from '#adapters/telephony/telephony.ts';
import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { jsonColumn, runTransaction, type Tx } from '#domain/core/transaction.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { deadlineAfter } from '#domain/sales/calls/deadlines.ts';
import { type CallError, endCall } from '#domain/sales/calls/ending/end-call.ts';
import { releaseClaim } from '#domain/sales/calls/ending/release-claim.ts';
import { lockCall } from '#domain/sales/calls/lock-call.ts';
import { lockCallPlaces, PLACES_AGAIN_MS, wakeNext } from '#domain/sales/campaigns/call-places.ts';
import { recordDialled } from '#domain/sales/dialled-numbers.ts';
import { type CallEvidence, evidenceOf } from '#domain/sales/eligibility/call-evidence.ts';
import { dailyMinutes, refusal } from '#domain/sales/eligibility/call-limits.ts';
import { lockCallMinutes, readCallMinutes } from '#domain/sales/eligibility/call-minutes.ts';
import type { CallRestriction } from '#domain/sales/eligibility/restriction.ts';
import { localTimeOf } from '#domain/sales/lead-zones.ts';
import type { Call, Lead } from '#generated/prisma/client.ts';
import { createCall, settleCreation } from './create-call.ts';
import { reserveCreationTime, reserveDialTime } from './dial-pace.ts';
import { eligibleToRing } from './eligible-to-ring.ts';
import { takePlace } from './take-place.ts';

/** How many milliseconds to back off after the provider has refused a call because there are too many. */
const BACK_OFF_MS = 5_000;
/** Generous, because a claim has to be taken back now or never. */
const UNCLAIM_LIMITS = { timeoutMs: 20_000, lockWaitMs: 10_000 };

/**
 * Dials a call that was placed: once, at its turn under the provider's rate limit, if its lead may still be called. From the claim on, the
 * provider is never asked for it again, whichever process dies: if the provider's answer is unknown, a later event of the call or the check
 * at its deadline tells. Throws Unavailable if the provider takes no more calls at the moment.
 */
export async function dialCall(deps: Deps, { callId }: { callId: string }, job: RunningJob): Promise<void> {
  const placed = await findWaiting(deps, callId);
  // Before the call waits for its dialling slot, so that calls without a place do not use up the rate limit.
  const needsPlace = placed.campaignId === null;
  if (needsPlace && !(await job.writeFenced((change) => waitForPlace(change, deps, callId), lockCallPlaces)))
    return job.sleep(placesAgainAt(deps));
  await waitForDialTime(deps, job.signal);
  const { lead, campaign } = await findWaiting(deps, callId);
  const { reasons } = await eligibleToRing(deps, lead, { campaign, exceptCallId: callId });
  const claimed = await job.writeFenced(
    (change) => claimCall(change, deps, callId, { reasons, evidence: evidenceOf(deps.sales, lead) }),
    async (tx) => {
      await lockCallMinutes(tx, lead.ownerId);
      if (needsPlace || reasons.length > 0) await lockCallPlaces(tx);
    },
  );
  if (claimed === 'waits') return job.sleep(placesAgainAt(deps));
  if (claimed === 'over') return;
  await waitForCreationTime(deps);
  if (!(await isClaimed(deps, callId))) return unclaimCall(deps, callId);
  const creation = await createCall(deps, claimed);
  if (creation.outcome === 'later') {
    await unclaimCall(deps, callId);
    throw new Unavailable('The provider takes no more calls at the moment.', BACK_OFF_MS);
  }
  await settleCreation(deps, callId, creation);
}

const placesAgainAt = (deps: Deps) => new Date(deps.now().getTime() + PLACES_AGAIN_MS);

/** Returns a call that is still to be dialled. Throws AttemptEnded. */
async function findWaiting({ database }: Deps, id: string) {
  const call = await database.prisma.call.findUnique({ where: { id }, include: { lead: true, campaign: true } });
  if (call?.status !== 'QUEUED') throw new AttemptEnded('targetGone');
  return call;
}

/** Whether a call without a campaign may take a place; otherwise it waits for its turn. */
async function waitForPlace(change: JobChange, deps: Deps, callId: string): Promise<boolean> {
  const call = await lockCall(change.tx, callId);
  return call?.status !== 'QUEUED' || takePlace(change, deps, call);
}

async function waitForDialTime(deps: Deps, signal: AbortSignal): Promise<void> {
  const waitMs = await reserveDialTime(deps);
  if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}

/** Not aborted by a stop or by an outage of the database: a call that was claimed but never requested would be a wasted attempt. */
async function waitForCreationTime(deps: Deps): Promise<void> {
  await sleep(await reserveCreationTime(deps).catch(() => 0));
}

/** Whether nobody has ended a call since it was claimed; assumed while the database is away. */
async function isClaimed({ database }: Deps, id: string): Promise<boolean> {
  const call = await database.prisma.call
    .findUnique({ where: { id }, select: { status: true } })
    .catch(() => undefined);
  return call === undefined || call?.status === 'DIALING';
}

/**
 * Claims a call for this attempt, counts the attempt, and stores the evidence that allowed it. Returns 'over' if somebody has ended or
 * claimed the call, or if its lead may not be called any more or has another number, which ends it; 'waits' if others have taken the places
 * meanwhile. The caller has locked the places if the call has none yet.
 */
async function claimCall(
  change: JobChange,
  deps: Deps,
  callId: string,
  judged: { reasons: readonly CallRestriction[]; evidence: CallEvidence },
): Promise<OutgoingCall | 'over' | 'waits'> {
  const { tx, changed, publish } = change;
  const call = await lockCall(tx, callId);
  if (call?.status !== 'QUEUED') return 'over';
  if (judged.reasons.length === 0 && !(await takePlace(change, deps, call))) return 'waits';
  const now = deps.now();
  const { leadId, ownerId, phone, attempt } = call;
  const reasons = judged.reasons.length > 0 ? judged.reasons : await judgeMinutes(tx, deps, ownerId, now);
  const lead = reasons.length === 0 ? await countAttempt(change, call, now) : null;
  if (!lead) {
    const error = describeReasons(reasons.length > 0 ? reasons : await findRefusal(tx, leadId));
    await endCall(change, deps, call, { status: 'CANCELLED', endedAt: now, error });
    return 'over';
  }
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
  changed({ ownerId, type: 'CALL', id: callId });
  changed({ ownerId, type: 'LEAD', id: leadId });
  publish(CALL_DEADLINES_CHANNEL);
  return { callId, phone, attempt, language: lead.language };
}

/**
 * Returns why an owner's minutes do not allow one more call: others were dialled since the call was judged. The caller has locked the
 * minutes.
 */
async function judgeMinutes(tx: Tx, deps: Deps, ownerId: string, now: Date): Promise<CallRestriction[]> {
  const minutes = await readCallMinutes(tx, deps, { ownerId, at: now, reserving: 'dialled' });
  return dailyMinutes(deps.sales, minutes, now.getTime());
}

/**
 * Counts an attempt to call a lead; null if the lead's number has changed, because only the judged number is dialled, or if it became
 * DO_NOT_CALL since it was judged.
 */
async function countAttempt({ tx }: JobChange, { leadId, phone }: Call, now: Date): Promise<Lead | null> {
  const data = { attempts: { increment: 1 }, lastAttemptAt: now };
  const where = { id: leadId, phone, status: { not: 'DO_NOT_CALL' } } as const;
  const [lead] = await tx.lead.updateManyAndReturn({ where, data });
  return lead ?? null;
}

const findRefusal = async (tx: Tx, leadId: string): Promise<CallRestriction[]> =>
  refusal({ isRefused: (await tx.lead.count({ where: { id: leadId, status: 'DO_NOT_CALL' } })) > 0 });

/** Explains why a queued call is not made. */
function describeReasons(reasons: readonly CallRestriction[]): CallError {
  const message =
    reasons.length === 0
      ? 'The lead has another number by now; call that.'
      : `The lead could not be called any more: ${reasons.map(({ code }) => code).join(', ')}.`;
  return { code: 'NOT_ELIGIBLE', message, retryable: reasons.every(({ until }) => until !== null) };
}

/**
 * Takes back the claim, and its place: the provider has refused the call, so this was no attempt. Not fenced by the job, which may have
 * been cancelled together with the call.
 */
async function unclaimCall(deps: Deps, callId: string): Promise<void> {
  await runTransaction(deps, UNCLAIM_LIMITS, async (change) => {
    await lockCallPlaces(change.tx);
    const call = await lockCall(change.tx, callId);
    if (!call) return;
    await releaseClaim(change, deps, call);
    if (call.campaignId === null) await wakeNext(change, deps);
  });
}
