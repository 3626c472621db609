import { AsyncLocalStorage } from 'node:async_hooks';
import { LRUCache } from 'lru-cache';
import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { Holiday } from './list-holidays.ts';
import type { HolidayTasks } from './thread.ts';

/** A thread, because date-holidays takes 290 ms and 45 MB to load, and up to 100 ms for a country's first year. */
const THREADS: ThreadFile<HolidayTasks> = { url: new URL('./thread.ts', import.meta.url), size: 1, heapMb: 256 };

/** A cache of years per country, some 2 KB each. */
const cache = new LRUCache<string, Holiday[]>({ max: 1_000 });
/** The listings in flight. */
const inFlight = new Map<string, Promise<Holiday[]>>();
/** Whether the code runs within a transaction, which must not wait for a listing. */
const isInTransaction = new AsyncLocalStorage<boolean>();

/**
 * Returns the days of a country's year on which nobody is called, including the operator's lists: days they open take precedence over days
 * they close, and both over the calendar. Throws Unavailable.
 */
export async function holidaysOf(deps: Listing, country: string, year: number) {
  const { closedDays, openDays } = deps.sales;
  const listed = await listOnce(deps, country, year);
  const closed = closedDays.filter((day) => appliesTo(day, country)).map((day) => day.slice(-DATE_LENGTH));
  const open = new Set(openDays.filter((day) => appliesTo(day, country)).map((day) => day.slice(-DATE_LENGTH)));
  const own = closed
    .filter((date) => date.startsWith(`${year}-`))
    .map((date) => ({ date, name: 'a closed day', fromEve: false }));
  return [...listed, ...own].filter(({ date }) => !open.has(date));
}

type Listing = Pick<Deps, 'threads' | 'actor' | 'sales'>;

async function listOnce(deps: Listing, country: string, year: number): Promise<Holiday[]> {
  const { holidayTypes: types } = deps.sales;
  const key = JSON.stringify([country, year, types]);
  const listed = cache.get(key);
  if (listed) return listed;
  if (isInTransaction.getStore()) throw new HolidaysNotListed(country, year);
  const task =
    inFlight.get(key) ??
    runInThread(deps, THREADS, 'listHolidays', { country, year, types }).finally(() => inFlight.delete(key));
  inFlight.set(key, task);
  const holidays = await task;
  cache.set(key, holidays);
  return holidays;
}

/** Thrown within `withListedHolidays` to roll back a transaction that needs holidays which are not cached yet. */
class HolidaysNotListed extends Error {
  override name = 'HolidaysNotListed';
  readonly country: string;
  readonly year: number;

  constructor(country: string, year: number) {
    super(`The holidays of ${country} in ${year} are not listed yet.`);
    this.country = country;
    this.year = year;
  }
}

/**
 * Runs a transaction that may need the holidays of any country and year. Missing ones are never listed within it, where others would wait
 * for its locks, and on the embedded database everybody would. Instead it is rolled back and, once they are listed, run again. Throws
 * Unavailable.
 */
export async function withListedHolidays<Result>(deps: Listing, transaction: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await isInTransaction.run(true, transaction);
    } catch (error) {
      if (!(error instanceof HolidaysNotListed)) throw error;
      await listOnce(deps, error.country, error.year);
    }
  }
}

/**
 * Lists a country's holidays for the coming weeks in advance, before anybody waits on the phone for them. May be started
 * within a transaction, which must not wait for it. Throws Unavailable.
 */
export async function warmUpHolidays(deps: Listing & Pick<Deps, 'now'>, country: string) {
  const inWeeks = new Date(deps.now().getTime() + WARM_DAYS * 24 * 3_600_000);
  const years = new Set([deps.now(), inWeeks].map((date) => date.getUTCFullYear()));
  await isInTransaction.run(false, async () => {
    for (const year of years) await listOnce(deps, country, year);
  });
}

/** As far ahead as zone calendars reach, and so a meeting can be offered. */
const WARM_DAYS = 105;

const DATE_LENGTH = '2027-01-01'.length;

/** Whether an entry of the operator's lists, such as `IL:2027-01-01` or `2027-01-01`, applies to a country. */
const appliesTo = (day: string, country: string) => day.length === DATE_LENGTH || day.startsWith(`${country}:`);
