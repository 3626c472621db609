import { Temporal } from 'temporal-polyfill';
import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { type Interval, intersect, subtract } from '#domain/sales/eligibility/intervals.ts';
import { calendarOf } from '#domain/sales/eligibility/zone-calendar.ts';
import { timeZoneOf } from '#domain/sales/lead-zones.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import type { Lead, User } from '#generated/prisma/client.ts';
import { workingHoursOf } from './working-hours.ts';

export type Participants = { owner: User; lead: Lead };

/** The same without a lead, for times of the owner alone: the working hours then need a time zone. */
type Attendees = { owner: User; lead: Lead | null };

/**
 * Which times are wanted: for meetings that begin at `from` or later, and have ended by `to`, if given. `moved` is the id of the meeting to
 * be moved, whose present time is free for it.
 */
export type TimesRequest = { from: Date; to?: Date | null; durationMs: number; count: number; moved?: string | null };

/** Meetings begin on the hour or half hour, by the clock of the working hours. */
const GRID_MS = 30 * 60_000;
/** What one calendar covers: see `calendarOf`. */
const CALENDAR_MS = 21 * 24 * 3_600_000;
/** How many calendars are searched for a free time. */
const MAX_CALENDARS = 5;

/**
 * Returns an owner's first free times for a meeting, with a lead if one is given, in order: within the owner's working hours, and within
 * the hours in which the lead may be called, unless the two never overlap; none on rest days, or on holidays of the lead's country. Throws
 * Unavailable.
 */
export async function findFreeTimes(
  db: Pick<Tx, 'meeting'>,
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  participants: Attendees,
  { from, to, durationMs, count, moved = null }: TimesRequest,
): Promise<Date[]> {
  const times: Date[] = [];
  const last = to?.getTime() ?? Number.POSITIVE_INFINITY;
  const phase = gridPhase(zonesOf(deps, participants).ofOwner, from);
  for (let index = 0; index < MAX_CALENDARS && times.length < count; index += 1) {
    const start = from.getTime() + index * CALENDAR_MS;
    const end = Math.min(start + CALENDAR_MS, last);
    if (start >= last) break;
    const free = subtract(
      intersect(await openTimes(deps, participants, start), [{ start, end: end + durationMs }]),
      await busyTimes(db, participants.owner.id, { start, end: end + durationMs }, moved),
    );
    for (const time of startsIn(free, durationMs, phase)) {
      if (times.length === count || time >= end || time + durationMs > last) break;
      times.push(new Date(time));
    }
  }
  return times;
}

/** Whether a meeting would be within the hours for meetings, regardless of other meetings. */
export async function isOpenTime(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  participants: Participants,
  { start, end }: Interval,
): Promise<boolean> {
  const open = await openTimes(deps, participants, start);
  return open.some((interval) => interval.start <= start && end <= interval.end);
}

/** Returns when the two can meet in the three weeks from a moment on. */
async function openTimes(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  { owner, lead }: Attendees,
  from: number,
): Promise<Interval[]> {
  const { callWindow } = deps.sales;
  const { timeZone: _, ...hours } = workingHoursOf(deps, owner);
  const zones = zonesOf(deps, { owner, lead });
  const ofOwner = { ...hours, respectShabbat: callWindow.respectShabbat };
  const owners = (await calendarOf(deps, { zone: zones.ofOwner, country: null, window: ofOwner, from })).open;
  if (!lead) return owners;
  const { country } = placeOfNumber(lead.phone);
  // On any day: the owner's days decide on which of them they meet.
  const ofLead = { ...callWindow, days: [1, 2, 3, 4, 5, 6, 7] };
  const leads = await calendarOf(deps, { zone: zones.ofLead, country, window: ofLead, from });
  const common = intersect(owners, leads.open);
  return common.length > 0 ? common : subtract(owners, [...leads.rests, ...leads.holidays]);
}

/** Returns the zones of the two clocks. */
function zonesOf(deps: Pick<Deps, 'sales'>, { owner, lead }: Attendees): { ofOwner: string; ofLead: string } {
  const { timeZone } = workingHoursOf(deps, owner);
  const ofLead = lead ? timeZoneOf(lead) : (timeZone ?? 'UTC');
  return { ofOwner: timeZone ?? ofLead, ofLead };
}

async function busyTimes(
  db: Pick<Tx, 'meeting'>,
  ownerId: string,
  { start, end }: Interval,
  exceptId: string | null,
): Promise<Interval[]> {
  const rows = await db.meeting.findMany({
    where: {
      ownerId,
      status: 'SCHEDULED',
      endsAt: { gt: new Date(start) },
      startsAt: { lt: new Date(end) },
      ...(exceptId === null ? {} : { id: { not: exceptId } }),
    },
    select: { startsAt: true, endsAt: true },
  });
  return rows.map(({ startsAt, endsAt }) => ({ start: startsAt.getTime(), end: endsAt.getTime() }));
}

/** Returns how long after those of UTC the half hours of a zone begin: a quarter of an hour in Nepal, whose offset is 5:45. */
function gridPhase(zone: string, at: Date): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  return -(offsetNanoseconds / 1e6) % GRID_MS;
}

function* startsIn(free: readonly Interval[], durationMs: number, phase: number): Generator<number> {
  for (const { start, end } of free) {
    const first = Math.ceil((start - phase) / GRID_MS) * GRID_MS + phase;
    for (let time = first; time + durationMs <= end; time += GRID_MS) yield time;
  }
}
