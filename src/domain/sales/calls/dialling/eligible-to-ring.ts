import type { Deps } from '#domain/core/deps.ts';
import { lastMomentOfRinging } from '#domain/sales/calls/deadlines.ts';
import { type CallEligibility, judgeCall } from '#domain/sales/eligibility/call-eligibility.ts';
import { type Asking, type CallFacts, readCallFacts } from '#domain/sales/eligibility/call-facts.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';

type Judging = Pick<Deps, 'threads' | 'actor' | 'sales' | 'calling'>;

/**
 * Judges whether a lead may be called now, and still while the phone rings: nothing is dialled that could ring outside the call window.
 * Throws Unavailable.
 */
export async function eligibleToRing(deps: Deps, lead: Lead, asking: Asking = {}): Promise<CallEligibility> {
  const now = deps.now();
  const [facts] = await readCallFacts(deps, [lead], now, asking);
  return judgeRinging(deps, lead, now, facts as CallFacts, asking.campaign ?? null);
}

/** The same by facts that were already read, for dialling at `now`. Throws Unavailable. */
export async function judgeRinging(
  deps: Judging,
  lead: Lead,
  now: Date,
  facts: CallFacts,
  campaign: Campaign | null,
): Promise<CallEligibility> {
  const present = await judgeCall(deps, lead, now, facts, campaign);
  return present.allowed ? judgeCall(deps, lead, lastMomentOfRinging(deps, now), facts, campaign) : present;
}
