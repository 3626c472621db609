import { CronExpressionParser } from 'cron-parser';

/** A schedule: a cron expression, by the clock of a time zone. */
export type CronTimes = { cron: string; timeZone: string };

/**
 * Returns the latest scheduled time that is not after the moment. A time that does not exist because the clocks go forward counts as
 * the next one that does. The parser handles that when it steps forward, but not when it steps back.
 */
export function cronDueAt({ cron, timeZone }: CronTimes, moment: Date): Date {
  const currentDate = new Date(moment.getTime() + 1);
  let due = CronExpressionParser.parse(cron, { currentDate, tz: timeZone }).prev().toDate();
  const times = CronExpressionParser.parse(cron, { currentDate: due, tz: timeZone });
  for (let next = times.next().toDate(); next <= moment; next = times.next().toDate()) due = next;
  return due;
}

/** Returns the scheduled time before the latest one that is not after the moment. */
export function cronDueBeforeLast(times: CronTimes, moment: Date): Date {
  return cronDueAt(times, new Date(cronDueAt(times, moment).getTime() - 1));
}
