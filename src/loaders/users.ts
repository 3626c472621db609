import { Prisma, type User } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { rowById } from './row-by-id.ts';

/** The viewer; for an ADMIN, any user. */
export const userById = rowById<User>({
  columns: columnsOf('u', Prisma.UserScalarFieldEnum),
  from: 'users u',
  id: 'u.id',
  visible: '(u.id = k.viewer_id OR k.viewer_is_admin)',
});
