import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '#domain/core/deps.ts';
import { poolStats, queryStats } from '#domain/health/database-check.ts';
import { HttpError } from '#http/errors.ts';
import { replyJson } from '#http/reply.ts';

/**
 * Creates the probes for orchestrators and people. They need no API key, and return the health of the process, but no data. Return false
 * for other paths.
 */
export function createProbes({ health, database }: Pick<Services, 'health' | 'database'>, version: string) {
  const component = (name: string) => health.now().components.find((each) => each.name === name);
  const toWord = (status: string | undefined) => (status ?? 'UNHEALTHY').toLowerCase();
  const probes: Record<string, () => { ok: boolean; body: object }> = {
    '/health': () => {
      const { status, lastBackupAt, lastCleanUpAt } = health.now();
      const times = { timestamp: new Date(), lastBackupAt, lastCleanUpAt };
      const body = { status: toWord(status), service: 'parley', version, ...times };
      return { ok: status !== 'UNHEALTHY', body };
    },
    '/health/live': () => ({ ok: true, body: { status: 'alive' } }),
    '/health/ready': () => ({ ok: health.isReady(), body: { status: health.isReady() ? 'ready' : 'not ready' } }),
    '/health/database': () => {
      const found = component('database');
      const connection = { kind: database.kind, latencyMs: found?.latencyMs ?? null };
      const body = {
        status: toWord(found?.status),
        details: { connection, pool: poolStats(database), queries: queryStats(database) },
      };
      return { ok: found?.status === 'HEALTHY', body };
    },
    '/health/cache': () => {
      const found = component('cache');
      return {
        ok: found?.status === 'HEALTHY',
        body: { status: toWord(found?.status), redis: found?.details.redis ?? null },
      };
    },
    '/health/detailed': () => {
      const { status, components } = health.now();
      const parts = components.map(({ name, status, latencyMs, message }) => ({
        name,
        status: toWord(status),
        latencyMs,
        message,
      }));
      return { ok: status !== 'UNHEALTHY', body: { status: toWord(status), components: parts } };
    },
  };
  return (path: string, { method }: IncomingMessage, response: ServerResponse): boolean => {
    const probe = Object.hasOwn(probes, path) ? probes[path] : undefined;
    if (!probe) return false;
    if (method !== 'GET' && method !== 'HEAD')
      throw new HttpError(405, 'BAD_USER_INPUT', 'Send GET.', { headers: { allow: 'GET, HEAD' } });
    const { ok, body } = probe();
    replyJson(response, ok ? 200 : 503, body);
    return true;
  };
}
