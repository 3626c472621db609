import ical, { ICalAttendeeRole, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Lead, Meeting, User } from '#generated/prisma/client.ts';

/**
 * Returns a meeting as an iCalendar file (RFC 5545), with times in UTC, which mean the same in every calendar. Each version has the same
 * UID and a higher SEQUENCE. Its METHOD (RFC 5546) tells calendars what to do: REQUEST or CANCEL if owner and lead have e-mail addresses,
 * which identify them to calendars, else PUBLISH.
 */
export function meetingIcs(meeting: Meeting, { owner, lead }: { owner: User; lead: Lead }): string {
  const cancelled = meeting.status === 'CANCELLED';
  const invites = owner.email !== null && lead.email !== null;
  const method = cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const calendar = ical({
    prodId: { company: 'Parley', product: 'Meetings' },
    // Without an organizer and an attendee there is nobody to answer a REQUEST; a CANCEL still removes the event.
    method: invites || cancelled ? method : ICalCalendarMethod.PUBLISH,
  });
  const event = calendar.createEvent({
    id: `${meeting.id}@parley`,
    sequence: meeting.sequence,
    stamp: meeting.updatedAt,
    created: meeting.createdAt,
    lastModified: meeting.updatedAt,
    start: meeting.startsAt,
    end: meeting.endsAt,
    summary: meeting.title,
    location: meeting.location,
    description: meeting.notes,
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  if (owner.email !== null) event.organizer({ name: owner.displayName ?? owner.username, email: owner.email });
  // Nobody attends an event that is published (RFC 5546, 3.2.1), or that nobody organizes.
  if (invites)
    event.createAttendee({
      name: lead.name,
      email: lead.email as string,
      role: ICalAttendeeRole.REQ,
      rsvp: !cancelled,
    });
  return calendar.toString();
}
