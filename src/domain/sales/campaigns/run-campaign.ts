import type { Deps } from '#domain/core/deps.ts';
import { Conflict, NotSetUp } from '#domain/core/errors.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { MINUTES_AGAIN_MS } from '#domain/sales/eligibility/call-limits.ts';
import { readCallMinutes } from '#domain/sales/eligibility/call-minutes.ts';
import { campaignFinished } from '#domain/webhooks/events.ts';
import { addLeads } from './add-leads.ts';
import { beginCall, waitNoMore } from './begin-call.ts';
import { PLACES_AGAIN_MS } from './call-places.ts';
import { findDueLeads, judgeLeads, MAX_JUDGED_AT_ONCE, type Verdict, writeVerdicts } from './due-leads.ts';
import { judgeAgain } from './judge-again.ts';
import { COUNT_LEADS, type LeadCounts, progressOf } from './progress.ts';
import { touchCampaign } from './settle-campaign-lead.ts';
import { startOnTime } from './start-on-time.ts';

/**
 * Why a run begins no more calls for now. noneDue: no lead is due. full: the campaign has as many calls as it may. noMinutes: its owner's
 * calls may use up the day's minutes. waits: it waits for a place. stopped: it does not run any more. outOfTime: the run has taken
 * CALLING_MS.
 */
type Pause = 'noneDue' | 'full' | 'noMinutes' | 'waits' | 'stopped' | 'outOfTime';

/** Milliseconds after which a run makes room for other campaigns: at night, a large campaign has many leads to put off. */
const CALLING_MS = 1_000;

/**
 * Runs a campaign for a moment. First adds its leads, if they were too many to be added when it was created, and starts it if it is time.
 * Then begins as many calls as it may, and sleeps until it is started, the next lead is due, one of its calls ends, or it gets a place for
 * a call. Ends with the campaign, once every lead was reached, was tried as often as allowed, or is blocked. Throws AttemptEnded,
 * Unavailable, NotSetUp if the line makes no calls.
 */
export async function runCampaign(deps: Deps, { campaignId }: { campaignId: string }, job: RunningJob): Promise<void> {
  if (!(await addLeads(deps, campaignId, job))) {
    report(job, await countLeads(deps, campaignId), 'adding');
    return job.sleep(deps.now());
  }
  if (!(await judgeAgain(deps, campaignId, job))) return job.sleep(deps.now());
  const startsAt = await startOnTime(deps, campaignId, job);
  if (startsAt) {
    report(job, await countLeads(deps, campaignId), 'waiting');
    return job.sleep(startsAt);
  }
  const pause = await callDueLeads(deps, campaignId, job);
  if (pause !== 'waits' && pause !== 'outOfTime') await waitNoMore(deps, campaignId, job);
  const counts = await countLeads(deps, campaignId);
  if (pause === 'noneDue' && counts.pending + counts.inProgress === 0) {
    if (await complete(deps, campaignId, job)) return;
  }
  report(job, counts, pause === 'stopped' ? 'waiting' : 'calling');
  await job.sleep(await wakeAt(deps, campaignId, pause));
}

/** Returns when a campaign runs again unless it is woken before; null if it only runs again when woken. */
async function wakeAt(deps: Deps, campaignId: string, pause: Pause): Promise<Date | null> {
  if (pause === 'noneDue') return nextDueAt(deps, campaignId);
  if (pause === 'outOfTime') return deps.now();
  const againMs = { waits: PLACES_AGAIN_MS, noMinutes: MINUTES_AGAIN_MS, full: null, stopped: null }[pause];
  return againMs === null ? null : new Date(deps.now().getTime() + againMs);
}

/** Begins calls to due leads. Judges as many leads as there may be calls, and more if few may be called, as at night. */
async function callDueLeads(deps: Deps, campaignId: string, job: RunningJob): Promise<Pause> {
  const { prisma } = deps.database;
  const endsAt = performance.now() + CALLING_MS;
  for (let passedOver = 0; performance.now() < endsAt; ) {
    job.signal.throwIfAborted();
    const campaign = await prisma.campaign.findUnique({ where: { id: campaignId } });
    if (!campaign) throw new AttemptEnded('targetGone');
    if (campaign.status !== 'RUNNING') return 'stopped';
    if (campaign.lineRefusal !== null) throw new NotSetUp(campaign.lineRefusal);
    const inProgress = await prisma.campaignLead.count({ where: { campaignId, status: 'IN_PROGRESS' } });
    const mayBegin = campaign.maxConcurrentCalls - inProgress;
    if (mayBegin <= 0) return 'full';
    const room = await minutesRoom(deps, campaign.ownerId);
    if (room === 0) return 'noMinutes';
    const due = await findDueLeads(deps, campaign, Math.min(mayBegin + passedOver, MAX_JUDGED_AT_ONCE));
    if (due.length === 0) return 'noneDue';
    const { callable, verdicts } = await judgeLeads(deps, campaign, due);
    passedOver = verdicts.length * 2;
    if (verdicts.length > 0) await putOff(campaignId, verdicts, job);
    for (const lead of callable.slice(0, room)) {
      job.signal.throwIfAborted();
      const beginning = await beginCall(deps, campaignId, lead, job).catch((error: unknown) => {
        // Another call to the lead is being placed: the lead is judged again.
        if (error instanceof Conflict) return 'passed' as const;
        throw error;
      });
      if (beginning !== 'begun' && beginning !== 'passed') return beginning;
    }
  }
  return 'outOfTime';
}

/**
 * Returns how many more calls the owner's daily minutes allow besides those under way. If calls under way merely may use them up, leads
 * stay due and wait. If the minutes are used up for hours, there is room, so that each lead is judged and put off until then.
 */
async function minutesRoom(deps: Deps, ownerId: string): Promise<number> {
  const request = { ownerId, at: deps.now(), reserving: 'placed' } as const;
  const { usedUpUntil, room } = await readCallMinutes(deps.database.prisma, deps, request);
  return usedUpUntil ? MAX_JUDGED_AT_ONCE : room;
}

const putOff = (campaignId: string, verdicts: readonly Verdict[], job: RunningJob) =>
  job.writeFenced(async (change) => {
    await writeVerdicts(change, campaignId, verdicts);
    await touchCampaign(change, campaignId);
  });

async function countLeads({ database }: Deps, campaignId: string): Promise<LeadCounts> {
  const [counts] = await database.sql<LeadCounts>(COUNT_LEADS, [[campaignId]]);
  return counts as LeadCounts;
}

/** Returns when the next lead is due; null if none is pending. */
async function nextDueAt({ database }: Deps, campaignId: string): Promise<Date | null> {
  const { _min } = await database.prisma.campaignLead.aggregate({
    where: { campaignId, status: 'PENDING' },
    _min: { dueAt: true },
  });
  return _min.dueAt;
}

/** Completes a campaign together with its job, unless a lead was added or put back meanwhile. Returns whether it did. */
async function complete({ actor }: Deps, campaignId: string, job: RunningJob): Promise<boolean> {
  const isOver = await job.writeFenced(async (change) => {
    await lockRow(change.tx, 'campaigns', campaignId);
    return (await openLeads(change, campaignId)) === 0;
  });
  if (!isOver) return false;
  await job.finish(async (change) => {
    const { count } = await change.tx.campaign.updateMany({
      where: { id: campaignId, status: { in: ['RUNNING', 'PAUSED'] } },
      data: { status: 'COMPLETED', endedAt: change.now, waitingSince: null },
    });
    if (count > 0) await touchCampaign(change, campaignId);
    const [counts] = await change.tx.$queryRawUnsafe<LeadCounts[]>(COUNT_LEADS, [campaignId]);
    const { reached, notReached, blocked, meetingsBooked } = counts as LeadCounts;
    const result = { reached, notReached, blocked, meetingsBooked };
    if (count > 0) change.emit(campaignFinished({ id: campaignId, ownerId: actor.userId }, result));
    return result;
  });
  return true;
}

const openLeads = ({ tx }: JobChange, campaignId: string) =>
  tx.campaignLead.count({ where: { campaignId, status: { in: ['PENDING', 'IN_PROGRESS'] } } });

function report(job: RunningJob, counts: LeadCounts, stage: 'adding' | 'calling' | 'waiting'): void {
  const { percent, leads, reached, inProgress, pending } = progressOf({ status: 'RUNNING' }, counts);
  const message = `${reached} of ${leads} leads reached, ${inProgress} in a call, ${pending} to be called.`;
  job.reportProgress({ fraction: percent / 100, stage, message });
}
