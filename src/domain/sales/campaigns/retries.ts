import { Temporal } from 'temporal-polyfill';
import { startOfDay } from '#domain/sales/eligibility/clock.ts';
import { timeZoneOf } from '#domain/sales/lead-zones.ts';
import type { Call, Lead } from '#generated/prisma/client.ts';
import type { CampaignLeadStatus } from '#generated/prisma/enums.ts';

/** What becomes of a campaign's lead after a call: an end, or another try, at `dueAt` at the earliest. */
export type NextStep = { status: CampaignLeadStatus; dueAt: Date | null; attempts: number };

/** A call that has ended, as far as its campaign asks. */
export type EndedCall = Pick<Call, 'status' | 'outcome' | 'answeredBy' | 'dialledAt' | 'errorRetryable'>;

const MINUTE_MS = 60_000;
const BUSY_MS = 15 * MINUTE_MS;
const NO_ANSWER_MS = 2 * 60 * MINUTE_MS;
/** What was not dialled after all is judged again, but not in a circle. */
const NOT_DIALLED_MS = MINUTE_MS;

/**
 * Returns what becomes of a lead after a call of its campaign. Only a person is reached. After a busy line it is called again in 15
 * minutes, after no answer or a machine in 2 hours, and from the second time on the next day; where the window is closed by then,
 * when it opens. A wrong number, and one that cannot be called, is not tried again. A call that was never dialled was no attempt.
 */
export function nextStep(
  call: EndedCall,
  {
    attempts,
    maxAttempts,
    lead,
    now,
  }: { attempts: number; maxAttempts: number; lead: Pick<Lead, 'phone' | 'timeZone'>; now: Date },
): NextStep {
  const at = (delayMs: number) => new Date(now.getTime() + delayMs);
  if (call.dialledAt === null)
    return { status: 'PENDING', dueAt: at(NOT_DIALLED_MS), attempts: Math.max(0, attempts - 1) };
  if (call.outcome === 'WRONG_NUMBER') return { status: 'NOT_REACHED', dueAt: null, attempts };
  if (call.answeredBy === 'PERSON') return { status: 'REACHED', dueAt: null, attempts };
  const isHopeless = call.status === 'FAILED' && call.errorRetryable === false;
  if (isHopeless || attempts >= maxAttempts) return { status: 'NOT_REACHED', dueAt: null, attempts };
  if (call.status === 'BUSY') return { status: 'PENDING', dueAt: at(BUSY_MS), attempts };
  return { status: 'PENDING', dueAt: attempts < 2 ? at(NO_ANSWER_MS) : tomorrowOf(lead, now), attempts };
}

/** When the next day of a lead begins, by its own clock. */
function tomorrowOf(lead: Pick<Lead, 'phone' | 'timeZone'>, now: Date): Date {
  const zone = timeZoneOf(lead, now);
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  return new Date(startOfDay(today.add({ days: 1 }), zone));
}
