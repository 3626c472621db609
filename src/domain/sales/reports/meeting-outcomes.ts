import type { Services } from '#domain/core/deps.ts';
import type { ReportScope } from './call-report.ts';

/** How many meetings were held, and to how many the lead did not come. */
export type MeetingOutcomes = { meetingsHeld: number; noShows: number };

/** Meetings of owners that began in a time range, or that were booked in calls of campaigns. */
const outcomes = (meetings: string) => /* sql */ `
SELECT count(m.id) FILTER (WHERE m.outcome = 'HELD')::int AS "meetingsHeld", count(m.id) FILTER (WHERE m.outcome = 'NO_SHOW')::int AS "noShows"
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS k(id, since, until, ordinal)
LEFT JOIN LATERAL (${meetings}) m ON true
GROUP BY k.ordinal ORDER BY k.ordinal`;

const STATEMENTS = {
  campaign: outcomes(`SELECT m.id, m.outcome FROM calls c JOIN meetings m ON m.call_id = c.id WHERE c.campaign_id = k.id
    AND m.starts_at >= coalesce(k.since, '-infinity') AND m.starts_at < coalesce(k.until, 'infinity')`),
  owner: outcomes(`SELECT m.id, m.outcome FROM meetings m WHERE m.owner_id = k.id
    AND m.starts_at >= coalesce(k.since, '-infinity') AND m.starts_at < coalesce(k.until, 'infinity')`),
};

/** Counts the outcomes of meetings for scopes of one kind, in their order, with one statement. */
export const readMeetingOutcomes = (
  { database }: Pick<Services, 'database'>,
  of: ReportScope['of'],
  scopes: readonly ReportScope[],
): Promise<MeetingOutcomes[]> =>
  database.sql<MeetingOutcomes>(STATEMENTS[of], [
    scopes.map(({ id }) => id),
    scopes.map(({ from }) => from),
    scopes.map(({ to }) => to),
  ]);
