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

export type AuditFilter = { actorId: string | null; action: string | null; since: Date | null };

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
  where: ({ actorId, action, since }, bind) => [
    ...(actorId ? [`a.actor_id = ${bind(actorId, 'uuid')}`] : []),
    ...(action ? [`a.action = ${bind(action, 'text')}`] : []),
    ...(since ? [`a.at >= ${bind(since, 'timestamptz')}`] : []),
  ],
});
