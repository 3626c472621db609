import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(4000),
  PUBLIC_URL: url('http:', 'https:').optional(),
  CORS_ORIGINS: list.default([]),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DATABASE_POOL_SIZE: whole(2, 500).default(10),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SQL_ECHO: flag.default(false),
  SLOW_QUERY_MS: whole(1, 600_000).default(100),
  BOOTSTRAP_ADMIN_KEY: z
    .string()
    .regex(/^prl_[A-Za-z0-9_-]{43}$/, 'must be prl_ and 32 random bytes in base64url, 43 characters')
    .optional(),
  RATE_LIMIT_POINTS: whole(1, 2_000_000_000).default(6_000),
  MAX_CONCURRENT_JOBS: whole(1, 100).default(3),
  MAX_QUEUE_SIZE: whole(1, 1_000_000).default(100),
  JOB_LEASE_MS: whole(10_000, 3_600_000).default(30_000),
});

export type Config = ReturnType<typeof readConfig>;

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Reads `.env` where there is one; variables that are already set win over it. */
export function loadEnvFile(file = '.env'): void {
  if (existsSync(file)) process.loadEnvFile(file);
}

/** The settings, or a ConfigError that lists every problem at once. An empty variable counts as unset. */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration has ${problems.length} problem(s):\n${problems.join('\n')}`);
  }
  const vars = parsed.data;
  return {
    production: vars.NODE_ENV === 'production',
    host: vars.HOST,
    port: vars.PORT,
    publicUrl: vars.PUBLIC_URL,
    corsOrigins: vars.CORS_ORIGINS,
    dataDir: path.resolve(vars.DATA_DIR),
    databaseUrl: vars.DATABASE_URL,
    databasePoolSize: vars.DATABASE_POOL_SIZE,
    redisUrl: vars.REDIS_URL,
    logLevel: vars.LOG_LEVEL,
    sqlEcho: vars.SQL_ECHO,
    slowQueryMs: vars.SLOW_QUERY_MS,
    bootstrapAdminKey: vars.BOOTSTRAP_ADMIN_KEY,
    rateLimitPoints: vars.RATE_LIMIT_POINTS,
    maxConcurrentJobs: vars.MAX_CONCURRENT_JOBS,
    maxQueueSize: vars.MAX_QUEUE_SIZE,
    jobLeaseMs: vars.JOB_LEASE_MS,
  };
}
