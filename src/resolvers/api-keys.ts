import * as domain from '#domain/accounts/api-keys.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { ApiKey } from '#generated/prisma/client.ts';
import type { ApiKeyScope } from '#generated/prisma/enums.ts';
import { userById } from '#loaders/users.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns the viewer's own keys, newest first. */
export const apiKeys = (_root: unknown, _args: unknown, { deps }: Context) => domain.listOwnApiKeys(deps);

/** Returns the user that a key acts for. */
export const user = (row: ApiKey, _args: unknown, { load }: Context) => existing(load(userById, row.userId));

type NewKey = {
  name: string;
  scopes: ApiKeyScope[];
  expiresAt?: Date | null | undefined;
  userId?: string | null | undefined;
  pointsPerMinute?: number | null | undefined;
};

/** Returns the new key with its secret. */
export const createApiKey = (_root: unknown, { input }: { input: NewKey }, { deps }: Context) =>
  domain.createApiKey(deps, { ...input, userId: optionalRowId(input.userId, 'User', 'input.userId') });

type Rotation = { apiKeyId: string; graceSeconds?: number | null | undefined };

/** Returns the key that takes the place of another, with its secret. */
export const rotateApiKey = (_root: unknown, { input }: { input: Rotation }, { deps }: Context) =>
  domain.rotateApiKey(deps, {
    apiKeyId: rowId(input.apiKeyId, 'ApiKey', 'input.apiKeyId'),
    graceSeconds: input.graceSeconds ?? 0,
  });

type Revocation = WithIdempotencyKey & { apiKeyId: string };

/** Returns the key that was revoked. */
export async function revokeApiKey(_root: unknown, { input }: { input: Revocation }, { deps }: Context) {
  const apiKeyId = rowId(input.apiKeyId, 'ApiKey', 'input.apiKeyId');
  return { apiKey: await domain.revokeApiKey(deps, { ...input, apiKeyId }) };
}

type Change = WithIdempotencyKey & {
  apiKeyId: string;
  pointsPerMinute?: number | null | undefined;
};

/** Returns the key as it was changed. */
export async function updateApiKey(_root: unknown, { input }: { input: Change }, { deps }: Context) {
  const apiKeyId = rowId(input.apiKeyId, 'ApiKey', 'input.apiKeyId');
  return { apiKey: await domain.updateApiKey(deps, { ...input, apiKeyId }) };
}
