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

const isCron = (text: string) => {
  try {
    return Boolean(CronExpressionParser.parse(text));
  } catch {
    return false;
  }
};

/** Never: no backups by schedule. */
const OFF = 'off';

/** When backups are taken and how many are kept, what is deleted by schedule, and how much is kept of answers. */
export const operationsSettings = z
  .object({
    BACKUP_KEEP: wholeNumber(1, 1_000).default(7),
    BACKUP_CRON: z
      .string()
      .refine((text) => text === OFF || isCron(text), { error: 'must be five fields as `0 2 * * *`, or off' })
      .default('0 2 * * *'),
    BACKUP_TIME_ZONE: z.string().refine(isTimeZone, { error: 'must be a time zone as Asia/Jerusalem' }).default('UTC'),
    // None by default: nobody expects that what they said is deleted because it is a month old.
    CLEANUP_DAYS_OLD: wholeNumber(1, 36_500).optional(),
    RESPONSE_CACHE_MB: wholeNumber(0, 4_096).default(32),
  })
  .transform((vars) => ({
    backups: {
      keep: vars.BACKUP_KEEP,
      /** Null where there is none. */
      cron: vars.BACKUP_CRON === OFF ? null : vars.BACKUP_CRON,
      timeZone: vars.BACKUP_TIME_ZONE,
    },
    /** Null where no conversation is deleted by its age. */
    conversationsKeepDays: vars.CLEANUP_DAYS_OLD ?? null,
    /** Of answers that a process keeps; 0 keeps none, here nor in Redis. */
    responseCacheBytes: vars.RESPONSE_CACHE_MB * 2 ** 20,
  }));
