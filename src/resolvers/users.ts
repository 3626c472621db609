import * as users from '#domain/accounts/users.ts';
import type { User } from '#generated/prisma/client.ts';
import { userById } from '#loaders/users.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';

export const viewer = (_root: unknown, _args: unknown, { deps, load }: Context) =>
  existing(load(userById, deps.actor.userId));
export const user = (_root: unknown, { username }: { username: string }, { deps }: Context) =>
  users.findUserByName(deps, username);
export const usage = (row: User, { since }: { since?: Date | null | undefined }, { deps }: Context) =>
  users.measureUsage(deps, row.id, since ?? null);

export async function createUser(_root: unknown, { input }: { input: users.NewUser }, { deps }: Context) {
  return { user: await users.createUser(deps, input) };
}
