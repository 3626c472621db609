import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import * as slots from '#domain/sales/meetings/free-slots.ts';
import { meetingIcs } from '#domain/sales/meetings/meeting-ics.ts';
import * as domain from '#domain/sales/meetings/meetings.ts';
import { type OutcomeOfMeeting, setMeetingOutcome as setOutcome } from '#domain/sales/meetings/set-outcome.ts';
import type { Lead, Meeting } from '#generated/prisma/client.ts';
import { leadById } from '#loaders/leads.ts';
import { type MeetingFilter, meetingById, meetingOrder, meetingsOfLead, meetingsOfUser } from '#loaders/meetings.ts';
import { userById } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns a meeting; null where it is missing or somebody else's. */
export const meeting = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(meetingById, rowId(id, 'Meeting', 'id'));

/** Returns the meeting of a payload at its position among the viewer's. */
export const meetingEdge = ({ meeting }: { meeting: Meeting }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, meetingOrder, meeting);

type Filter = { [Key in keyof MeetingFilter]?: MeetingFilter[Key] | undefined };

/** Returns a page of the viewer's meetings, the earliest first. */
export const meetings = (_root: unknown, { from, to, statuses, ...page }: PageArgs & Filter, ctx: Context) => {
  const filter = { from: from ?? null, to: to ?? null, statuses: statuses ?? null };
  return connection(ctx, meetingsOfUser, { parentId: ctx.deps.actor.userId, filter }, page);
};

/** Returns a page of the meetings with a lead, the earliest first. */
export const ofLead = ({ id }: Lead, page: PageArgs, ctx: Context) =>
  connection(ctx, meetingsOfLead, { parentId: id, filter: {} }, page);

/** Returns whom the meeting is with. */
export const lead = (row: Meeting, _args: unknown, { load }: Context) => existing(load(leadById, row.leadId));

/** Returns the user whose meeting it is. */
export const owner = (row: Meeting, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));

/** Returns the meeting as an iCalendar file. */
export async function ics(row: Meeting, args: unknown, ctx: Context) {
  return meetingIcs(row, { owner: await owner(row, args, ctx), lead: await lead(row, args, ctx) });
}

type SlotsArgs = {
  from: Date;
  to: Date;
  leadId?: string | null | undefined;
  durationMinutes?: number | null | undefined;
};

/** Returns when the viewer is free for a meeting. */
export const freeSlots = (_root: unknown, { from, to, leadId, durationMinutes }: SlotsArgs, { deps }: Context) =>
  slots.freeSlots(deps, {
    from,
    to,
    leadId: optionalRowId(leadId, 'Lead', 'leadId'),
    durationMinutes: durationMinutes ?? null,
  });

type Input<T> = { input: T };

/** Returns the new meeting. */
export async function bookMeeting(_root: unknown, { input }: Input<domain.NewMeeting>, { deps }: Context) {
  const leadId = rowId(input.leadId, 'Lead', 'input.leadId');
  return { meeting: await domain.bookMeeting(deps, { ...input, leadId }) };
}

/** Returns the meeting as the change left it. */
export async function updateMeeting(_root: unknown, { input }: Input<domain.MeetingChange>, { deps }: Context) {
  const meetingId = rowId(input.meetingId, 'Meeting', 'input.meetingId');
  return { meeting: await domain.updateMeeting(deps, { ...input, meetingId }) };
}

type Cancellation = WithIdempotencyKey & { meetingId: string };

/** Returns the meeting that is cancelled. */
export async function cancelMeeting(_root: unknown, { input }: Input<Cancellation>, { deps }: Context) {
  const meetingId = rowId(input.meetingId, 'Meeting', 'input.meetingId');
  return { meeting: await domain.cancelMeeting(deps, { ...input, meetingId }) };
}

/** Returns the meeting with its outcome. */
export async function setMeetingOutcome(_root: unknown, { input }: Input<OutcomeOfMeeting>, { deps }: Context) {
  const meetingId = rowId(input.meetingId, 'Meeting', 'input.meetingId');
  return { meeting: await setOutcome(deps, { ...input, meetingId }) };
}
