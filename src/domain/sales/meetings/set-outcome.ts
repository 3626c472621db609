import type { Deps } from '#domain/core/deps.ts';
import { Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { lockLead } from '#domain/sales/own-leads.ts';
import type { Meeting } from '#generated/prisma/client.ts';
import type { MeetingOutcome } from '#generated/prisma/enums.ts';
import { findOwnMeeting, lockMeeting, revised } from './meetings.ts';
import { qualifyAgain } from './store-meeting.ts';

export type OutcomeOfMeeting = WithIdempotencyKey & { meetingId: string; outcome: MeetingOutcome };

/**
 * Records whether a meeting that has begun was held, or that the lead did not come; it is COMPLETED then, and its outcome can still be
 * corrected. After a NO_SHOW, the lead becomes QUALIFIED again if it has no other scheduled meeting. Safe to repeat with the same
 * idempotency key. Throws NotFound, Conflict (it has not begun, or was cancelled), IdempotencyConflict.
 */
export function setMeetingOutcome(deps: Deps, { idempotencyKey, ...input }: OutcomeOfMeeting): Promise<Meeting> {
  const { meetingId: id, outcome } = input;
  return writeAndLoad(deps, {
    action: 'meeting.set-outcome',
    once: { key: idempotencyKey, input },
    async run(change) {
      const { tx, about, changed } = change;
      const unlocked = await findOwnMeeting(tx, deps, id);
      if (!unlocked) throw new NotFound('meeting');
      // In the same order as a booking: the lead first.
      const lead = await lockLead(tx, deps, unlocked.leadId);
      const meeting = await lockMeeting(tx, deps, id);
      if (meeting.outcome === outcome) return;
      assertBegun(deps, meeting);
      const data = { status: 'COMPLETED', outcome, ...revised(deps, meeting) } as const;
      await tx.meeting.update({ where: { id }, data, select: { id: true } });
      if (outcome === 'NO_SHOW') await qualifyAgain(change, deps, lead);
      about({ type: 'Meeting', id }, { outcome });
      changed({ ownerId: meeting.ownerId, type: 'MEETING', id });
    },
    what: 'meeting',
    load: (_, tx) => findOwnMeeting(tx, deps, id),
  });
}

function assertBegun({ now }: Deps, { status, startsAt }: Meeting): void {
  if (status === 'CANCELLED') throw new Conflict('The meeting was cancelled, and has no outcome.', { status });
  if (startsAt > now())
    throw new Conflict('The meeting has not begun; set its outcome afterwards, or cancel it with `cancelMeeting`.', {
      status,
    });
}
