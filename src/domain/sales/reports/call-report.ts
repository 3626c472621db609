import type { Services } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { CallOutcome, CallStatus } from '#generated/prisma/enums.ts';

/** Key figures of calls. */
export type CallNumbers = {
  calls: number;
  /** Calls that were answered at all, and those that a person answered. */
  answered: number;
  reached: number;
  meetingsBooked: number;
  talkSeconds: number;
};

/** The figures of a campaign's calls, or of an owner's in a time range; days and hours are the leads' local times. */
export type CallReport = CallNumbers & {
  byOutcome: { status: CallStatus; outcome: CallOutcome | null; calls: number }[];
  byDay: ({ day: string } & CallNumbers)[];
  byHour: ({ hour: number } & CallNumbers)[];
};

/** Which calls to report on: of campaigns, or of owners; `from` is inclusive, `to` exclusive. */
export type ReportScope = { of: 'campaign' | 'owner'; id: string; from: Date | null; to: Date | null };

/** The maximum number of days that a report covers. */
export const MAX_REPORT_DAYS = 366;
const DAY_MS = 24 * 3_600_000;

/** Throws BadUserInput if the time range is empty, or longer than MAX_REPORT_DAYS. */
export function assertReportTime(from: Date, to: Date): void {
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days <= 0) throw new BadUserInput('to', 'This must be later than `from`.');
  if (days > MAX_REPORT_DAYS) throw new BadUserInput('to', `A report covers at most ${MAX_REPORT_DAYS} days.`);
}

const NUMBERS = `count(*)::int AS calls, count(c.started_at)::int AS answered,
  count(*) FILTER (WHERE c.answered_by = 'PERSON')::int AS reached,
  count(*) FILTER (WHERE c.outcome = 'MEETING_BOOKED')::int AS "meetingsBooked",
  coalesce(sum(extract(epoch FROM c.ended_at - c.started_at)), 0)::float8 AS "talkSeconds"`;

/** The calls that were dialled, in four grouping sets at once: all, by result, by day, by hour. */
const report = (parent: 'campaign_id' | 'owner_id') => /* sql */ `
SELECT k.ordinal::int, grouping(c.status) AS "notByStatus", grouping(c.day) AS "notByDay", grouping(c.hour) AS "notByHour",
  c.status, c.outcome, c.day::text AS day, c.hour::int AS hour, ${NUMBERS}
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS k(id, since, until, ordinal)
CROSS JOIN LATERAL (
  SELECT status, outcome, answered_by, started_at, ended_at, local::date AS day, extract(hour FROM local) AS hour
  FROM calls, LATERAL (SELECT coalesce(dialled_local, dialled_at AT TIME ZONE 'UTC') AS local) l
  WHERE ${parent} = k.id AND direction = 'OUTBOUND' AND dialled_at IS NOT NULL
    AND queued_at >= coalesce(k.since, '-infinity') AND queued_at < coalesce(k.until, 'infinity')
) c
GROUP BY GROUPING SETS ((k.ordinal), (k.ordinal, c.status, c.outcome), (k.ordinal, c.day), (k.ordinal, c.hour))
ORDER BY k.ordinal, c.day, c.hour, c.status, c.outcome`;

const REPORTS = { campaign: report('campaign_id'), owner: report('owner_id') };

type Row = CallNumbers & {
  ordinal: number;
  notByStatus: number;
  notByDay: number;
  notByHour: number;
  status: CallStatus;
  outcome: CallOutcome | null;
  day: string;
  hour: number;
};

/** Reads the reports of scopes of one kind, in their order, with one statement. */
export async function readCallReports(
  { database }: Pick<Services, 'database'>,
  of: ReportScope['of'],
  scopes: readonly ReportScope[],
): Promise<CallReport[]> {
  const rows = await database.sql<Row>(REPORTS[of], [
    scopes.map(({ id }) => id),
    scopes.map(({ from }) => from),
    scopes.map(({ to }) => to),
  ]);
  const reports = scopes.map(
    (): CallReport => ({
      ...{ calls: 0, answered: 0, reached: 0, meetingsBooked: 0, talkSeconds: 0 },
      ...{ byOutcome: [], byDay: [], byHour: [] },
    }),
  );
  for (const { ordinal, notByStatus, notByDay, notByHour, status, outcome, day, hour, ...numbers } of rows) {
    const report = reports[ordinal - 1] as CallReport;
    if (notByStatus === 0) report.byOutcome.push({ status, outcome, calls: numbers.calls });
    else if (notByDay === 0) report.byDay.push({ day, ...numbers });
    else if (notByHour === 0) report.byHour.push({ hour, ...numbers });
    else Object.assign(report, numbers);
  }
  return reports;
}

/** Returns the fraction of calls that reached a person, 0 to 1; null if there are no calls. */
export const reachRate = ({ calls, reached }: CallNumbers): number | null => (calls === 0 ? null : reached / calls);

/** Returns how many meetings were booked per hundred calls; null if there are no calls. */
export const meetingsPerHundredCalls = ({ calls, meetingsBooked }: CallNumbers): number | null =>
  calls === 0 ? null : (meetingsBooked / calls) * 100;
