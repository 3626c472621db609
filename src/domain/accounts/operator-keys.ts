import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { createApiKey } from './api-keys.ts';
import { findUserByName } from './users.ts';

const SCOPES = ['READ', 'WRITE'] as const;

/** Creates a key of a user, for an operator. Returns its secret. Throws NotFound. */
export async function createUserKey(services: Services, username: string): Promise<string> {
  const user = await findUserByName(services, username);
  if (!user) throw new NotFound('user');
  const actor = { userId: user.id, role: user.role, apiKeyId: null, scopes: SCOPES, requestId: null, ip: null };
  return (await createApiKey({ ...services, actor }, { name: 'npx parley keys', scopes: SCOPES })).secret;
}
