import { z } from 'zod';
import { flag, list, wholeNumber } from './variables.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day from 00:00 to 23:59' });

const closingTime = z
  .string()
  .regex(/^(?:([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'must be a time of day from 00:00 to 24:00' });

const listOf = (pattern: RegExp, error: string) =>
  list.refine((items) => items.every((item) => pattern.test(item)), { error });

const countries = listOf(/^[A-Z]{2}$/, 'must be ISO 3166 codes of countries between commas, such as IL,US');
const days = listOf(
  /^([A-Z]{2}:)?\d{4}-\d{2}-\d{2}$/,
  'must be days between commas, such as IL:2027-01-01 or 2027-01-01',
);

/** Countries in which automated calls, or calls with artificial voices, require consent. For the EEA: Directive 2002/58/EC, article 13. */
const CONSENT_COUNTRIES =
  'IL,US,CA,GB,CH,AU,AT,BE,BG,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HR,HU,IE,IS,IT,LI,LT,LU,LV,MT,NL,NO,PL,PT,RO,SE,SI,SK';

/** The types of numbers with normal call charges. The others may cause high charges for the owner of the account. */
const NUMBER_TYPES = ['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'TOLL_FREE', 'UAN'];
const COSTLY_TYPES = ['PREMIUM_RATE', 'SHARED_COST', 'PERSONAL_NUMBER', 'PAGER', 'VOICEMAIL', 'UNKNOWN'];

/** When leads may be called, and the default country of phone numbers. */
export const salesSettings = z
  .object({
    DEFAULT_PHONE_REGION: z
      .string()
      .regex(/^[A-Z]{2}$/, { error: 'must be the ISO 3166 code of a country, such as IL' })
      .optional(),
    CALL_WINDOW_START: clock.default('09:00'),
    CALL_WINDOW_END: closingTime.default('18:00'),
    CALL_DAYS: listOf(/^[1-7]$/, 'must be ISO weekdays between commas, 1 for Monday to 7 for Sunday').default([
      ...['7', '1', '2', '3', '4'],
    ]),
    RESPECT_SHABBAT: flag.default(true),
    HOLIDAY_TYPES: listOf(
      /^(public|bank|optional|school|observance)$/,
      'must be of public, bank, optional, school, observance',
    ).default(['public']),
    CLOSED_DAYS: days.default([]),
    OPEN_DAYS: days.default([]),
    CONSENT_COUNTRIES: countries.default(CONSENT_COUNTRIES.split(',')),
    CONSENT_DAYS: wholeNumber(1, 3_650).default(365),
    REGISTRY_COUNTRIES: countries.default(['IL']),
    REGISTRY_DAYS: wholeNumber(1, 365).default(15),
    MAX_CALL_ATTEMPTS: wholeNumber(1, 100).default(3),
    CALL_RETRY_HOURS: wholeNumber(0, 720).default(4),
    CALL_COUNTRIES: countries.default(CONSENT_COUNTRIES.split(',')),
    CALL_ALL_ZONES_COUNTRIES: countries.default(['US', 'CA']),
    CALL_NUMBER_TYPES: listOf(
      new RegExp(`^(${[...NUMBER_TYPES, ...COSTLY_TYPES].join('|')})$`),
      `must be of ${[...NUMBER_TYPES, ...COSTLY_TYPES].join(', ')}`,
    ).default(NUMBER_TYPES),
    MAX_CONCURRENT_CALLS: wholeNumber(1, 10_000).default(20),
    MAX_DAILY_CALLS_PER_NUMBER: wholeNumber(1, 100).default(3),
    MAX_DAILY_CALL_MINUTES: wholeNumber(1, 10_000_000).default(6_000),
    MAX_NEW_CALLERS_PER_HOUR: wholeNumber(0, 100_000).default(30),
  })
  .refine((vars) => vars.CALL_WINDOW_START < vars.CALL_WINDOW_END, {
    error: 'must be later than CALL_WINDOW_START',
    path: ['CALL_WINDOW_END'],
  })
  .transform((vars) => ({
    sales: {
      defaultPhoneRegion: vars.DEFAULT_PHONE_REGION ?? null,
      callWindow: {
        start: vars.CALL_WINDOW_START,
        end: vars.CALL_WINDOW_END,
        days: vars.CALL_DAYS.map(Number),
        respectShabbat: vars.RESPECT_SHABBAT,
      },
      holidayTypes: vars.HOLIDAY_TYPES,
      closedDays: vars.CLOSED_DAYS,
      openDays: vars.OPEN_DAYS,
      consent: { countries: vars.CONSENT_COUNTRIES, days: vars.CONSENT_DAYS },
      registry: { countries: vars.REGISTRY_COUNTRIES, days: vars.REGISTRY_DAYS },
      maxAttempts: vars.MAX_CALL_ATTEMPTS,
      retryHours: vars.CALL_RETRY_HOURS,
      callCountries: vars.CALL_COUNTRIES,
      allZonesCountries: vars.CALL_ALL_ZONES_COUNTRIES,
      callNumberTypes: vars.CALL_NUMBER_TYPES,
      maxConcurrentCalls: vars.MAX_CONCURRENT_CALLS,
      maxDailyCallsPerNumber: vars.MAX_DAILY_CALLS_PER_NUMBER,
      maxDailyCallMinutes: vars.MAX_DAILY_CALL_MINUTES,
      maxNewCallersPerHour: vars.MAX_NEW_CALLERS_PER_HOUR,
    },
  }));

/** The rules for calls. */
export type SalesRules = z.output<typeof salesSettings>['sales'];
