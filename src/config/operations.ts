import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { wholeNumber } from './variables.ts';

const isTimeZone = (name: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};

/** The parser also takes fewer fields, which it completes from the left, a sixth one of seconds, and H, each time another minute. */
const hasCronFields = (text: string) => text.startsWith('@') || text.trim().split(/\s+/).length === 5;

const isCron = (text: string) => {
  try {
    return hasCronFields(text) && !/\bH\b/i.test(text) && Boolean(CronExpressionParser.parse(text));
  } catch {
    return false;
  }
};

/** The value for no scheduled backups. */
const OFF = 'off';

/** Backups, scheduled clean-up, and the size of the response cache. */
export const operationsSettings = z
  .object({
    BACKUP_KEEP: wholeNumber(1, 1_000).default(7),
    BACKUP_CRON: z
      .string()
      .refine((text) => text === OFF || isCron(text), { error: 'must be five fields as `0 2 * * *`, or off' })
      .default('0 2 * * *'),
    BACKUP_TIME_ZONE: z.string().refine(isTimeZone, { error: 'must be a time zone as Asia/Jerusalem' }).default('UTC'),
    // Unset by default: users do not expect conversations to be deleted because of their age.
    CLEANUP_DAYS_OLD: wholeNumber(1, 36_500).optional(),
    RESPONSE_CACHE_MB: wholeNumber(0, 4_096).default(32),
  })
  .transform((vars) => ({
    backups: {
      keep: vars.BACKUP_KEEP,
      /** Null if backups are not scheduled. */
      cron: vars.BACKUP_CRON === OFF ? null : vars.BACKUP_CRON,
      timeZone: vars.BACKUP_TIME_ZONE,
    },
    /** Null if conversations are not deleted by age. */
    conversationsKeepDays: vars.CLEANUP_DAYS_OLD ?? null,
    /** The size of the response cache of a process; 0 disables caching, also in Redis. */
    responseCacheBytes: vars.RESPONSE_CACHE_MB * 2 ** 20,
  }));
