import { CronExpressionParser } from 'cron-parser';

/** When something is done: a cron expression, by the clock of a time zone. */
export type CronTimes = { cron: string; timeZone: string };

/**
 * Returns the newest of the times that is not after the moment. A time that does not exist, as the clock goes to summer time, is that of
 * the next that does: the parser knows so when it goes forward, and not when it goes back.
 */
export function cronDueAt({ cron, timeZone }: CronTimes, moment: Date): Date {
  const currentDate = new Date(moment.getTime() + 1);
  let due = CronExpressionParser.parse(cron, { currentDate, tz: timeZone }).prev().toDate();
  const times = CronExpressionParser.parse(cron, { currentDate: due, tz: timeZone });
  for (let next = times.next().toDate(); next <= moment; next = times.next().toDate()) due = next;
  return due;
}

/** Returns how far apart the next two times are: milliseconds. */
export function cronPeriodMs({ cron, timeZone }: CronTimes, moment: Date): number {
  const times = CronExpressionParser.parse(cron, { currentDate: moment, tz: timeZone });
  const next = times.next().getTime();
  return times.next().getTime() - next;
}
