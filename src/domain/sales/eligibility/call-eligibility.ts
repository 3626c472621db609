import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import { possibleTimeZones } from '#domain/sales/lead-zones.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';
import { type Asking, type CallFacts, readCallFacts } from './call-facts.ts';
import { lastingLimits, notAllowed, passingLimits, unknownZone } from './call-limits.ts';
import { narrowWindow, windowOf } from './call-window.ts';
import { evidenceFor, evidenceProblem } from './evidence.ts';
import { firstMoment, type Interval, intersect, unite } from './intervals.ts';
import type { CallRestriction } from './restriction.ts';
import { type CallWindow, calendarOf, type ZoneCalendar } from './zone-calendar.ts';

/** Whether a lead may be called, all reasons why it may not, and the first moment at which none of them applies. */
export type CallEligibility = { allowed: boolean; nextAllowedAt: Date | null; reasons: CallRestriction[] };

/** The range of years for which calendars are computed. */
const YEARS = { first: 2000, last: 2100 };

/**
 * Judges whether a lead may be called at a moment, by a campaign if one asks. It has to be allowed in every zone that the lead may be in:
 * by the call window in local time, by rest days according to the sun there, and by the holidays of its number's country. Throws
 * BadUserInput, Unavailable.
 */
export async function callEligibility(deps: Deps, lead: Lead, at: Date, asking: Asking = {}): Promise<CallEligibility> {
  assertKnownYear(at);
  const [facts] = await readCallFacts(deps, [lead], at, asking);
  return judgeCall(deps, lead, at, facts as CallFacts, asking.campaign ?? null);
}

/** Judges by facts that were already read. Throws Unavailable. */
export async function judgeCall(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  lead: Lead,
  at: Date,
  facts: CallFacts,
  campaign: Campaign | null,
): Promise<CallEligibility> {
  const { sales } = deps;
  const moment = at.getTime();
  const { country, type } = placeOfNumber(lead.phone);
  const zones = possibleTimeZones(sales, lead);
  const window = windowFor(deps, campaign);
  const calendars = await readCalendars(deps, zones, { country, window, from: moment });
  const evidence = evidenceFor(sales, lead, country);
  const waits = passingLimits(sales, lead, facts, moment);
  const lasting = [
    ...lastingLimits(sales, lead, facts, campaign),
    ...unknownZone(zones),
    ...notAllowed(sales, country, type),
    ...evidence.map((item) => evidenceProblem(item, moment)),
  ].filter((problem) => problem !== null);
  const reasons = [...lasting, ...restrictionsByTime(calendars, window, moment), ...waits];
  const earliest = Math.max(moment, ...waits.map(({ until }) => until?.getTime() ?? moment));
  const next = lasting.length > 0 ? null : firstMoment(openEverywhere(calendars), earliest);
  const holds = next !== null && evidence.every((item) => evidenceProblem(item, next) === null);
  return { allowed: reasons.length === 0, nextAllowedAt: holds ? new Date(next) : null, reasons };
}

const windowFor = ({ sales }: Pick<Deps, 'sales'>, campaign: Campaign | null): CallWindow =>
  campaign ? narrowWindow(sales.callWindow, windowOf(campaign)) : sales.callWindow;

/**
 * Returns the first moment from `from` on at which the call window, rest days and holidays let a lead be called, by a campaign if one is
 * given; null if there is none within weeks, or nobody knows where the lead is. Throws Unavailable.
 */
export async function firstCallTime(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  lead: Lead,
  campaign: Campaign | null,
  from: Date,
): Promise<Date | null> {
  const { country } = placeOfNumber(lead.phone);
  const request = { country, window: windowFor(deps, campaign), from: from.getTime() };
  const calendars = await readCalendars(deps, possibleTimeZones(deps.sales, lead), request);
  return dateOf(firstMoment(openEverywhere(calendars), from.getTime()));
}

function assertKnownYear(at: Date): void {
  const year = at.getUTCFullYear();
  if (year < YEARS.first || year > YEARS.last)
    throw new BadUserInput('at', `Give a moment of the years ${YEARS.first} to ${YEARS.last}.`);
}

/** Yields to the event loop between zones: a number can be in 38 of them, and the calendar of each takes some 10 ms at first. */
async function readCalendars(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  zones: readonly string[],
  request: { country: string | null; window: CallWindow; from: number },
): Promise<ZoneCalendar[]> {
  const calendars: ZoneCalendar[] = [];
  for (const zone of zones) {
    calendars.push(await calendarOf(deps, { zone, ...request }));
    if (zones.length > 1) await nextTurn();
  }
  return calendars;
}

const openEverywhere = (calendars: readonly ZoneCalendar[]) => common(calendars.map(({ open }) => open));

const common = (lists: readonly Interval[][]): Interval[] =>
  lists.length === 0 ? [] : lists.reduce((these, those) => intersect(these, those));

const contains = (moment: number) => (interval: Interval) => interval.start <= moment && moment < interval.end;

function restrictionsByTime(calendars: readonly ZoneCalendar[], { start, end, days }: CallWindow, moment: number) {
  const restrictions: CallRestriction[] = [];
  const here = contains(moment);
  if (calendars.some(({ windows }) => !windows.some(here))) {
    const message = `Calls are made from ${start} to ${end} on the days ${days.join(', ')} (1 is Monday), by the clock of every zone that the lead can be in; give its \`timeZone\` where it can be in several.`;
    restrictions.push({
      code: 'OUTSIDE_CALL_WINDOW',
      message,
      until: dateOf(firstMoment(common(calendars.map(({ windows }) => windows)), moment)),
    });
  }
  const rest = unite(calendars.flatMap(({ rests }) => rests)).find(here);
  if (rest) {
    const message = 'Nobody is called on Shabbat and feasts, from noon of the eve until after nightfall.';
    restrictions.push({ code: 'REST_DAY', message, until: new Date(rest.end) });
  }
  const holidays = calendars.flatMap((calendar) => calendar.holidays);
  const today = holidays.find(here);
  if (today) {
    const until = unite(holidays).find(here)?.end ?? today.end;
    restrictions.push({ code: 'HOLIDAY', message: `It is a holiday: ${today.name}.`, until: new Date(until) });
  }
  return restrictions;
}

const dateOf = (moment: number | null) => (moment === null ? null : new Date(moment));
