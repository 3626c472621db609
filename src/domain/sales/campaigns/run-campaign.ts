import type { Deps } from '#domain/core/deps.ts';
import { Conflict, NotSetUp } from '#domain/core/errors.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { MINUTES_AGAIN_MS } from '#domain/sales/eligibility/call-limits.ts';
import { readCallMinutes } from '#domain/sales/eligibility/call-minutes.ts';
import { addLeads } from './add-leads.ts';
import { beginCall, waitNoMore } from './begin-call.ts';
import { PLACES_AGAIN_MS } from './call-places.ts';
import { findDueLeads, judgeLeads, MAX_JUDGED_AT_ONCE, type Verdict, writeVerdicts } from './due-leads.ts';
import { COUNT_LEADS, type LeadCounts, progressOf } from './progress.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/** Why a run of a campaign has nothing more to do for now. */
type Pause = 'nobody is due' | 'full' | 'no minutes' | 'waits' | 'stopped' | 'goes on';

/** After so long the job makes room for other campaigns: milliseconds. At night a large one has many leads to put off. */
const CALLING_MS = 1_000;

/**
 * Runs a campaign for a moment: adds its leads, where they were too many to be there from the beginning, then begins as many calls as it
 * may, and sleeps until it is started, the next lead is due, a call of it ends, or a place for a call is its turn. Ends with the campaign, when every lead was reached, tried as often as it may be, or is blocked. Throws
 * AttemptEnded, Unavailable, NotSetUp where the line makes no calls.
 */
export async function runCampaign(deps: Deps, { campaignId }: { campaignId: string }, job: RunningJob): Promise<void> {
  if (!(await addLeads(deps, campaignId, job))) {
    report(job, await countLeads(deps, campaignId), 'adding');
    return job.sleep(deps.now());
  }
  const pause = await callDueLeads(deps, campaignId, job);
  if (pause !== 'waits' && pause !== 'goes on') await waitNoMore(deps, campaignId, job);
  const counts = await countLeads(deps, campaignId);
  if (pause === 'nobody is due' && counts.pending + counts.inProgress === 0) {
    if (await complete(campaignId, job)) return;
  }
  report(job, counts, pause === 'stopped' ? 'waiting' : 'calling');
  await job.sleep(await wakeAt(deps, campaignId, pause));
}

/** When a campaign goes on that nobody wakes before; null where somebody will. */
async function wakeAt(deps: Deps, campaignId: string, pause: Pause): Promise<Date | null> {
  if (pause === 'nobody is due') return nextDueAt(deps, campaignId);
  if (pause === 'goes on') return deps.now();
  const againMs = { waits: PLACES_AGAIN_MS, 'no minutes': MINUTES_AGAIN_MS, full: null, stopped: null }[pause];
  return againMs === null ? null : new Date(deps.now().getTime() + againMs);
}

/** Judges as many leads as calls may begin; more where few of them may be called, as at night. */
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
    if (room === 0) return 'no minutes';
    const due = await findDueLeads(deps, campaign, Math.min(mayBegin + passedOver, MAX_JUDGED_AT_ONCE));
    if (due.length === 0) return 'nobody is due';
    const { callable, verdicts } = await judgeLeads(deps, campaign, due);
    passedOver = verdicts.length * 2;
    if (verdicts.length > 0) await putOff(campaignId, verdicts, job);
    for (const lead of callable.slice(0, room)) {
      job.signal.throwIfAborted();
      const beginning = await beginCall(deps, campaignId, lead, job).catch((error: unknown) => {
        // Somebody calls the lead at this moment: it is judged again.
        if (error instanceof Conflict) return 'passed' as const;
        throw error;
      });
      if (beginning !== 'begun' && beginning !== 'passed') return beginning;
    }
  }
  return 'goes on';
}

/**
 * How many calls the owner's minutes allow beside those that are under way. Leads wait for it where they are; where the minutes are
 * used up for hours, each is put off until then.
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

/** When the next lead is due; null where none waits for its time. */
async function nextDueAt({ database }: Deps, campaignId: string): Promise<Date | null> {
  const { _min } = await database.prisma.campaignLead.aggregate({
    where: { campaignId, status: 'PENDING' },
    _min: { dueAt: true },
  });
  return _min.dueAt;
}

/** Completes a campaign with its job, unless something has changed meanwhile. Returns whether it did. */
async function complete(campaignId: string, job: RunningJob): Promise<boolean> {
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
    return { reached, notReached, blocked, meetingsBooked };
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
