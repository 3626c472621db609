import { v7 as uuidv7 } from 'uuid';
import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkOptionalText, checkText, checkWholeNumber } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { checkTimeZone } from '#domain/sales/lead-columns.ts';
import { timeZoneOf } from '#domain/sales/lead-zones.ts';
import { lockLead } from '#domain/sales/own-leads.ts';
import { meetingChanged } from '#domain/webhooks/events.ts';
import type { Lead, Meeting } from '#generated/prisma/client.ts';
import type { MeetingStatus } from '#generated/prisma/enums.ts';
import { abandonTakenTime, explainTakenTime } from './slot-taken.ts';
import { acquireCalendarLock, isTaken, qualifyAgain, storeMeeting } from './store-meeting.ts';

/** The default duration of a meeting in minutes. */
export const DEFAULT_DURATION_MINUTES = 30;
/** The allowed duration in minutes. */
export const DURATION = { min: 5, max: 24 * 60 };
/** The maximum length of a title or a location, in UTF-16 units. */
export const MAX_MEETING_TEXT_LENGTH = 200;
/** The maximum length of notes, in UTF-16 units. */
export const MAX_MEETING_NOTES_LENGTH = 10_000;

type MeetingFields = WithIdempotencyKey & {
  durationMinutes?: number | null | undefined;
  title?: string | null | undefined;
  timeZone?: string | null | undefined;
  location?: string | null | undefined;
  notes?: string | null | undefined;
};

export type NewMeeting = MeetingFields & { leadId: string; startsAt: Date };

/** A change of a meeting; omitted fields stay unchanged. */
export type MeetingChange = MeetingFields & {
  meetingId: string;
  startsAt?: Date | null | undefined;
  status?: MeetingStatus | null | undefined;
};

/**
 * Books a meeting with a lead, whose status becomes MEETING_BOOKED if that transition is allowed. Any hour is accepted: working hours
 * restrict what the agent offers, not what its owner books. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound,
 * SlotTaken with the next free times, IdempotencyConflict.
 */
export async function bookMeeting(deps: Deps, { idempotencyKey, ...input }: NewMeeting): Promise<Meeting> {
  const { leadId, startsAt } = input;
  const durationMs = durationOf('input.durationMinutes', input.durationMinutes ?? DEFAULT_DURATION_MINUTES);
  const columns = textColumns(input);
  assertFuture(deps, startsAt);
  const book = () =>
    writeAndLoad(deps, {
      action: 'meeting.book',
      once: { key: idempotencyKey, input },
      async run(write) {
        const lead = await lockLead(write.tx, deps, leadId);
        const row = {
          ...newMeeting(lead, startsAt, durationMs),
          ...columns,
          title: columns.title ?? defaultTitle(lead),
          timeZone: columns.timeZone ?? timeZoneOf(lead, startsAt),
        };
        if ((await storeMeeting(write, deps, lead, row)) === null) abandonTakenTime();
        write.about({ type: 'Meeting', id: row.id }, { leadId });
        return row.id;
      },
      what: 'meeting',
      load: (id, tx) => findOwnMeeting(tx, deps, id),
    });
  return explainTakenTime(deps, book, async () => ({ ...(await participants(deps, leadId)), startsAt, durationMs }));
}

/** Returns the row of a new meeting with a lead, with all defaults. */
export function newMeeting(lead: Lead, startsAt: Date, durationMs: number) {
  return {
    id: uuidv7(),
    ownerId: lead.ownerId,
    leadId: lead.id,
    callId: null,
    title: defaultTitle(lead),
    startsAt,
    endsAt: new Date(startsAt.getTime() + durationMs),
    timeZone: timeZoneOf(lead, startsAt),
    location: null,
    notes: null,
  };
}

/**
 * Changes the given fields of a SCHEDULED meeting, such as its time, or its status to COMPLETED once it was held; null clears an optional
 * field. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, Conflict (it is not scheduled any more), SlotTaken
 * with the next free times, IdempotencyConflict.
 */
export async function updateMeeting(deps: Deps, { idempotencyKey, ...change }: MeetingChange): Promise<Meeting> {
  const { meetingId: id, status } = change;
  if (status === 'CANCELLED') throw new BadUserInput('input.status', 'Cancel it with `cancelMeeting`.');
  if (change.startsAt) assertFuture(deps, change.startsAt);
  const durationMs =
    change.durationMinutes == null ? null : durationOf('input.durationMinutes', change.durationMinutes);
  const columns = textColumns(change);
  const update = () =>
    writeAndLoad(deps, {
      action: 'meeting.update',
      once: { key: idempotencyKey, input: change },
      async run({ tx, about, changed, emit }) {
        const meeting = await lockMeeting(tx, deps, id);
        const times = movedTimes(meeting, change.startsAt ?? null, durationMs);
        const data = pickChangedColumns(meeting, {
          ...columns,
          ...times,
          ...(status == null ? {} : statusColumns(status)),
        });
        if (Object.keys(data).length === 0) return;
        if (meeting.status !== 'SCHEDULED') throw notScheduled(meeting);
        const next = { ...meeting, ...data };
        if (next.status === 'COMPLETED' && next.startsAt > deps.now())
          throw new Conflict('A meeting that has not begun was not held yet.');
        if (await isTaken(tx, next, id)) abandonTakenTime();
        const updated = await tx.meeting.update({ where: { id }, data: { ...data, ...revised(deps, meeting) } });
        about({ type: 'Meeting', id }, { changed: Object.keys(data) });
        changed({ ownerId: meeting.ownerId, type: 'MEETING', id });
        if (data.startsAt || data.endsAt) emit(meetingChanged('MEETING_MOVED', updated));
      },
      what: 'meeting',
      load: (_, tx) => findOwnMeeting(tx, deps, id),
    });
  return explainTakenTime(deps, update, async () => {
    const meeting = (await findOwnMeeting(deps.database.prisma, deps, id)) as Meeting;
    const { startsAt, endsAt } = { ...meeting, ...movedTimes(meeting, change.startsAt ?? null, durationMs) };
    return {
      ...(await participants(deps, meeting.leadId)),
      startsAt,
      durationMs: endsAt.getTime() - startsAt.getTime(),
      moved: id,
    };
  });
}

/**
 * Cancels a meeting; a cancelled one stays unchanged. The lead becomes QUALIFIED again if it has no other scheduled meeting. Safe to repeat
 * with the same idempotency key. Throws NotFound, Conflict (it was held), IdempotencyConflict.
 */
export async function cancelMeeting(
  deps: Deps,
  { meetingId: id, idempotencyKey }: WithIdempotencyKey & { meetingId: string },
): Promise<Meeting> {
  return writeAndLoad(deps, {
    action: 'meeting.cancel',
    once: { key: idempotencyKey, input: { meetingId: id } },
    async run(write) {
      const { tx, about, changed, emit } = write;
      const unlocked = await findOwnMeeting(tx, deps, id);
      if (!unlocked) throw new NotFound('meeting');
      // In the same order as a booking: the lead first.
      const lead = await lockLead(tx, deps, unlocked.leadId);
      const meeting = await lockMeeting(tx, deps, id);
      if (meeting.status === 'CANCELLED') return;
      if (meeting.status === 'COMPLETED') throw notScheduled(meeting);
      await tx.meeting.update({ where: { id }, data: { status: 'CANCELLED', ...revised(deps, meeting) } });
      await qualifyAgain(write, deps, lead);
      about({ type: 'Meeting', id });
      changed({ ownerId: meeting.ownerId, type: 'MEETING', id });
      emit(meetingChanged('MEETING_CANCELLED', meeting));
    },
    what: 'meeting',
    load: (_, tx) => findOwnMeeting(tx, deps, id),
  });
}

/** The columns that every change changes as well, so that calendars accept it as a new version. */
export const revised = ({ now }: Pick<Deps, 'now'>, { sequence }: Pick<Meeting, 'sequence'>) => ({
  sequence: sequence + 1,
  updatedAt: now(),
});

/** A meeting that is COMPLETED without another outcome was held. */
const statusColumns = (status: MeetingStatus) => ({
  status,
  ...(status === 'COMPLETED' ? { outcome: 'HELD' as const } : {}),
});

/** Locks the actor's meeting and calendar until the commit, and returns the meeting. Throws NotFound. */
export async function lockMeeting(tx: Tx, deps: Deps, id: string): Promise<Meeting> {
  await acquireCalendarLock(tx, deps.actor.userId);
  await tx.$queryRaw`SELECT id FROM meetings WHERE id = ${id}::uuid AND owner_id = ${deps.actor.userId}::uuid FOR UPDATE`;
  const meeting = await findOwnMeeting(tx, deps, id);
  if (!meeting) throw new NotFound('meeting');
  return meeting;
}

/** Returns the actor's meeting; null if it is missing or somebody else's. */
export function findOwnMeeting(db: Pick<Tx, 'meeting'>, { actor }: Deps, id: string): Promise<Meeting | null> {
  return db.meeting.findFirst({ where: { id, ownerId: actor.userId } });
}

async function participants({ database: { prisma }, actor }: Deps, leadId: string) {
  const [owner, lead] = await Promise.all([
    prisma.user.findUniqueOrThrow({ where: { id: actor.userId } }),
    prisma.lead.findUniqueOrThrow({ where: { id: leadId } }),
  ]);
  return { owner, lead };
}

/** Returns the new times of a meeting; its length stays the same unless a new one is given. */
function movedTimes(meeting: Meeting, startsAt: Date | null, durationMs: number | null) {
  const start = startsAt ?? meeting.startsAt;
  const length = durationMs ?? meeting.endsAt.getTime() - meeting.startsAt.getTime();
  return { startsAt: start, endsAt: new Date(start.getTime() + length) };
}

const notScheduled = ({ status }: Meeting) =>
  new Conflict(`The meeting is ${status}; only one that is SCHEDULED can be changed.`, { status });

/** Returns the milliseconds of a duration in minutes. Throws BadUserInput. */
export const durationOf = (field: string, minutes: number) => checkWholeNumber(field, minutes, DURATION) * 60_000;

/** Ten years: anything later is a mistyped year. */
const FARTHEST_MS = 10 * 365 * 24 * 3_600_000;

function assertFuture({ now }: Pick<Deps, 'now'>, startsAt: Date): void {
  const ahead = startsAt.getTime() - now().getTime();
  if (ahead < 0) throw new BadUserInput('input.startsAt', 'This is in the past.');
  if (ahead > FARTHEST_MS) throw new BadUserInput('input.startsAt', 'This is more than ten years ahead.');
}

const defaultTitle = ({ name, language }: Lead) =>
  language.startsWith('he') ? `פגישה עם ${name}` : `Meeting with ${name}`;

function textColumns({ title, timeZone, location, notes }: MeetingFields) {
  const short = { max: MAX_MEETING_TEXT_LENGTH };
  return {
    ...(title == null ? {} : { title: checkText('input.title', title.trim(), short) }),
    ...(timeZone == null ? {} : { timeZone: checkTimeZone('input.timeZone', timeZone) as string }),
    ...(location === undefined ? {} : { location: checkOptionalText('input.location', location, short) }),
    ...(notes === undefined
      ? {}
      : { notes: checkOptionalText('input.notes', notes, { max: MAX_MEETING_NOTES_LENGTH }) }),
  };
}
