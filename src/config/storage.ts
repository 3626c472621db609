import path from 'node:path';
import { z } from 'zod';
import { list, url, wholeNumber } from './variables.ts';

const redisUrl = url('redis:', 'rediss:');
const databaseUrl = url('postgres:', 'postgresql:').refine((text) => !/%(?![\da-f]{2})/i.test(text), {
  error: 'must have %25 where its password has a %',
});

/** The data directory, the databases, and Redis. */
export const storageSettings = z
  .object({
    DATA_DIR: z.string().default('./data'),
    BACKUP_DIR: z.string().optional(),
    DATABASE_URL: databaseUrl.optional(),
    DATABASE_POOL_SIZE: wholeNumber(2, 500).default(10),
    DATABASE_REPLICA_URL: databaseUrl.optional(),
    DATABASE_REPLICA_MAX_LAG_SECONDS: wholeNumber(1, 3_600).default(10),
    REDIS_URL: redisUrl.optional(),
    REDIS_CLUSTER_URLS: list.pipe(z.array(redisUrl).min(1)).optional(),
    CLEANUP_INTERVAL_HOURS: wholeNumber(1, 24 * 365).default(24),
  })
  .refine((vars) => !vars.DATABASE_REPLICA_URL || vars.DATABASE_URL, {
    path: ['DATABASE_REPLICA_URL'],
    error: 'needs DATABASE_URL, as the embedded database has no replica',
    when: () => true,
  })
  .refine((vars) => !vars.REDIS_CLUSTER_URLS || !vars.REDIS_URL, {
    path: ['REDIS_CLUSTER_URLS'],
    error: 'and REDIS_URL are two ways to the same: set one of them',
    when: () => true,
  })
  .transform((vars) => ({
    dataDir: path.resolve(vars.DATA_DIR),
    backupDir: path.resolve(vars.BACKUP_DIR ?? path.join(vars.DATA_DIR, 'backups')),
    databaseUrl: vars.DATABASE_URL,
    databasePoolSize: vars.DATABASE_POOL_SIZE,
    databaseReplicaUrl: vars.DATABASE_REPLICA_URL,
    databaseReplicaMaxLagMs: 1_000 * vars.DATABASE_REPLICA_MAX_LAG_SECONDS,
    redisUrl: vars.REDIS_URL,
    redisClusterUrls: vars.REDIS_CLUSTER_URLS,
    cleanUpIntervalHours: vars.CLEANUP_INTERVAL_HOURS,
  }));
