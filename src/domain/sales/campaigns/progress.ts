import type { Campaign } from '#generated/prisma/client.ts';

/** The progress of a campaign. The other counts, except for meetings, add up to `leads`. */
export type CampaignProgress = {
  leads: number;
  pending: number;
  inProgress: number;
  reached: number;
  meetingsBooked: number;
  notReached: number;
  blocked: number;
  cancelled: number;
  percent: number;
};

/** The leads of a campaign, counted by their status. */
export type LeadCounts = Omit<CampaignProgress, 'leads' | 'cancelled' | 'percent'>;

/**
 * Counts the leads of campaigns `$1`, including those still to be added, in the order of the campaigns. One snapshot, so that the counts
 * add up.
 */
export const COUNT_LEADS = /* sql */ `
SELECT (count(*) FILTER (WHERE l.status = 'PENDING')
    + coalesce((SELECT sum(size) FROM campaign_lead_slices s WHERE s.campaign_id = k.id), 0))::int AS pending,
  count(*) FILTER (WHERE l.status = 'IN_PROGRESS')::int AS "inProgress",
  count(*) FILTER (WHERE l.status = 'REACHED')::int AS reached, count(*) FILTER (WHERE l.status = 'NOT_REACHED')::int AS "notReached",
  count(*) FILTER (WHERE l.status = 'BLOCKED')::int AS blocked, count(*) FILTER (WHERE l.meeting_booked)::int AS "meetingsBooked"
FROM unnest($1::uuid[]) WITH ORDINALITY AS k(id, ordinal) LEFT JOIN campaign_leads l ON l.campaign_id = k.id
GROUP BY k.ordinal, k.id ORDER BY k.ordinal`;

/** Returns the progress of a campaign. The pending leads of a cancelled one count as cancelled. */
export function progressOf({ status }: Pick<Campaign, 'status'>, counts: LeadCounts): CampaignProgress {
  const { pending, inProgress, reached, notReached, blocked } = counts;
  const ended = reached + notReached + blocked;
  const leads = pending + inProgress + ended;
  const left = status === 'CANCELLED' ? { pending: 0, cancelled: pending } : { pending, cancelled: 0 };
  return { ...counts, leads, ...left, percent: leads === 0 ? 100 : ((ended + left.cancelled) / leads) * 100 };
}
