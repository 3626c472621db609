import type { Deps } from '#domain/core/deps.ts';
import { findDoNotCall } from '#domain/sales/do-not-call.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';

/** What the database knows of a lead, beside its row, that decides whether it may be called. */
export type CallFacts = {
  isRefused: boolean;
  isInCall: boolean;
  /** When its number was dialled in the 24 hours before, the latest first. */
  dialledAt: Date[];
  /** Attempts of the campaign that asks; null where none does. */
  campaignAttempts: number | null;
  /** Until when its owner's calls have lasted as long as they may; null where they have not. */
  minutesUsedUpUntil: Date | null;
};

/** Which campaign asks, and which call is about to be dialled, if one is: that one does not stand in its own way. */
export type Asking = { campaign?: Campaign | null | undefined; exceptCallId?: string | null | undefined };

const DAY_MS = 24 * 3_600_000;

/** Reads the facts of leads of one owner, in their order, by three statements however many leads there are. */
export async function readCallFacts(
  deps: Pick<Deps, 'database' | 'sales'>,
  leads: readonly Lead[],
  at: Date,
  { campaign, exceptCallId }: Asking,
): Promise<CallFacts[]> {
  const [ownerId] = leads.map((lead) => lead.ownerId);
  if (ownerId === undefined) return [];
  const phones = leads.map(({ phone }) => phone);
  const [refused, rows, minutesUsedUpUntil] = await Promise.all([
    findDoNotCall(deps.database.prisma, deps, ownerId, phones),
    deps.database.sql<CallsOfLead>(CALLS_OF_LEADS, [
      leads.map(({ id }) => id),
      at,
      new Date(at.getTime() - DAY_MS),
      campaign?.id ?? null,
      exceptCallId ?? null,
    ]),
    readUsedUp(deps, ownerId, at),
  ]);
  return leads.map(({ phone, status }, index) => {
    const { isInCall, dialledAt, attempts } = rows[index] as CallsOfLead;
    const campaignAttempts = campaign ? (attempts ?? 0) - (exceptCallId ? 1 : 0) : null;
    // A lead's status says it; the number's refusal is looked up all the same, as a call cannot be taken back.
    const isRefused = status === 'DO_NOT_CALL' || refused.has(phone);
    return { isRefused, isInCall, dialledAt, campaignAttempts, minutesUsedUpUntil };
  });
}

type CallsOfLead = { isInCall: boolean; dialledAt: Date[]; attempts: number | null };

const CALLS_OF_LEADS = /* sql */ `
SELECT calls.*, (SELECT attempts FROM campaign_leads WHERE campaign_id = $4::uuid AND lead_id = k.id) AS attempts
FROM unnest($1::uuid[]) WITH ORDINALITY AS k(id, ordinal)
CROSS JOIN LATERAL (
  SELECT coalesce(bool_or(c.status IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS')), false) AS "isInCall",
    coalesce(array_agg(c.dialled_at ORDER BY c.dialled_at DESC)
      FILTER (WHERE c.direction = 'OUTBOUND' AND c.dialled_at > $3::timestamptz AND c.dialled_at <= $2::timestamptz), '{}') AS "dialledAt"
  FROM calls c WHERE c.lead_id = k.id AND c.id IS DISTINCT FROM $5::uuid
) calls ORDER BY k.ordinal`;

/** Returns when the calls that an owner began in the 24 hours before are few enough again; null where they are. */
async function readUsedUp({ database, sales }: Pick<Deps, 'database' | 'sales'>, ownerId: string, at: Date) {
  const [row] = await database.sql<{ startedAt: Date | null }>(USED_UP, [
    ownerId,
    at,
    new Date(at.getTime() - DAY_MS),
    sales.maxDailyCallMinutes * 60,
  ]);
  return row?.startedAt ? new Date(row.startedAt.getTime() + DAY_MS) : null;
}

const USED_UP = /* sql */ `
SELECT max(started_at) AS "startedAt" FROM (
  SELECT started_at, sum(extract(epoch FROM least(coalesce(ended_at, $2::timestamptz), $2::timestamptz) - started_at))
    OVER (ORDER BY started_at DESC, id) AS seconds
  FROM calls WHERE owner_id = $1::uuid AND queued_at > $3::timestamptz - interval '1 day'
    AND started_at > $3::timestamptz AND started_at <= $2::timestamptz
) c WHERE seconds >= $4`;
