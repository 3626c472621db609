import { z } from 'zod';
import { flag, wholeNumber } from './variables.ts';

/** What the log holds. */
export const loggingSettings = z
  .object({
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    SQL_ECHO: flag.default(false),
    SLOW_QUERY_MS: wholeNumber(1, 600_000).default(100),
  })
  .transform((vars) => ({ logLevel: vars.LOG_LEVEL, sqlEcho: vars.SQL_ECHO, slowQueryMs: vars.SLOW_QUERY_MS }));
