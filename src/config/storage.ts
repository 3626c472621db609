import path from 'node:path';
import { z } from 'zod';
import { number, url, wholeNumber } from './variables.ts';

/** Bytes of a GB, as disks are sold. */
const GB = 1_000_000_000;

/** Where the data is, how much of it a user may store, and what connects processes. */
export const storageSettings = z
  .object({
    DATA_DIR: z.string().default('./data'),
    BACKUP_DIR: z.string().optional(),
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    DATABASE_POOL_SIZE: wholeNumber(2, 500).default(10),
    REDIS_URL: url('redis:', 'rediss:').optional(),
    MAX_FILE_SIZE: wholeNumber(1, 1_000 * GB).default(524_288_000),
    MAX_STORAGE_GB: number(0.001, 1_000_000).default(10),
    ARCHIVED_MEDIA_KEEP_DAYS: wholeNumber(1, 36_500).default(30),
    CLEANUP_INTERVAL_HOURS: wholeNumber(1, 24 * 365).default(24),
  })
  .transform((vars) => ({
    dataDir: path.resolve(vars.DATA_DIR),
    backupDir: path.resolve(vars.BACKUP_DIR ?? path.join(vars.DATA_DIR, 'backups')),
    databaseUrl: vars.DATABASE_URL,
    databasePoolSize: vars.DATABASE_POOL_SIZE,
    redisUrl: vars.REDIS_URL,
    maxFileBytes: vars.MAX_FILE_SIZE,
    maxStorageBytes: Math.floor(vars.MAX_STORAGE_GB * GB),
    archivedMediaKeepDays: vars.ARCHIVED_MEDIA_KEEP_DAYS,
    cleanUpIntervalHours: vars.CLEANUP_INTERVAL_HOURS,
  }));
