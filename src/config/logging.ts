import { z } from 'zod';
import { flag, number, oneOf, url, wholeNumber } from './variables.ts';

/** Logging, statistics about SQL statements, and tracing. */
export const loggingSettings = z
  .object({
    LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    SQL_ECHO: flag.default(false),
    SLOW_QUERY_MS: wholeNumber(1, 600_000).default(100),
    OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional(),
    OTEL_TRACES_SAMPLER_ARG: number(0, 1).default(1),
    METRICS_RETENTION_HOURS: wholeNumber(1, 8_760).default(24),
  })
  .transform((vars) => ({
    logLevel: vars.LOG_LEVEL,
    sqlEcho: vars.SQL_ECHO,
    slowQueryMs: vars.SLOW_QUERY_MS,
    tracing: vars.OTEL_EXPORTER_OTLP_ENDPOINT
      ? { endpoint: vars.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''), share: vars.OTEL_TRACES_SAMPLER_ARG }
      : null,
    metricsRetentionHours: vars.METRICS_RETENTION_HOURS,
  }));
