import { type AuditEntry, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList } from './list.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('a', Prisma.AuditEntryScalarFieldEnum, ['detail']);

export const auditEntryById = rowById<AuditEntry>({
  columns,
  from: 'audit_entries a',
  id: 'a.id',
  visible: 'k.viewer_is_admin',
});

/** A filter for the log; null matches any. */
export type AuditFilter = {
  actorId: string | null;
  subject: { type: string; id: string } | null;
  actions: readonly string[] | null;
  /** Inclusive. */
  since: Date | null;
  /** Exclusive. */
  until: Date | null;
};

/** The whole log, newest first; its parent is the ADMIN who reads it. */
export const auditLog = defineList<AuditEntry, AuditFilter>({
  columns,
  from: 'audit_entries a',
  id: 'a.id',
  parent: `(SELECT v.id FROM users v WHERE v.id = k.parent_id AND v.role = 'ADMIN')`,
  order: () => ({
    name: 'audit',
    descending: true,
    keys: [
      { sql: 'a.at', type: 'timestamptz', of: (row) => row.at },
      { sql: 'a.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
  where: ({ actorId, subject, actions, since, until }, bind) => [
    ...(actorId ? [`a.actor_id = ${bind(actorId, 'uuid')}`] : []),
    ...(subject
      ? [`a.subject_id = ${bind(subject.id, 'uuid')} AND a.subject_type = ${bind(subject.type, 'text')}`]
      : []),
    ...(actions ? [`a.action = ANY(${bind(actions, 'text[]')})`] : []),
    ...(since ? [`a.at >= ${bind(since, 'timestamptz')}`] : []),
    ...(until ? [`a.at < ${bind(until, 'timestamptz')}`] : []),
  ],
  // Whether an action is one of those in the partial index is known by its value.
  isPlannedAnew: ({ actions }) => actions !== null,
});
