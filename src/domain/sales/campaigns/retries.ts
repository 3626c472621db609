import { Temporal } from 'temporal-polyfill';
import { CALL_BACK_WITHIN_MS } from '#domain/sales/agent/call-back-times.ts';
import type { AgentState } from '#domain/sales/agent/machine.ts';
import { startOfDay } from '#domain/sales/eligibility/clock.ts';
import { timeZoneOf } from '#domain/sales/lead-zones.ts';
import type { Call, Lead } from '#generated/prisma/client.ts';
import type { CampaignLeadStatus } from '#generated/prisma/enums.ts';

/** The result for a campaign's lead after a call: final, or another attempt at `dueAt` at the earliest. */
export type NextStep = { status: CampaignLeadStatus; dueAt: Date | null; attempts: number };

/** What a campaign needs to know of a call that has ended. */
export type EndedCall = Pick<Call, 'status' | 'outcome' | 'answeredBy' | 'dialledAt' | 'errorRetryable' | 'agentState'>;

/** The campaign's attempts and their limit; and the lead with the limit of its attempts by all campaigns. */
export type TriedLead = {
  attempts: number;
  maxAttempts: number;
  lead: Pick<Lead, 'phone' | 'timeZone' | 'attempts'>;
  maxLeadAttempts: number;
  now: Date;
};

const MINUTE_MS = 60_000;
const BUSY_MS = 15 * MINUTE_MS;
const NO_ANSWER_MS = 2 * 60 * MINUTE_MS;
/** A call that was not dialled after all is judged again, with a delay that prevents a tight loop. */
export const NOT_DIALLED_MS = MINUTE_MS;

/**
 * Returns the result for a lead after a call of its campaign. Only a person counts as reached, and one who asks for a call at another time
 * is called then, if attempts are left. After a busy line, the next attempt is in 15 minutes; after no answer or a machine, in 2 hours, and
 * from the second time on the next day; if the window is closed by then, when it opens. A wrong number, or one that cannot be called, is
 * not tried again. A call that was never dialled was no attempt, nor was one that was cancelled before anybody answered: of the latter the
 * phone may have rung, so the next one waits as long as after no answer.
 */
export function nextStep(call: EndedCall, { attempts, maxAttempts, lead, maxLeadAttempts, now }: TriedLead): NextStep {
  const at = (delayMs: number) => new Date(now.getTime() + delayMs);
  if (call.dialledAt === null)
    return { status: 'PENDING', dueAt: at(NOT_DIALLED_MS), attempts: Math.max(0, attempts - 1) };
  if (call.status === 'CANCELLED')
    return { status: 'PENDING', dueAt: at(NO_ANSWER_MS), attempts: Math.max(0, attempts - 1) };
  if (call.outcome === 'WRONG_NUMBER') return { status: 'NOT_REACHED', dueAt: null, attempts };
  const callBackAt = call.outcome === 'CALL_BACK' ? callBackTime(call, lead, now) : null;
  if (callBackAt && attempts < maxAttempts && lead.attempts < maxLeadAttempts)
    return { status: 'PENDING', dueAt: callBackAt, attempts };
  if (call.answeredBy === 'PERSON') return { status: 'REACHED', dueAt: null, attempts };
  const isHopeless = call.status === 'FAILED' && call.errorRetryable === false;
  if (isHopeless || attempts >= maxAttempts) return { status: 'NOT_REACHED', dueAt: null, attempts };
  if (call.status === 'BUSY') return { status: 'PENDING', dueAt: at(BUSY_MS), attempts };
  return { status: 'PENDING', dueAt: attempts < 2 ? at(NO_ANSWER_MS) : tomorrowOf(lead, now), attempts };
}

/** Returns when a lead asked to be called back, or the beginning of the day they named, in their local time; null if they named none. */
function callBackTime({ agentState }: EndedCall, lead: Pick<Lead, 'phone' | 'timeZone'>, now: Date): Date | null {
  const next = (agentState as AgentState | null)?.nextStep;
  const named = next?.key === 'nextCallBack' ? next.times[0] : undefined;
  if (named === undefined) return null;
  const at = named.includes('T')
    ? Date.parse(named)
    : startOfDay(Temporal.PlainDate.from(named), timeZoneOf(lead, now));
  if (at > now.getTime() + CALL_BACK_WITHIN_MS) return null;
  return new Date(Math.max(at, now.getTime() + NOT_DIALLED_MS));
}

/** Returns when the next day begins in a lead's local time. */
function tomorrowOf(lead: Pick<Lead, 'phone' | 'timeZone'>, now: Date): Date {
  const zone = timeZoneOf(lead, now);
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  return new Date(startOfDay(today.add({ days: 1 }), zone));
}
