import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { accessSettings } from './access.ts';
import { alertSettings } from './alerts.ts';
import { fileSettings } from './files.ts';
import { jobSettings } from './jobs.ts';
import { loggingSettings } from './logging.ts';
import { mediaSettings } from './media.ts';
import { modelSettings } from './models.ts';
import { operationsSettings } from './operations.ts';
import { replySettings } from './replies.ts';
import { salesSettings } from './sales.ts';
import { serverSettings } from './server.ts';
import { storageSettings } from './storage.ts';
import { telephonySettings } from './telephony.ts';
import { findUnknownVariables } from './unknown-variables.ts';
import { webhookSettings } from './webhooks.ts';

/** All variables of these groups are settings; those whose names denote secrets are masked in logs. */
const GROUPS = [
  serverSettings,
  storageSettings,
  fileSettings,
  accessSettings,
  modelSettings,
  mediaSettings,
  replySettings,
  jobSettings,
  salesSettings,
  operationsSettings,
  alertSettings,
  webhookSettings,
  telephonySettings,
  loggingSettings,
] as const;

type Outputs<Groups> = Groups extends readonly [infer First extends z.ZodType, ...infer Rest]
  ? z.output<First> & Outputs<Rest>
  : unknown;

/** The settings of a process. */
export type Config = Outputs<typeof GROUPS>;

const [firstGroup, ...otherGroups] = GROUPS;

/** Reads all groups from the same variables, and collects all their problems. */
export const settings = otherGroups.reduce<z.ZodType>((all, group) => all.and(group), firstGroup) as z.ZodType<Config>;

/**
 * The configuration is invalid. The message is for the operator, and lists all problems, with the values of settings that are not secret.
 */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Env = Record<string, string | undefined>;

/** Reads `.env` if it exists. Variables that are already set take precedence. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/**
 * Returns the settings, or throws a ConfigError that lists every problem at once. White space around values is ignored, such as the CR of a
 * file with CRLF lines; a variable that has nothing else counts as unset.
 */
export function readConfig(env: Env = process.env): Config {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  const given = Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return `${name}: ${message}${describeValue(name, given[name])}`;
  });
  const problems = [...new Set(found)]; // two groups may read the same variable
  const lines = [...problems, ...listUnknownVariables(env)].map((line) => `\n  ${line}`);
  throw new ConfigError(`The configuration has ${problems.length} problem(s):${lines.join('')}`);
}

function settingNames(): string[] {
  return [...new Set(GROUPS.flatMap((group) => Object.keys(group.in.shape)))];
}

/** Returns a sentence for each unknown variable that looks like a setting. */
export function listUnknownVariables(env: Env = process.env): string[] {
  return findUnknownVariables(Object.keys(env), settingNames()).map(
    ({ name, nearest }) => `${name} is not a setting of Parley; the nearest is ${nearest}.`,
  );
}

const MAX_SHOWN = 60;
/** Settings that contain a secret, or a URL that may contain one. */
const SECRET = /_(KEY|TOKEN|SECRET|WEBHOOK_URL)$/;
/** Shorter values may occur by chance, and are not masked. */
const SHORTEST_SECRET = 8;

/** Returns the secrets among the settings, which are masked wherever they occur. */
export function listSecrets(env: Env = process.env): string[] {
  return settingNames().flatMap((name) => {
    const value = env[name]?.trim();
    return SECRET.test(name) && value && value.length >= SHORTEST_SECRET ? [value] : [];
  });
}

/** Returns the value of a variable without passwords; nothing of a key or of a webhook URL, which may be a secret. */
function describeValue(name: string, value: string | undefined): string {
  if (value === undefined || SECRET.test(name)) return '';
  const shown = /_URLS?$/.test(name) ? hideCredentials(value) : value;
  return ` (it is ${JSON.stringify(shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown)})`;
}

/** Masks everything before the last `@` of a URL, and its parameters, which may contain a password. */
function hideCredentials(url: string): string {
  return url.replace(/^([a-z][a-z+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*/s, '?…');
}
