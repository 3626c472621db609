import type { Deps } from '#domain/core/deps.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import { meetingChanged } from '#domain/webhooks/events.ts';
import type { Lead, Meeting } from '#generated/prisma/client.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** The time of a meeting in its owner's calendar. */
type Slot = { ownerId: string; startsAt: Date; endsAt: Date };

export type NewMeetingRow = Omit<Meeting, 'status' | 'outcome' | 'sequence' | 'createdAt' | 'updatedAt'>;

/**
 * Stores a meeting with a lead, whose row the caller has locked, and sets the lead's status to booked. Returns null if another meeting of
 * the owner is at that time.
 */
export async function storeMeeting(
  transaction: TransactionChange,
  deps: Pick<Deps, 'now'>,
  lead: Lead,
  row: NewMeetingRow,
): Promise<Meeting | null> {
  const { tx, changed, emit } = transaction;
  await acquireCalendarLock(tx, row.ownerId);
  if (await isTaken(tx, row)) return null;
  const now = deps.now();
  const meeting = await tx.meeting.create({ data: { ...row, createdAt: now, updatedAt: now } });
  changed({ ownerId: row.ownerId, type: 'MEETING', id: meeting.id });
  emit(meetingChanged('MEETING_BOOKED', meeting));
  await moveLead(transaction, deps, lead, 'MEETING_BOOKED');
  return meeting;
}

/**
 * Serializes changes of a user's meetings. The table's constraint would stop the second one as well, but would also abort its transaction,
 * in which the agent has more to write.
 */
export async function acquireCalendarLock(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, `parley:meetings-of:${ownerId}`);
}

/** Whether a scheduled meeting of the owner, other than `exceptId`, is at that time. */
export async function isTaken(
  db: Pick<Tx, 'meeting'>,
  { ownerId, startsAt, endsAt }: Slot,
  exceptId?: string,
): Promise<boolean> {
  const rival = await db.meeting.findFirst({
    where: {
      ownerId,
      status: 'SCHEDULED',
      startsAt: { lt: endsAt },
      endsAt: { gt: startsAt },
      ...(exceptId ? { id: { not: exceptId } } : {}),
    },
    select: { id: true },
  });
  return rival !== null;
}

/** Deletes the meetings with a lead, whose row the caller has locked, as part of deleting the lead. */
export async function deleteMeetingsOfLead({ tx, changed }: TransactionChange, leadId: string): Promise<void> {
  const meetings = await tx.meeting.findMany({ where: { leadId }, select: { id: true, ownerId: true } });
  if (meetings.length === 0) return;
  await tx.meeting.deleteMany({ where: { leadId } });
  for (const { id, ownerId } of meetings) changed({ ownerId, type: 'MEETING', id, deleted: true });
}

/**
 * After a lead's meeting was cancelled, sets the lead back to QUALIFIED if it has no other scheduled meeting. The caller has locked its
 * row.
 */
export async function qualifyAgain(change: TransactionChange, deps: Pick<Deps, 'now'>, lead: Lead): Promise<void> {
  if (lead.status !== 'MEETING_BOOKED') return;
  const others = await change.tx.meeting.count({ where: { leadId: lead.id, status: 'SCHEDULED' } });
  if (others === 0) await moveLead(change, deps, lead, 'QUALIFIED');
}

/** Changes the status of a lead, whose row the caller has locked, if that transition is allowed. */
export async function moveLead(
  { tx, changed }: TransactionChange,
  { now }: Pick<Deps, 'now'>,
  { id, ownerId, status }: Lead,
  to: LeadStatus,
): Promise<void> {
  if (status === to || !LEAD_TRANSITIONS[status].includes(to)) return;
  await tx.lead.update({ where: { id }, data: { status: to, updatedAt: now() }, select: { id: true } });
  changed({ ownerId, type: 'LEAD', id });
}
