import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { accessSettings } from './access.ts';
import { jobSettings } from './jobs.ts';
import { loggingSettings } from './logging.ts';
import { modelSettings } from './models.ts';
import { replySettings } from './replies.ts';
import { serverSettings } from './server.ts';
import { storageSettings } from './storage.ts';

/** Reads all groups from the same variables, and collects the problems of all. */
export const settings = serverSettings
  .and(storageSettings)
  .and(accessSettings)
  .and(modelSettings)
  .and(replySettings)
  .and(jobSettings)
  .and(loggingSettings);

/** The settings of a process. */
export type Config = z.output<typeof settings>;

/** The configuration cannot be used. The message is for the operator, lists every problem and repeats no value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Reads `.env` where there is one; variables that are already set win over it. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/**
 * Returns the settings, or throws a ConfigError that lists every problem at once. An empty variable counts as unset.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The configuration has ${problems.length} problem(s):\n${problems.join('\n')}`);
}
