import path from 'node:path';
import { z } from 'zod';
import { addressRanges, baseUrl, flag, oneOf, origins, requiredWith, wholeNumber } from './variables.ts';

/** Load balancers poll readiness every few seconds, and send requests until they have noticed that the server is stopping. */
const PRODUCTION_SHUTDOWN_DELAY_MS = 5_000;

/** The network address, CORS, trusted proxies, limits of connections, persisted operations, and shutdown. */
export const serverSettings = z
  .object({
    NODE_ENV: oneOf(['development', 'production', 'test']).default('development'),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(4000),
    METRICS_PORT: wholeNumber(0, 65_535).optional(),
    HTTP_KEEP_ALIVE_SECONDS: wholeNumber(1, 3_600).default(65),
    PUBLIC_URL: baseUrl.optional(),
    CORS_ORIGINS: origins.default([]),
    TRUSTED_PROXIES: addressRanges.default([]),
    MAX_CONNECTIONS_PER_USER: wholeNumber(1, 1_000_000).default(12_000),
    SHUTDOWN_DELAY_MS: wholeNumber(0, 20_000).optional(),
    PERSISTED_OPERATIONS: z.string().optional(),
    PERSISTED_OPERATIONS_ONLY: flag.optional(),
  })
  .refine(...requiredWith('PERSISTED_OPERATIONS_ONLY', 'PERSISTED_OPERATIONS'))
  .transform((vars) => ({
    production: vars.NODE_ENV === 'production',
    host: vars.HOST,
    port: vars.PORT,
    /** The port on which a process that is only a worker serves probes and metrics; null if it serves none. */
    metricsPort: vars.METRICS_PORT ?? null,
    /** How long an idle connection is kept open. Must be longer than the timeout of the proxy, which has to close it first. */
    keepAliveMs: vars.HTTP_KEEP_ALIVE_SECONDS * 1_000,
    publicUrl: vars.PUBLIC_URL?.replace(/\/+$/, ''),
    corsOrigins: vars.CORS_ORIGINS,
    trustedProxies: vars.TRUSTED_PROXIES,
    maxConnectionsPerUser: vars.MAX_CONNECTIONS_PER_USER,
    /** The file of persisted documents, and whether only ADMINs may send other documents; null if there is none. */
    persistedOperations: vars.PERSISTED_OPERATIONS
      ? { file: path.resolve(vars.PERSISTED_OPERATIONS), only: vars.PERSISTED_OPERATIONS_ONLY ?? false }
      : null,
    shutdownDelayMs: vars.SHUTDOWN_DELAY_MS ?? (vars.NODE_ENV === 'production' ? PRODUCTION_SHUTDOWN_DELAY_MS : 0),
  }));
