import path from 'node:path';
import { z } from 'zod';
import { url, wholeNumber } from './variables.ts';

/** Where the data is, and what connects processes. */
export const storageSettings = z
  .object({
    DATA_DIR: z.string().default('./data'),
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    DATABASE_POOL_SIZE: wholeNumber(2, 500).default(10),
    REDIS_URL: url('redis:', 'rediss:').optional(),
  })
  .transform((vars) => ({
    dataDir: path.resolve(vars.DATA_DIR),
    databaseUrl: vars.DATABASE_URL,
    databasePoolSize: vars.DATABASE_POOL_SIZE,
    redisUrl: vars.REDIS_URL,
  }));
