import { type Backup, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { rowById } from './row-by-id.ts';

export const backupById = rowById<Backup>({
  columns: columnsOf('b', Prisma.BackupScalarFieldEnum, []),
  from: 'backups b',
  id: 'b.id',
  visible: 'k.viewer_is_admin',
});
