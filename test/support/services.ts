import { v7 as uuidv7 } from 'uuid';
import { openLog } from '#adapters/log.ts';
import { readConfig } from '#config/config.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { openServices as open } from '#services.ts';

export type OpenServices = Services & { close(): Promise<void> };

/**
 * What a process has, on the database at `DATABASE_URL` or an embedded one in `DATA_DIR`. Without REDIS_URL, what happens
 * in another process is noticed only by what works without it.
 */
export async function openServices(env: Record<string, string>, { works = false } = {}): Promise<OpenServices> {
  const config = readConfig({ LOG_LEVEL: process.env.TEST_LOG ?? 'silent', JOB_LEASE_MS: '10000', ...env });
  const onLost = (error: Error) => {
    throw error;
  };
  const { services, close } = await open(config, { log: openLog(config.logLevel), onLost, works });
  return { ...services, close };
}

/** A new user, and what they work with. */
export async function asNewUser(services: Services, role: 'USER' | 'ADMIN' = 'USER'): Promise<Deps> {
  const id = uuidv7();
  await services.database.prisma.user.create({ data: { id, username: `user-${id}`, role } });
  const scopes = role === 'ADMIN' ? (['READ', 'WRITE', 'ADMIN'] as const) : (['READ', 'WRITE'] as const);
  return { ...services, actor: { userId: id, role, apiKeyId: null, scopes, requestId: null, ip: null } };
}
