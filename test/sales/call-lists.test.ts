import { beforeAll, describe, expect, it } from 'vitest';
import type { CallFilter, CallOrder, CallsQuery } from '../generated/graphql.ts';
import { makeClosedCampaign } from '../support/campaigns.ts';
import { makeLead } from '../support/fixtures.ts';
import { Calls } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const minute = (n: number) => new Date(Date.UTC(2026, 2, 31, 9) + n * 60_000).toISOString();

describe('the list of calls', () => {
  const app = useParley();
  let [ann, bob] = [{} as User, {} as User];
  let campaignId: string;

  /** One call a minute: answered half a minute later unless its number divides by three, every second of the campaign. */
  beforeAll(async () => {
    [ann, bob] = [await app.user(), await app.user()];
    campaignId = await makeClosedCampaign(ann, 'DRAFT');
    for (const owner of [ann, bob])
      await sql(
        app.database,
        `INSERT INTO calls (id, owner_id, lead_id, campaign_id, direction, status, phone, attempt, provider, queued_at, started_at)
         SELECT gen_random_uuid(), $1, $2, CASE WHEN n % 2 = 0 THEN $3::uuid END, 'OUTBOUND',
           (CASE WHEN n % 3 > 0 THEN 'COMPLETED' WHEN n % 6 = 0 THEN 'BUSY' ELSE 'NO_ANSWER' END)::call_status,
           n::text, 1, 'simulated', t.at, CASE WHEN n % 3 > 0 THEN t.at + interval '30 seconds' END
         FROM generate_series(0, 29) n, LATERAL (SELECT $4::timestamptz + n * interval '1 minute' AS at) t`,
        [rowId(owner.id), rowId(await makeLead(owner)), owner === ann ? rowId(campaignId) : null, minute(0)],
      );
  });

  /** The numbers of the calls that match, page by page. */
  async function list(filter: CallFilter, orderBy: CallOrder = 'QUEUED_ASC', owner = ann): Promise<number[]> {
    const found: number[] = [];
    for (let after: string | null = null; ; ) {
      const { calls }: CallsQuery = await owner.ask(Calls, { filter, orderBy, first: 4, after });
      found.push(...calls.edges.map(({ node }) => Number(node.phone)));
      if (calls.pageInfo.hasNextPage) after = calls.pageInfo.endCursor ?? null;
      else {
        expect(calls.totalCount).toBe(found.length);
        return found;
      }
    }
  }
  const where = (passes: (n: number) => boolean) => Array.from({ length: 30 }, (_, n) => n).filter(passes);

  it('has those of a campaign, and nobody else’s', async () => {
    expect(await list({ campaignId })).toEqual(where((n) => n % 2 === 0));
    expect(await list({ campaignId }, 'QUEUED_DESC')).toEqual(where((n) => n % 2 === 0).reverse());
    expect(await list({ campaignId }, 'QUEUED_ASC', bob)).toEqual([]);
    const { errors } = await ann.send(Calls, { filter: { campaignId: ann.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('has those of statuses, in the order of the list', async () => {
    expect(await list({ statuses: ['NO_ANSWER'] })).toEqual(where((n) => n % 6 === 3));
    expect(await list({ statuses: ['BUSY', 'NO_ANSWER', 'BUSY'] })).toEqual(where((n) => n % 3 === 0));
    expect(await list({ statuses: ['BUSY', 'COMPLETED'], campaignId }, 'QUEUED_DESC')).toEqual(
      where((n) => n % 2 === 0).reverse(),
    );
    expect(await list({ statuses: [] })).toEqual([]);
  });

  it('has those that were answered in a time', async () => {
    const answered = (n: number) => n % 3 > 0;
    const times = { startedAfter: minute(5.5), startedBefore: minute(20.5) };
    expect(await list({ startedAfter: minute(10) })).toEqual(where((n) => answered(n) && n >= 10));
    expect(await list({ startedBefore: minute(10) }, 'QUEUED_DESC')).toEqual(
      where((n) => answered(n) && n < 10).reverse(),
    );
    expect(await list({ startedAfter: minute(0) })).toEqual(where(answered));
    const inTime = (n: number) => answered(n) && n >= 5 && n < 20;
    expect(await list(times)).toEqual(where(inTime));
    expect(await list({ ...times, campaignId, statuses: ['COMPLETED', 'BUSY'] })).toEqual(
      where((n) => inTime(n) && n % 2 === 0),
    );
    expect(await list({ ...times, statuses: ['BUSY'] })).toEqual([]);
  });
});
