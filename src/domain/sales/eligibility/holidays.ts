import { LRUCache } from 'lru-cache';
import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { Holiday } from './list-holidays.ts';
import type { HolidayTasks } from './thread.ts';

/** date-holidays takes 290 ms and 45 MB to load, and up to 100 ms for a country's first year. */
const THREADS: ThreadFile<HolidayTasks> = { url: new URL('./thread.ts', import.meta.url), size: 1, heapMb: 256 };

/** Years of a country: some 2 KB each. */
const known = new LRUCache<string, Promise<Holiday[]>>({ max: 1_000 });

/**
 * Returns the days of a country's year on which nobody is called, by the operator's lists too: what they open wins over what
 * they close, and both over the calendar. Throws Unavailable.
 */
export async function holidaysOf(deps: Pick<Deps, 'threads' | 'actor' | 'sales'>, country: string, year: number) {
  const { holidayTypes: types, closedDays, openDays } = deps.sales;
  const key = JSON.stringify([country, year, types]);
  const listed = known.get(key) ?? runInThread(deps, THREADS, 'listHolidays', { country, year, types });
  known.set(key, listed);
  listed.catch(() => known.delete(key));
  const closed = closedDays.filter((day) => appliesTo(day, country)).map((day) => day.slice(-DATE_LENGTH));
  const open = new Set(openDays.filter((day) => appliesTo(day, country)).map((day) => day.slice(-DATE_LENGTH)));
  const own = closed
    .filter((date) => date.startsWith(`${year}-`))
    .map((date) => ({ date, name: 'a closed day', fromEve: false }));
  return [...(await listed), ...own].filter(({ date }) => !open.has(date));
}

/**
 * Lists the holidays of a country for the coming weeks, before anybody waits for them in a transaction, as a talk does in which a
 * meeting is agreed on. Throws Unavailable.
 */
export async function warmUpHolidays(deps: Pick<Deps, 'threads' | 'actor' | 'sales' | 'now'>, country: string) {
  const inWeeks = new Date(deps.now().getTime() + WARM_DAYS * 24 * 3_600_000);
  const years = new Set([deps.now(), inWeeks].map((date) => date.getUTCFullYear()));
  for (const year of years) await holidaysOf(deps, country, year);
}

/** What a calendar of a zone covers, and a meeting can be as far away. */
const WARM_DAYS = 105;

const DATE_LENGTH = '2027-01-01'.length;

/** Whether a day of the operator's lists, as `IL:2027-01-01` or `2027-01-01`, is one of a country. */
const appliesTo = (day: string, country: string) => day.length === DATE_LENGTH || day.startsWith(`${country}:`);
