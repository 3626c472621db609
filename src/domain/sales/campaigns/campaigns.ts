import { campaignChannel } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import { lockName, lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { type Write, writeAndLoad } from '#domain/core/write.ts';
import { lockJob } from '#domain/jobs/changes.ts';
import { cancelLockedJob } from '#domain/jobs/jobs.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import { followState } from '#domain/live/state-feed.ts';
import { agentLanguage, SPOKEN } from '#domain/sales/agent/languages/tags.ts';
import { cancelUnansweredCalls } from '#domain/sales/calls/ending/cancel-call.ts';
import type { Campaign, Job, Prisma } from '#generated/prisma/client.ts';
import type { CampaignStatus } from '#generated/prisma/enums.ts';
import { forgetChosenLeads } from './campaign-leads.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

export type CampaignToChange = WithIdempotencyKey & { campaignId: string };

/**
 * Starts a DRAFT campaign now, whenever it was to start by itself, so that its job begins to call leads. Safe to repeat with the same
 * idempotency key. Throws NotFound, Conflict (another status, or a language that the agent does not speak), IdempotencyConflict.
 */
export function startCampaign(deps: Deps, input: CampaignToChange): Promise<Campaign> {
  return changeCampaign(deps, 'campaign.start', input, ['DRAFT'], async (change, { id, language }, job) => {
    if (!agentLanguage(language))
      throw new Conflict(`Calls are made in ${SPOKEN}; make the campaign again in one of these.`, { language });
    return { status: 'RUNNING', startedAt: deps.now(), startsAt: null, ...(await runOn(change, deps, id, job)) };
  });
}

/**
 * Pauses a RUNNING campaign: answered calls go on, all others are cancelled. Safe to repeat with the same idempotency key. Throws NotFound,
 * Conflict (another status), IdempotencyConflict.
 */
export async function pauseCampaign(deps: Deps, input: CampaignToChange): Promise<Campaign> {
  const campaign = await changeCampaign(deps, 'campaign.pause', input, ['RUNNING'], async (change, _campaign, job) => {
    if (job) await wakeJob(change, deps, job.id);
    return { status: 'PAUSED', waitingSince: null };
  });
  await cancelUnansweredCalls(deps, campaign.id);
  return campaign;
}

/**
 * Resumes a PAUSED campaign. Safe to repeat with the same idempotency key. Throws NotFound, Conflict (another status), IdempotencyConflict.
 */
export function resumeCampaign(deps: Deps, input: CampaignToChange): Promise<Campaign> {
  return changeCampaign(deps, 'campaign.resume', input, ['PAUSED'], async (change, { id }, job) => ({
    status: 'RUNNING',
    lineRefusal: null,
    ...(await runOn(change, deps, id, job)),
  }));
}

/**
 * Ends a campaign for good: answered calls go on, all others are cancelled. Safe to repeat with the same idempotency key. Throws NotFound,
 * Conflict (it is over), IdempotencyConflict.
 */
export async function cancelCampaign(deps: Deps, input: CampaignToChange): Promise<Campaign> {
  const open = ['DRAFT', 'RUNNING', 'PAUSED'] as const;
  const campaign = await changeCampaign(deps, 'campaign.cancel', input, open, async (change, { id }, job) => {
    const now = deps.now();
    if (job && !hasEnded(job.status)) await cancelLockedJob(deps, { ...change, now }, job);
    await forgetChosenLeads(change.tx, id);
    return cancelledColumns(now);
  });
  await cancelUnansweredCalls(deps, campaign.id);
  return campaign;
}

/** The columns of a campaign that is cancelled. */
export const cancelledColumns = (now: Date) =>
  ({ status: 'CANCELLED', endedAt: now, waitingSince: null }) satisfies Prisma.CampaignUpdateInput;

/** Wakes the job of a campaign, or enqueues a new one if it has none that can continue; returns the resulting change of the campaign. */
export async function runOn(
  change: Write,
  deps: Deps,
  campaignId: string,
  job: Job | null,
): Promise<{ jobId?: string }> {
  if (!job || hasEnded(job.status)) return { jobId: await enqueueRun(change, campaignId) };
  await wakeJob(change, deps, job.id);
  return {};
}

/** Enqueues the job that adds the leads of a campaign and, once it is started, calls them; returns its id. */
export async function enqueueRun({ enqueue }: Pick<Write, 'enqueue'>, campaignId: string): Promise<string> {
  const subject = { type: 'Campaign', id: campaignId };
  const { id } = await enqueue({ kind: 'RUN_CAMPAIGN', subject, payload: { campaignId } });
  return id;
}

/** Changes the actor's campaign if it has one of the given statuses. The campaign and its job are locked. */
function changeCampaign(
  deps: Deps,
  action: string,
  { campaignId: id, idempotencyKey }: CampaignToChange,
  from: readonly CampaignStatus[],
  run: (change: Write, campaign: Campaign, job: Job | null) => Promise<Prisma.CampaignUncheckedUpdateInput>,
): Promise<Campaign> {
  return writeAndLoad(deps, {
    action,
    once: { key: idempotencyKey, input: { campaignId: id } },
    async run(change) {
      const { job, campaign } = await lockCampaign(change.tx, deps, id);
      if (!from.includes(campaign.status)) {
        const { status } = campaign;
        throw new Conflict(`This takes a campaign that is ${from.join(' or ')}; this one is ${status}.`, { status });
      }
      const data = await run(change, campaign, job);
      await change.tx.campaign.update({ where: { id }, data, select: { id: true } });
      await touchCampaign(change, id);
      change.about({ type: 'Campaign', id });
    },
    what: 'campaign',
    load: (_, tx) => findOwnCampaign(tx, deps, id),
  });
}

/**
 * Locks the actor's campaign after its job, and returns both. Only these changes give a campaign a job, so they are serialized: otherwise
 * one that waits would not see the job that the campaign got meanwhile. Throws NotFound.
 */
export async function lockCampaign(tx: Tx, deps: Deps, id: string): Promise<{ campaign: Campaign; job: Job | null }> {
  await lockName(tx, `parley:campaign:${id}`);
  const found = await findOwnCampaign(tx, deps, id);
  const job = found?.jobId ? await lockJob(tx, found.jobId) : null;
  await lockRow(tx, 'campaigns', id);
  const campaign = await findOwnCampaign(tx, deps, id);
  if (!campaign) throw new NotFound('campaign');
  return { campaign, job };
}

/** Returns the actor's campaign; null if it is missing, deleted or somebody else's. */
export function findOwnCampaign(db: Pick<Tx, 'campaign'>, { actor }: Deps, id: string): Promise<Campaign | null> {
  return db.campaign.findFirst({ where: { id, ownerId: actor.userId, deletedAt: null } });
}

/** Cancels the campaign of a cancelled job, unless it is over. */
export async function cancelCampaignOf(change: JobChange, campaignId: string): Promise<void> {
  const { tx, now } = change;
  const where = { id: campaignId, status: { in: ['DRAFT', 'RUNNING', 'PAUSED'] satisfies CampaignStatus[] } };
  const { count } = await tx.campaign.updateMany({ where, data: cancelledColumns(now) });
  if (count === 0) return;
  await forgetChosenLeads(tx, campaignId);
  await touchCampaign(change, campaignId);
}

/** The minimum interval between two states that a subscriber gets. */
const FEED_EVERY_MS = 1_000;

/**
 * Yields the campaign's current state, then its latest state after changes of it and of its leads, at most once a second. Ends when it is
 * over and no call is in progress. Throws NotFound if `read` finds none at first.
 */
export function followCampaign(
  { pubsub }: Services,
  id: string,
  read: () => Promise<{ campaign: Campaign; inProgress: number } | null>,
): AsyncGenerator<{ campaign: Campaign; inProgress: number }> {
  return followState(pubsub, {
    channels: [campaignChannel(id)],
    read,
    signature: ({ campaign }) => campaign.version,
    isLast: ({ campaign: { status }, inProgress }) =>
      (status === 'COMPLETED' || status === 'CANCELLED') && inProgress === 0,
    missing: () => new NotFound('campaign'),
    everyMs: FEED_EVERY_MS,
  });
}
