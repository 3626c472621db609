import * as apiKeys from '#domain/accounts/api-keys.ts';
import type { ApiKey } from '#generated/prisma/client.ts';
import type { ApiKeyScope } from '#generated/prisma/enums.ts';
import { userById } from '#loaders/users.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

export const list = (_root: unknown, _args: unknown, { deps }: Context) => apiKeys.listOwnApiKeys(deps);
export const user = (row: ApiKey, _args: unknown, { load }: Context) => existing(load(userById, row.userId));

type NewKey = {
  name: string;
  scopes: ApiKeyScope[];
  expiresAt?: Date | null | undefined;
  userId?: string | null | undefined;
};

export const createApiKey = (_root: unknown, { input: { userId, ...input } }: { input: NewKey }, { deps }: Context) =>
  apiKeys.createApiKey(deps, { ...input, userId: optionalRowId(userId, 'User', 'input.userId') });

export const rotateApiKey = (
  _root: unknown,
  { input: { id, graceSeconds } }: { input: { id: string; graceSeconds?: number | null | undefined } },
  { deps }: Context,
) => apiKeys.rotateApiKey(deps, { apiKeyId: rowId(id, 'ApiKey'), graceSeconds: graceSeconds ?? 0 });

export async function revokeApiKey(_root: unknown, { input: { id } }: { input: { id: string } }, { deps }: Context) {
  return { apiKey: await apiKeys.revokeApiKey(deps, { apiKeyId: rowId(id, 'ApiKey') }) };
}
