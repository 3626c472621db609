import type { SalesRules } from '#config/sales.ts';
import { agentLanguage, SPOKEN } from '#domain/sales/agent/languages/tags.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';
import type { CallFacts } from './call-facts.ts';
import type { CallMinutes } from './call-minutes.ts';
import type { CallRestriction } from './restriction.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Returns the reasons against a call that time alone does not remove. */
export function lastingLimits(
  sales: SalesRules,
  lead: Lead,
  facts: CallFacts,
  campaign: Campaign | null,
): CallRestriction[] {
  return [
    ...refusal(facts),
    ...notSpoken(lead, campaign),
    ...usedUp(lead, facts, sales.maxAttempts),
    ...usedUpByCampaign(facts, campaign),
    ...inCall(facts),
    ...notRunning(campaign),
  ];
}

/** Returns the reasons against a call that expire at a known time. */
export function passingLimits(sales: SalesRules, lead: Lead, facts: CallFacts, moment: number): CallRestriction[] {
  return [
    ...tooSoon(sales, lead, facts, moment),
    ...dailyCalls(sales, facts, moment),
    ...dailyMinutes(sales, facts.minutes, moment),
  ];
}

/** Whether a number asked not to be called. */
export function refusal({ isRefused }: Pick<CallFacts, 'isRefused'>): CallRestriction[] {
  return isRefused ? [{ code: 'DO_NOT_CALL', message: 'This number asked not to be called.', until: null }] : [];
}

/** Whether the local time of a lead is unknown. */
export function unknownZone(zones: readonly string[]): CallRestriction[] {
  const message = 'Nobody knows where this number is; give the `timeZone` of the lead.';
  return zones.length === 0 ? [{ code: 'UNKNOWN_TIME_ZONE', message, until: null }] : [];
}

/** A campaign in a spoken language overrides a lead's language that the agent does not speak. */
function notSpoken({ language }: Lead, campaign: Campaign | null): CallRestriction[] {
  if (agentLanguage(language) ?? agentLanguage(campaign?.language)) return [];
  const message = `The agent speaks ${SPOKEN}, and not ${language}; a campaign in one of these calls the lead in it.`;
  return [{ code: 'LANGUAGE_NOT_SPOKEN', message, until: null }];
}

function usedUp(lead: Lead, { numberAttempts }: CallFacts, maxAttempts: number): CallRestriction[] {
  const attempts = Math.max(lead.attempts, numberAttempts);
  const message = `The lead was tried ${attempts} times, and ${maxAttempts} are allowed.`;
  return attempts >= maxAttempts ? [{ code: 'ATTEMPTS_USED_UP', message, until: null }] : [];
}

function usedUpByCampaign({ campaignAttempts }: CallFacts, campaign: Campaign | null): CallRestriction[] {
  if (!campaign || (campaignAttempts ?? 0) < campaign.maxAttempts) return [];
  const message = `The campaign has tried the lead ${campaignAttempts} times, and ${campaign.maxAttempts} are allowed.`;
  return [{ code: 'ATTEMPTS_USED_UP', message, until: null }];
}

/** A campaign that has tried the lead before schedules its own retries, but does not know that the lead has called since. */
function tooSoon(
  { retryHours }: SalesRules,
  { lastAttemptAt }: Lead,
  { campaignAttempts, numberDialledAt, calledInAt }: CallFacts,
  moment: number,
): CallRestriction[] {
  const lastAt = Math.max(lastAttemptAt?.getTime() ?? 0, numberDialledAt?.getTime() ?? 0);
  const pauseMs = retryHours * HOUR_MS;
  const triedUntil = campaignAttempts ? 0 : lastAt + pauseMs;
  const spokenUntil = calledInAt ? calledInAt.getTime() + pauseMs : 0;
  const until = new Date(Math.max(triedUntil, spokenUntil));
  const message =
    spokenUntil > triedUntil
      ? 'They have called themselves a short time ago.'
      : 'The last attempt was too short a time ago.';
  return until.getTime() > moment ? [{ code: 'TOO_SOON', message, until }] : [];
}

function dailyCalls({ maxDailyCallsPerNumber: max }: SalesRules, { dialledAt }: CallFacts, moment: number) {
  const oldest = dialledAt[max - 1];
  if (!oldest || oldest.getTime() + DAY_MS <= moment) return [];
  const message = `The number was called ${max} times in 24 hours, as often as it may be.`;
  return [{ code: 'DAILY_CALLS_USED_UP', message, until: new Date(oldest.getTime() + DAY_MS) } as const];
}

/** Whether an owner's daily minutes are used up, or could be by the calls in progress. */
export function dailyMinutes(
  { maxDailyCallMinutes: max }: SalesRules,
  { usedUpUntil, room }: CallMinutes,
  moment: number,
): CallRestriction[] {
  if (usedUpUntil && usedUpUntil.getTime() > moment) {
    const message = `Your calls have lasted ${max} minutes in 24 hours, as long as they may.`;
    return [{ code: 'DAILY_MINUTES_USED_UP', message, until: usedUpUntil }];
  }
  if (room > 0) return [];
  const message = `Your calls that are under way could use up the ${max} minutes of 24 hours; each that ends sooner frees some.`;
  return [{ code: 'DAILY_MINUTES_USED_UP', message, until: new Date(moment + MINUTES_AGAIN_MS) }];
}

/** How often to check again for minutes that calls in progress may use up. */
export const MINUTES_AGAIN_MS = 60_000;

/** Whether the operator allows calls to a number: by its country, which is not its calling code, and by its type. */
export function notAllowed(
  { callCountries, callNumberTypes }: SalesRules,
  country: string | null,
  type: string | null,
): CallRestriction[] {
  const reasons: CallRestriction[] = [];
  if (country === null || !callCountries.includes(country)) {
    const message = `Numbers of ${country ?? 'no country'} are not called: the operator lists countries in CALL_COUNTRIES.`;
    reasons.push({ code: 'COUNTRY_NOT_ALLOWED', message, until: null });
  }
  if (!callNumberTypes.includes(type ?? 'UNKNOWN')) {
    reasons.push({ code: 'NUMBER_TYPE_NOT_ALLOWED', message: describeType(type), until: null });
  }
  return reasons;
}

function describeType(type: string | null): string {
  if (type === null)
    return 'The number is in no range that its country is known to have given out: check it. The operator allows such numbers by UNKNOWN in CALL_NUMBER_TYPES.';
  return `Numbers of the kind ${type} are not called: the operator lists kinds in CALL_NUMBER_TYPES.`;
}

function inCall({ isInCall }: CallFacts): CallRestriction[] {
  return isInCall ? [{ code: 'IN_CALL', message: 'The lead is in a call, or waits for one.', until: null }] : [];
}

function notRunning(campaign: Campaign | null): CallRestriction[] {
  if (!campaign || campaign.status === 'RUNNING') return [];
  const message = `The campaign is ${campaign.status}; only one that is RUNNING calls.`;
  return [{ code: 'CAMPAIGN_NOT_RUNNING', message, until: null }];
}
