import { measureUsage, type Usage, type UsageKey } from '#domain/accounts/usage.ts';
import type { UserFilter } from '#domain/accounts/user-filter.ts';
import { containsText } from '#domain/text/contains-text.ts';
import { Prisma, type User } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('u', Prisma.UserScalarFieldEnum);

/** The viewer; for an ADMIN, any user. */
export const userById = rowById<User>({
  columns,
  from: 'users u',
  id: 'u.id',
  visible: '(u.id = k.viewer_id OR k.viewer_is_admin)',
});

export type UserOrder = 'CREATED_DESC' | 'CREATED_ASC' | 'USERNAME_ASC';

const id = { sql: 'u.id', type: 'uuid', of: (row: User) => row.id };
const created = { sql: 'u.created_at', type: 'timestamptz', of: (row: User) => row.createdAt };
/** Usernames are ASCII, so this is the same in every collation. */
const username = {
  sql: 'lower(u.username COLLATE "C")',
  type: 'text',
  of: (row: User) => row.username,
  ofCursor: (value: string) => `lower(${value} COLLATE "C")`,
};

export const userOrders: Record<UserOrder, Order<User>> = {
  CREATED_DESC: { name: 'users', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'users.oldest', descending: false, keys: [created, id] },
  USERNAME_ASC: { name: 'users.username', descending: false, keys: [username, id] },
};

/** All users; the parent of the list is the ADMIN who reads it. */
export const allUsers = defineList<User, UserFilter & { orderBy: UserOrder }>({
  columns,
  from: 'users u',
  id: 'u.id',
  parent: `(SELECT v.id FROM users v WHERE v.id = k.parent_id AND v.role = 'ADMIN')`,
  order: ({ orderBy }) => userOrders[orderBy],
  where: ({ usernameContains, role, suspended }, bind) => [
    ...(usernameContains ? [containsText('u.username', bind(usernameContains, 'text'))] : []),
    ...(role ? [`u.role = ${bind(role, 'role')}`] : []),
    ...(suspended === null ? [] : [`u.suspended_at IS ${suspended ? 'NOT ' : ''}NULL`]),
  ],
});

/** What a user has added, in total or in a period. */
export const usageOfUser = defineLoader<UsageKey, Usage>({
  cacheKey: JSON.stringify,
  batch: (services, requests) =>
    measureUsage(
      services,
      requests.map(({ key }) => key),
    ),
});
