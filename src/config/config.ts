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
/** `fetch` refuses a URL that holds a user or password. */
const endpointUrl = url('http:', 'https:').refine((text) => !URL.parse(text)?.username && !URL.parse(text)?.password, {
  error: 'may hold no user or password; a key has a variable of its own',
});
/** Looked at whatever else is wrong, so that every problem is told at once. */
function together(given: string, missing: string): [(vars: object) => boolean, CustomIssue] {
  const isThere = (vars: object) => !(given in vars) || missing in vars;
  return [isThere, { path: [missing], error: `is missing: ${given} and ${missing} go together`, when: () => true }];
}
type CustomIssue = { path: string[]; error: string; when: () => boolean };

const Environment = z
  .object({
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
    MAX_CONTEXT_MESSAGES: whole(1, 100).default(6),
    MAX_CONTEXT_TOKENS: whole(500, 2_000_000).default(8_000),
    EXTRACT_MEMORIES: flag.default(true),
    MODEL_BASE_URL: endpointUrl.optional(),
    MODEL_API_KEY: z.string().optional(),
    MODEL_NAME: z.string().optional(),
    MODEL_TIMEOUT_MS: whole(100, 300_000).default(20_000),
    EMBEDDING_BASE_URL: endpointUrl.optional(),
    EMBEDDING_API_KEY: z.string().optional(),
    EMBEDDING_MODEL: z.string().optional(),
    MAX_CONCURRENT_JOBS: whole(1, 100).default(3),
    MAX_CONCURRENT_REPLIES: whole(1, 1_000).default(32),
    MAX_QUEUE_SIZE: whole(1, 1_000_000).default(100),
    JOB_LEASE_MS: whole(10_000, 3_600_000).default(30_000),
  })
  .refine(...together('MODEL_BASE_URL', 'MODEL_NAME'))
  .refine(...together('MODEL_NAME', 'MODEL_BASE_URL'))
  .refine(...together('EMBEDDING_BASE_URL', 'EMBEDDING_MODEL'))
  .refine(...together('EMBEDDING_MODEL', 'EMBEDDING_BASE_URL'));

/** An OpenAI-compatible endpoint, and the model to ask there; `timeoutMs` is how long it may be silent. */
export type Endpoint = { baseUrl: string; name: string; apiKey: string | null; timeoutMs: number };

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
    maxContextMessages: vars.MAX_CONTEXT_MESSAGES,
    maxContextTokens: vars.MAX_CONTEXT_TOKENS,
    extractMemories: vars.EXTRACT_MEMORIES,
    model: endpoint(vars.MODEL_BASE_URL, vars.MODEL_NAME, vars.MODEL_API_KEY, vars.MODEL_TIMEOUT_MS),
    embedding: endpoint(vars.EMBEDDING_BASE_URL, vars.EMBEDDING_MODEL, vars.EMBEDDING_API_KEY, vars.MODEL_TIMEOUT_MS),
    maxConcurrentJobs: vars.MAX_CONCURRENT_JOBS,
    maxConcurrentReplies: vars.MAX_CONCURRENT_REPLIES,
    maxQueueSize: vars.MAX_QUEUE_SIZE,
    jobLeaseMs: vars.JOB_LEASE_MS,
  };
}

function endpoint(
  baseUrl: string | undefined,
  name: string | undefined,
  apiKey: string | undefined,
  timeoutMs: number,
): Endpoint | null {
  return baseUrl && name ? { baseUrl, name, apiKey: apiKey ?? null, timeoutMs } : null;
}
