import { Temporal } from 'temporal-polyfill';
import type { Deps } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { recordAudit } from '#domain/core/write.ts';
import { firstCallTime } from '#domain/sales/eligibility/call-eligibility.ts';
import { startOfDay } from '#domain/sales/eligibility/clock.ts';
import { timeZoneOf } from '#domain/sales/lead-zones.ts';
import { findFreeTimes, isOpenTime, type Participants } from '#domain/sales/meetings/free-times.ts';
import { DEFAULT_DURATION_MINUTES, newMeeting, revised } from '#domain/sales/meetings/meetings.ts';
import { acquireCalendarLock, isTaken, qualifyAgain, storeMeeting } from '#domain/sales/meetings/store-meeting.ts';
import { meetingChanged } from '#domain/webhooks/events.ts';
import type { Call, Campaign, Meeting } from '#generated/prisma/client.ts';
import { dateOf } from './local-days.ts';
import type { Fulfilled, Need } from './machine.ts';
import type { DayPart, HourBounds } from './times/spoken-time.ts';

const DURATION_MS = DEFAULT_DURATION_MINUTES * 60_000;
/** The minimum notice of a meeting that is offered. */
const NOTICE_MS = 2 * 3_600_000;

export type Parties = Participants & { call: Call; campaign: Campaign | null };

/** Looks up or does what a turn of the agent needs before it can say anything. Throws Unavailable. */
export async function fulfil(
  transaction: TransactionChange,
  deps: Deps,
  parties: Parties,
  need: Need,
): Promise<Fulfilled> {
  switch (need.kind) {
    case 'times':
      return { kind: 'times', on: need.on, times: await timesToOffer(transaction, deps, parties, need) };
    case 'check':
      return check(transaction, deps, parties, new Date(need.at));
    case 'book':
      return book(transaction, deps, parties, new Date(need.at));
    case 'cancel':
      return cancel(transaction, deps, parties);
    case 'call-time':
      return callTime(deps, parties, need.at);
  }
}

/** The hours at which each part of the day begins and ends. */
const PARTS: Record<DayPart, { from: number; to: number }> = {
  morning: { from: 0, to: 12 },
  noon: { from: 11, to: 15 },
  afternoon: { from: 12, to: 18 },
  evening: { from: 16, to: 23 },
  night: { from: 19, to: 23 },
};

/** Returns two times: on a named day the first one and one at another hour, otherwise on two different days. */
async function timesToOffer(
  { tx }: TransactionChange,
  deps: Deps,
  parties: Parties,
  { on, from: firstDay = null, part, bounds = null }: Extract<Need, { kind: 'times' }>,
): Promise<string[]> {
  const zone = timeZoneOf(parties.lead, deps.now());
  const begins = firstDay === null ? 0 : startOfDay(Temporal.PlainDate.from(firstDay), zone);
  const earliest = new Date(Math.max(begins, deps.now().getTime() + NOTICE_MS));
  const find = (from: Date, to: Date | null, count: number) =>
    findFreeTimes(tx, deps, parties, { from: from > earliest ? from : earliest, to, durationMs: DURATION_MS, count });
  const hours = hoursOf(part, bounds);
  if (on === null && hours) return onTwoDays(await find(earliest, null, MAX_SEARCHED), hours, zone);
  if (on === null) {
    const [first] = await find(earliest, null, 1);
    if (!first) return [];
    const nextDay = Temporal.Instant.fromEpochMilliseconds(first.getTime()).toZonedDateTimeISO(zone).add({ days: 1 });
    const [second] = await find(new Date(nextDay.startOfDay().epochMilliseconds), null, 1);
    return [first, second].filter((time) => time !== undefined).map((time) => time.toISOString());
  }
  const { from, to } = boundsOf(Temporal.PlainDate.from(on), hours, zone);
  const times = from < to ? await find(from, to, 100) : [];
  return [times[0], times[Math.floor(times.length / 2)]]
    .filter((time, index, both) => time !== undefined && both.indexOf(time) === index)
    .map((time) => (time as Date).toISOString());
}

/** How many free times are searched for those within some hours of the day. */
const MAX_SEARCHED = 500;

/** Returns the first time within some hours of the day, and the first one on a later day. */
function onTwoDays(times: readonly Date[], { from, to }: HourBounds, zone: string): string[] {
  const local = (time: Date) => Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(zone);
  const minuteOf = (time: Date) => local(time).hour * 60 + local(time).minute;
  const fitting = times.filter((time) => minuteOf(time) >= from && minuteOf(time) + DEFAULT_DURATION_MINUTES <= to);
  const [first] = fitting;
  const second = first && fitting.find((time) => !local(time).toPlainDate().equals(local(first).toPlainDate()));
  return [first, second].filter((time) => time !== undefined).map((time) => time.toISOString());
}

/** Returns the hours of the day that suit, in minutes since midnight; null if all do. */
function hoursOf(part: DayPart | null, bounds: HourBounds | null): HourBounds | null {
  if (!part) return bounds;
  const { from, to } = PARTS[part];
  return { from: Math.max(from * 60, bounds?.from ?? 0), to: Math.min(to * 60, bounds?.to ?? to * 60) };
}

/** Returns when a day, or some hours of it, begin and end in a zone, also when the clocks change that day. */
function boundsOf(day: Temporal.PlainDate, hours: HourBounds | null, zone: string): { from: Date; to: Date } {
  const at = (minutes: number) =>
    minutes === 0 || minutes >= 24 * 60
      ? new Date(startOfDay(minutes === 0 ? day : day.add({ days: 1 }), zone))
      : new Date(
          day.toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toZonedDateTime(zone)
            .epochMilliseconds,
        );
  return { from: at(hours?.from ?? 0), to: at(hours?.to ?? 24 * 60) };
}

async function check(transaction: TransactionChange, deps: Deps, parties: Parties, startsAt: Date): Promise<Fulfilled> {
  const endsAt = new Date(startsAt.getTime() + DURATION_MS);
  if (!(await isOpenTime(deps, parties, { start: startsAt.getTime(), end: endsAt.getTime() })))
    return unavailable('closed', transaction, deps, parties, startsAt);
  const own = await meetingOfCall(transaction, parties.call);
  return (await isTaken(transaction.tx, { ownerId: parties.owner.id, startsAt, endsAt }, own?.id))
    ? unavailable('taken', transaction, deps, parties, startsAt)
    : { kind: 'free', at: startsAt.toISOString() };
}

async function unavailable(
  kind: 'taken' | 'closed',
  { tx }: TransactionChange,
  deps: Deps,
  parties: Parties,
  from: Date,
): Promise<Fulfilled> {
  const earliest = new Date(Math.max(from.getTime(), deps.now().getTime() + NOTICE_MS));
  const times = await findFreeTimes(tx, deps, parties, { from: earliest, durationMs: DURATION_MS, count: 2 });
  return { kind, times: times.map((time) => time.toISOString()) };
}

/** Books the single meeting of a call, or moves it. The agent announces the stored row. */
async function book(transaction: TransactionChange, deps: Deps, parties: Parties, startsAt: Date): Promise<Fulfilled> {
  const { call, lead } = parties;
  await acquireCalendarLock(transaction.tx, lead.ownerId); // its owner may change it meanwhile
  const own = await meetingOfCall(transaction, call);
  const row = { ...newMeeting(lead, startsAt, DURATION_MS), callId: call.id };
  const stored = own ? await move(transaction, deps, own, startsAt) : await storeMeeting(transaction, deps, lead, row);
  if (!stored) return unavailable('taken', transaction, deps, parties, startsAt);
  const action = own ? 'meeting.update' : 'meeting.book';
  await recordAudit(transaction.tx, deps.actor, action, { type: 'Meeting', id: stored.id }, { callId: call.id });
  deps.auditSeals.wake();
  return { kind: 'booked', at: stored.startsAt.toISOString() };
}

async function move(
  { tx, changed, emit }: TransactionChange,
  deps: Deps,
  own: Meeting,
  startsAt: Date,
): Promise<Meeting | null> {
  const times = { startsAt, endsAt: new Date(startsAt.getTime() + DURATION_MS) };
  if (await isTaken(tx, { ownerId: own.ownerId, ...times }, own.id)) return null;
  changed({ ownerId: own.ownerId, type: 'MEETING', id: own.id });
  const data = { ...times, status: 'SCHEDULED' as const, ...revised(deps, own) };
  const moved = await tx.meeting.update({ where: { id: own.id }, data });
  emit(meetingChanged(own.status === 'SCHEDULED' ? 'MEETING_MOVED' : 'MEETING_BOOKED', moved));
  return moved;
}

async function cancel(transaction: TransactionChange, deps: Deps, { call, lead }: Parties): Promise<Fulfilled> {
  await acquireCalendarLock(transaction.tx, lead.ownerId);
  const own = await meetingOfCall(transaction, call);
  if (own?.status === 'SCHEDULED') {
    await transaction.tx.meeting.update({
      where: { id: own.id },
      data: { status: 'CANCELLED', ...revised(deps, own) },
    });
    const current = await transaction.tx.lead.findUniqueOrThrow({ where: { id: lead.id } });
    await qualifyAgain(transaction, deps, current);
    await recordAudit(
      transaction.tx,
      deps.actor,
      'meeting.cancel',
      { type: 'Meeting', id: own.id },
      { callId: call.id },
    );
    deps.auditSeals.wake();
    transaction.changed({ ownerId: own.ownerId, type: 'MEETING', id: own.id });
    transaction.emit(meetingChanged('MEETING_CANCELLED', own));
  }
  return { kind: 'cancelled' };
}

const meetingOfCall = ({ tx }: TransactionChange, { id }: Call): Promise<Meeting | null> =>
  tx.meeting.findUnique({ where: { callId: id } });

async function callTime(deps: Deps, { lead, campaign }: Parties, named: string): Promise<Fulfilled> {
  const zone = timeZoneOf(lead, deps.now());
  const isDay = !named.includes('T');
  const from = isDay ? startOfDay(Temporal.PlainDate.from(named), zone) : Date.parse(named);
  const first = await firstCallTime(deps, lead, campaign, new Date(Math.max(from, deps.now().getTime())));
  const at = first?.toISOString() ?? null;
  return { kind: 'call-time', named, at: at !== null && isDay ? dateOf(at, { zone }) : at };
}
