import { DURATION } from '#domain/sales/meetings/meetings.ts';
import { type Meeting, Prisma } from '#generated/prisma/client.ts';
import type { MeetingStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('m', Prisma.MeetingScalarFieldEnum, ['notes']);

export const meetingById = rowById<Meeting>({
  columns,
  from: 'meetings m',
  id: 'm.id',
  visible: 'm.owner_id = k.viewer_id',
});

/** The earliest first. */
export const meetingOrder: Order<Meeting> = {
  name: 'meetings',
  descending: false,
  keys: [
    { sql: 'm.starts_at', type: 'timestamptz', of: (row) => row.startsAt },
    { sql: 'm.id', type: 'uuid', of: (row) => row.id },
  ],
};

/** A filter of meetings; null matches any. */
export type MeetingFilter = {
  /** Meetings that overlap this range. */
  from: Date | null;
  to: Date | null;
  statuses: readonly MeetingStatus[] | null;
};

const list = { columns, from: 'meetings m', id: 'm.id', order: () => meetingOrder };

export const meetingsOfUser = defineList<Meeting, MeetingFilter>({ ...list, parent: 'm.owner_id', where: conditions });

export const meetingsOfLead = defineList<Meeting>({ ...list, parent: 'm.lead_id' });

function conditions({ from, to, statuses }: MeetingFilter, bind: Bind): string[] {
  return [
    ...(from ? [endsAfter(bind(from, 'timestamptz'))] : []),
    ...(to ? [`m.starts_at < ${bind(to, 'timestamptz')}`] : []),
    ...(statuses ? [`m.status = ANY(${bind(statuses, 'meeting_status[]')})`] : []),
  ];
}

/** The longest meeting. The index has only the start of each, so a range is searched from this much earlier. */
const endsAfter = (from: string) =>
  `m.ends_at > ${from} AND m.starts_at > ${from} - interval '${DURATION.max} minutes'`;
