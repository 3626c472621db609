import type { Deps } from '#domain/core/deps.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import { judgeRinging } from '#domain/sales/calls/dialling/eligible-to-ring.ts';
import type { CallEligibility } from '#domain/sales/eligibility/call-eligibility.ts';
import { readCallFacts } from '#domain/sales/eligibility/call-facts.ts';
import type { RestrictionCode } from '#domain/sales/eligibility/restriction.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';
import type { CampaignLeadStatus } from '#generated/prisma/enums.ts';

/** A lead that is due to be called, and how often its campaign has tried it. */
export type DueLead = { lead: Lead; attempts: number };

/** The result for a due lead that may not be called: it is due again later, or never. */
export type Verdict = {
  leadId: string;
  attempts: number;
  status: CampaignLeadStatus;
  dueAt: Date | null;
  blockedReasons: string[];
};

/** How many leads are judged together at most: some milliseconds of the event loop in all. */
export const MAX_JUDGED_AT_ONCE = 100;
/** When to check again a lead that is in another call. */
const IN_CALL_MS = 5 * 60_000;

/** Returns up to `take` due leads of a campaign, those that have waited longest first. */
export async function findDueLeads({ database, now }: Deps, campaign: Campaign, take: number): Promise<DueLead[]> {
  // An index-only order: with a second sort key, or a join with the leads, all due leads would be sorted for each page.
  const due = await database.sql<{ leadId: string; attempts: number }>(
    `SELECT lead_id AS "leadId", attempts FROM campaign_leads
     WHERE campaign_id = $1::uuid AND status = 'PENDING' AND due_at <= $2::timestamptz ORDER BY due_at LIMIT $3::int`,
    [campaign.id, now(), take],
  );
  const found = await database.prisma.lead.findMany({ where: { id: { in: due.map(({ leadId }) => leadId) } } });
  const leads = new Map(found.map((lead) => [lead.id, lead]));
  return due.flatMap(({ leadId, attempts }) => {
    const lead = leads.get(leadId);
    return lead ? [{ lead, attempts }] : [];
  });
}

/**
 * Judges leads at this moment, by the local time of each: returns those that may be called and ring, and the results for the others. Throws
 * Unavailable.
 */
export async function judgeLeads(
  deps: Deps,
  campaign: Campaign,
  due: readonly DueLead[],
): Promise<{ callable: DueLead[]; verdicts: Verdict[] }> {
  const now = deps.now();
  const facts = await readCallFacts(
    deps,
    due.map(({ lead }) => lead),
    now,
    { campaign },
  );
  const callable: DueLead[] = [];
  const verdicts: Verdict[] = [];
  for (const [index, { lead, attempts }] of due.entries()) {
    const known = facts[index] as (typeof facts)[number];
    const eligibility = await judgeRinging(deps, lead, now, known, campaign);
    if (eligibility.allowed) callable.push({ lead, attempts });
    else verdicts.push(toVerdict(eligibility, { lead, attempts }, now));
    await nextTurn();
  }
  return { callable, verdicts };
}

function toVerdict({ reasons, nextAllowedAt }: CallEligibility, { lead, attempts }: DueLead, now: Date): Verdict {
  const codes = reasons.map(({ code }) => code);
  const base = { leadId: lead.id, attempts, blockedReasons: [] };
  if (nextAllowedAt) return { ...base, status: 'PENDING', dueAt: nextAllowedAt };
  const lasting = reasons.filter(({ until }) => until === null).map(({ code }) => code);
  const isPassing = lasting.every((code) => PASSES.has(code));
  if (lasting.length > 0 && isPassing)
    return { ...base, status: 'PENDING', dueAt: new Date(now.getTime() + IN_CALL_MS) };
  if (attempts > 0 && codes.includes('ATTEMPTS_USED_UP')) return { ...base, status: 'NOT_REACHED', dueAt: null };
  return { ...base, status: 'BLOCKED', dueAt: null, blockedReasons: lasting.length > 0 ? lasting : codes };
}

/** Reasons that pass at an unknown time. */
const PASSES = new Set<RestrictionCode>(['IN_CALL', 'CAMPAIGN_NOT_RUNNING']);

/** Writes the results for leads that may not be called now, except for those that have changed meanwhile. */
export async function writeVerdicts(
  { tx }: JobChange,
  campaignId: string,
  verdicts: readonly Verdict[],
): Promise<void> {
  if (verdicts.length > 0) await tx.$executeRawUnsafe(WRITE_VERDICTS, campaignId, JSON.stringify(verdicts));
}

const WRITE_VERDICTS = /* sql */ `
UPDATE campaign_leads l SET status = v.status, due_at = coalesce(v."dueAt", l.due_at),
  blocked_reasons = ARRAY(SELECT jsonb_array_elements_text(v."blockedReasons"))
FROM jsonb_to_recordset($2::jsonb) AS v("leadId" uuid, attempts int, status campaign_lead_status, "dueAt" timestamptz, "blockedReasons" jsonb)
WHERE l.campaign_id = $1::uuid AND l.lead_id = v."leadId" AND l.status = 'PENDING' AND l.attempts = v.attempts`;
