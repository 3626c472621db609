import type { Deps } from '#domain/core/deps.ts';
import { hashPhones } from '#domain/sales/phones/hash-phone.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';
import { type CallMinutes, readCallMinutes } from './call-minutes.ts';

/** What the database knows about a lead, apart from its row, that decides whether it may be called. */
export type CallFacts = {
  isRefused: boolean;
  isInCall: boolean;
  /** When the lead last called. */
  calledInAt: Date | null;
  /** When the lead or its number, whichever lead had it, was dialled in the preceding 24 hours, latest first. */
  dialledAt: Date[];
  /** How often its number was dialled, as far as that is still recorded, and when last; deleted leads count too. */
  numberAttempts: number;
  numberDialledAt: Date | null;
  /** The attempts of the campaign that asks; null if none does. */
  campaignAttempts: number | null;
  /** The remaining minutes of its owner's calls. */
  minutes: CallMinutes;
};

/** The campaign that asks, and the call about to be dialled, if any, which must not block itself. */
export type Asking = { campaign?: Campaign | null | undefined; exceptCallId?: string | null | undefined };

const DAY_MS = 24 * 3_600_000;

/** Reads the facts of leads of one owner, in their order, with two statements for any number of leads. */
export async function readCallFacts(
  deps: Pick<Deps, 'database' | 'sales' | 'calling'>,
  leads: readonly Lead[],
  at: Date,
  { campaign, exceptCallId }: Asking,
): Promise<CallFacts[]> {
  const [ownerId] = leads.map((lead) => lead.ownerId);
  if (ownerId === undefined) return [];
  const hashes = await hashPhones(
    deps,
    ownerId,
    leads.map(({ phone }) => phone),
  );
  const reserving = exceptCallId ? 'dialled' : 'placed';
  const [rows, minutes] = await Promise.all([
    deps.database.sql<CallsOfLead>(CALLS_OF_LEADS, [
      leads.map(({ id }) => id),
      at,
      new Date(at.getTime() - DAY_MS),
      campaign?.id ?? null,
      exceptCallId ?? null,
      ownerId,
      hashes.map((hash) => Buffer.from(hash)),
    ]),
    readCallMinutes(deps.database.prisma, deps, { ownerId, at, reserving }),
  ]);
  return leads.map(({ status }, index) => {
    const { attempts, ...known } = rows[index] as CallsOfLead;
    const campaignAttempts = campaign ? (attempts ?? 0) - (exceptCallId ? 1 : 0) : null;
    // Usually the lead's status says so. The number is looked up all the same, because a call cannot be undone.
    const isRefused = status === 'DO_NOT_CALL' || known.isRefused;
    return { ...known, isRefused, campaignAttempts, minutes };
  });
}

type CallsOfLead = Omit<CallFacts, 'campaignAttempts' | 'minutes'> & { attempts: number | null };

const CALLS_OF_LEADS = /* sql */ `
SELECT calls.*, number.*,
  EXISTS (SELECT 1 FROM do_not_call WHERE owner_id = $6::uuid AND phone_hash = k.hash) AS "isRefused",
  (SELECT attempts FROM campaign_leads WHERE campaign_id = $4::uuid AND lead_id = k.id) AS attempts
FROM unnest($1::uuid[], $7::bytea[]) WITH ORDINALITY AS k(id, hash, ordinal)
CROSS JOIN LATERAL (
  SELECT coalesce(bool_or(c.status IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS')), false) AS "isInCall",
    max(c.started_at) FILTER (WHERE c.direction = 'INBOUND' AND c.started_at <= $2::timestamptz) AS "calledInAt"
  FROM calls c WHERE c.lead_id = k.id AND c.id IS DISTINCT FROM $5::uuid
) calls
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(at ORDER BY at DESC) FILTER (WHERE at > $3::timestamptz), '{}') AS "dialledAt",
    count(*) FILTER (WHERE "isOfNumber")::int AS "numberAttempts", max(at) FILTER (WHERE "isOfNumber") AS "numberDialledAt"
  FROM (
    SELECT max(dialled_at) AS at, bool_or("isOfNumber") AS "isOfNumber" FROM (
      SELECT call_id AS id, dialled_at, true AS "isOfNumber" FROM dialled_numbers
      WHERE owner_id = $6::uuid AND phone_hash = k.hash
      UNION ALL
      SELECT id, dialled_at, false FROM calls WHERE lead_id = k.id AND direction = 'OUTBOUND' AND dialled_at > $3::timestamptz
    ) c WHERE id IS DISTINCT FROM $5::uuid AND dialled_at <= $2::timestamptz GROUP BY id
  ) dialled
) number ORDER BY k.ordinal`;
