import type { Services } from '#domain/core/deps.ts';
import type { ReportScope } from './call-report.ts';

/** How many leads are blocked for a reason; a lead with several reasons counts for each. */
export type BlockedLeads = { code: string; leads: number };

const blocked = (parent: 'id' | 'owner_id') => /* sql */ `
SELECT k.ordinal::int, r.code, count(*)::int AS leads
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS k(id, since, until, ordinal)
JOIN campaigns c ON c.${parent} = k.id AND c.deleted_at IS NULL
  AND coalesce(c.started_at >= k.since, k.since IS NULL) AND coalesce(c.started_at < k.until, k.until IS NULL)
JOIN campaign_leads l ON l.campaign_id = c.id AND l.status = 'BLOCKED'
CROSS JOIN LATERAL unnest(l.blocked_reasons) AS r(code)
GROUP BY k.ordinal, r.code ORDER BY k.ordinal, leads DESC, r.code`;

const STATEMENTS = { campaign: blocked('id'), owner: blocked('owner_id') };

/** Counts blocked leads by reason: of campaigns, or of all campaigns that owners have started in a time range. One statement. */
export async function readBlockedLeads(
  { database }: Pick<Services, 'database'>,
  of: ReportScope['of'],
  scopes: readonly ReportScope[],
): Promise<BlockedLeads[][]> {
  const rows = await database.sql<BlockedLeads & { ordinal: number }>(STATEMENTS[of], [
    scopes.map(({ id }) => id),
    scopes.map(({ from }) => from),
    scopes.map(({ to }) => to),
  ]);
  const counts: BlockedLeads[][] = scopes.map(() => []);
  for (const { ordinal, ...count } of rows) counts[ordinal - 1]?.push(count);
  return counts;
}
