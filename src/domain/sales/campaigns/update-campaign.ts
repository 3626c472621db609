import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import type { Campaign } from '#generated/prisma/client.ts';
import { type CampaignFields, campaignColumns } from './campaign-columns.ts';
import { type CampaignToChange, findOwnCampaign, lockCampaign, runOn } from './campaigns.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/** A change of a campaign; omitted fields stay unchanged. */
export type CampaignUpdate = CampaignFields & CampaignToChange;

type Columns = ReturnType<typeof campaignColumns>;

/**
 * Changes the given fields: the name at any time, how calls are made until the campaign is over, what is said in them while nobody is being
 * called, when it starts before it has. Calls that are placed from now on, and leads that are called again, keep to it. Safe to repeat with
 * the same idempotency key. Throws BadUserInput, NotFound, Conflict with the `fields` that cannot be changed now, IdempotencyConflict.
 */
export function updateCampaign(deps: Deps, { idempotencyKey, ...input }: CampaignUpdate): Promise<Campaign> {
  const { campaignId: id, ...fields } = input;
  const columns = campaignColumns(deps, fields);
  return writeAndLoad(deps, {
    action: 'campaign.update',
    once: { key: idempotencyKey, input },
    async run(change) {
      const { tx, about } = change;
      const { job, campaign } = await lockCampaign(tx, deps, id);
      const data = pickChangedColumns(campaign, columns);
      if (Object.keys(data).length === 0) return;
      await assertChangeable(tx, campaign, data);
      const judgesAgain = WINDOW.some((name) => name in data) && campaign.status !== 'DRAFT';
      const windowChangedAt = judgesAgain ? deps.now() : campaign.windowChangedAt;
      const running = data.startsAt ? await runOn(change, deps, id, job) : {};
      await tx.campaign.update({ where: { id }, data: { ...data, ...running, windowChangedAt }, select: { id: true } });
      if (!data.startsAt && job && !hasEnded(job.status)) await wakeJob(change, deps, job.id);
      await touchCampaign(change, id);
      about({ type: 'Campaign', id }, { changed: Object.keys(data) });
    },
    what: 'campaign',
    load: (_, tx) => findOwnCampaign(tx, deps, id),
  });
}

const WINDOW = ['windowStart', 'windowEnd', 'windowDays', 'respectShabbat'] as const satisfies (keyof Columns)[];

/** What the agent says: it must not change in the middle of a call. */
const SAID = ['goal', 'language'] as const satisfies (keyof Columns)[];

/** Throws Conflict if the campaign's status does not allow the change. */
async function assertChangeable(tx: Tx, { id, status }: Campaign, { name: _, ...data }: Columns): Promise<void> {
  const fields = Object.keys(data);
  if (fields.length === 0) return;
  if (status === 'COMPLETED' || status === 'CANCELLED')
    throw new Conflict(`The campaign is ${status}: only its name can be changed.`, { status, fields });
  if (status === 'DRAFT') return;
  if ('startsAt' in data)
    throw new Conflict('The campaign has started: `pauseCampaign` and `resumeCampaign` say when it goes on.', {
      status,
      fields: ['startsAt'],
    });
  const said = SAID.filter((name) => name in data);
  if (said.length === 0) return;
  if (status === 'RUNNING')
    throw new Conflict(`Pause the campaign first: ${said.join(' and ')} cannot change while leads are called.`, {
      status,
      fields: said,
    });
  if (await isCalling(tx, id))
    throw new Conflict(`A call of the campaign is still in progress: ${said.join(' and ')} can change after it.`, {
      status,
      fields: said,
    });
}

/** Whether a call of the campaign is in progress. */
export async function isCalling(db: Pick<Tx, 'campaignLead'>, campaignId: string): Promise<boolean> {
  const calling = await db.campaignLead.findFirst({
    where: { campaignId, status: 'IN_PROGRESS' },
    select: { leadId: true },
  });
  return calling !== null;
}
