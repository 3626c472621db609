import { z } from 'zod';
import { list, url, wholeNumber } from './variables.ts';

/** Where the server listens, and who may call it from a web page. */
export const serverSettings = z
  .object({
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(4000),
    PUBLIC_URL: url('http:', 'https:').optional(),
    CORS_ORIGINS: list.default([]),
  })
  .transform((vars) => ({
    production: vars.NODE_ENV === 'production',
    host: vars.HOST,
    port: vars.PORT,
    publicUrl: vars.PUBLIC_URL,
    corsOrigins: vars.CORS_ORIGINS,
  }));
