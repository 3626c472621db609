import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LeadFilter, LeadOrder, LeadsQuery, TagLeadsInput } from '../generated/graphql.ts';
import { makeLead } from '../support/fixtures.ts';
import { bearer } from '../support/http.ts';
import { CreateCampaign, Leads, TagLeads } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const day = (n: number) => new Date(Date.UTC(2026, 2, 1) + n * 24 * 3_600_000).toISOString();
const NAMES = ['Éclair', 'apple', 'Zebra', 'שָׁלוֹם עולם', 'Banana', 'eclipse', 'ÉCLAIR two', 'שלום', 'ÇA VA'];
const IN_ORDER = ['apple', 'Banana', 'ÇA VA', 'Éclair', 'ÉCLAIR two', 'eclipse', 'Zebra', 'שלום', 'שָׁלוֹם עולם'];

const apps = { postgres: useParley(), embedded: useParley({ on: 'embedded' }) };

/** Leads that are created a day after the other, changed in the opposite order, and every third never called. */
const insertLeads = (owner: User) =>
  sql(
    apps.postgres.database,
    `INSERT INTO leads (id, owner_id, name, phone, language, tags, created_at, updated_at, last_attempt_at)
     SELECT gen_random_uuid(), $1, name, '+97254' || (7000000 + n), 'he', ARRAY['all', CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END],
       $3::timestamptz + n * interval '1 day', $3::timestamptz + (100 - n) * interval '1 day',
       CASE WHEN n % 3 > 0 THEN $3::timestamptz + (n * 7 % 10) * interval '1 day' END
     FROM unnest($2::text[]) WITH ORDINALITY u(name, nr), LATERAL (SELECT (nr - 1)::int AS n) i`,
    [rowId(owner.id), NAMES, day(0)],
  );

describe('the list of leads', () => {
  const app = apps.postgres;
  let [ann, bob] = [{} as User, {} as User];

  beforeAll(async () => {
    [ann, bob] = [await app.user(), await app.user()];
    for (const owner of [ann, bob]) await insertLeads(owner);
  });

  /** The names of the leads that match, as pages of two have them, from the beginning and from the end. */
  async function list(orderBy: LeadOrder, filter: LeadFilter = {}): Promise<string[]> {
    const names: string[] = [];
    for (let after: string | null = null; ; ) {
      const { leads }: LeadsQuery = await ann.ask(Leads, { orderBy, filter, first: 2, after });
      names.push(...leads.edges.map(({ node }) => node.name));
      expect(leads.totalCount).toBe((await ann.ask(Leads, { filter })).leads.totalCount);
      after = leads.pageInfo.endCursor ?? null;
      if (!leads.pageInfo.hasNextPage) break;
    }
    const backward: string[] = [];
    for (let before: string | null = null; ; ) {
      const { leads }: LeadsQuery = await ann.ask(Leads, { orderBy, filter, last: 2, before });
      backward.unshift(...leads.edges.map(({ node }) => node.name));
      before = leads.pageInfo.startCursor ?? null;
      if (!leads.pageInfo.hasPreviousPage) break;
    }
    expect(backward).toEqual(names);
    return names;
  }
  const named = (...numbers: number[]) => numbers.map((n) => NAMES[n]);

  it('are in the order of their creation, their change, their names, and their last attempts', async () => {
    expect(await list('CREATED_ASC')).toEqual(NAMES);
    expect(await list('CREATED_DESC')).toEqual(NAMES.toReversed());
    expect(await list('UPDATED_DESC')).toEqual(NAMES);
    expect(await list('NAME_ASC')).toEqual(IN_ORDER);
    const attempted = named(8, 5, 2, 7, 4, 1);
    const descending = await list('LAST_ATTEMPT_DESC');
    expect(descending.slice(0, 6)).toEqual(named(7, 4, 1, 8, 5, 2).toSorted(byAttempt).toReversed());
    expect(descending.slice(0, 6).toSorted()).toEqual(attempted.toSorted());
    expect(await list('LAST_ATTEMPT_ASC')).toEqual(descending.toReversed());
  });
  const attemptOf = (name: string | undefined) => (NAMES.indexOf(name as string) * 7) % 10;
  const byAttempt = (a: string | undefined, b: string | undefined) => attemptOf(a) - attemptOf(b);

  it('are those of a time, in every order and with other conditions', async () => {
    expect(await list('CREATED_ASC', { createdAfter: day(3), createdBefore: day(6) })).toEqual(named(3, 4, 5));
    expect(await list('CREATED_DESC', { createdAfter: day(3), tagsAny: ['even'] })).toEqual(named(8, 6, 4));
    expect(await list('CREATED_ASC', { createdAfter: day(3), tagsAny: ['even', 'all'] })).toEqual(NAMES.slice(3));
    expect(await list('UPDATED_DESC', { updatedAfter: day(95), tagsAny: ['odd'] })).toEqual(named(1, 3, 5));
    expect(await list('UPDATED_DESC', { updatedBefore: day(95), search: '+97254' })).toEqual(named(6, 7, 8));
    expect(await list('NAME_ASC', { lastAttemptAfter: day(5), lastAttemptBefore: day(8) })).toEqual(
      IN_ORDER.filter((name) => named(1, 8, 5).includes(name)),
    );
    expect(await list('NAME_ASC', { lastAttemptBefore: day(100) })).toHaveLength(6);
    expect(await list('NAME_ASC', { tagsAny: [] })).toEqual([]);
    expect(await list('CREATED_ASC', { createdAfter: day(100) })).toEqual([]);
  });

  it('of a time are those of a campaign', async () => {
    const input = { name: 'x', goal: 'y', leadFilter: { createdAfter: day(6) } };
    const { createCampaign } = await ann.ask(CreateCampaign, { input });
    expect(createCampaign?.campaign.progress.leads).toBe(3);
  });
});

describe.each(['postgres', 'embedded'] as const)('the tags of leads on the %s database', (on) => {
  const app = apps[on];
  let [ann, bob] = [{} as User, {} as User];

  async function insertLeads(owner: User, names: readonly string[]): Promise<void> {
    const rows = names.map((name, n) => `${name},+97254${7_000_000 + n},"all,${n % 2 === 0 ? 'even' : 'odd'}"`);
    const headers = { ...bearer(owner.key), 'content-type': 'text/csv' };
    const body = `name,phone,tags\n${rows.join('\n')}\n`;
    const response = await fetch(`${app.parley.url}/leads`, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ created: names.length });
  }
  beforeAll(async () => {
    [ann, bob] = [await app.user(), await app.user()];
    await insertLeads(ann, NAMES);
  });

  const tag = async (input: TagLeadsInput) => (await ann.ask(TagLeads, { input })).tagLeads;
  const tagsOf = async () =>
    (await ann.ask(Leads, { orderBy: 'NAME_ASC', first: 100 })).leads.edges.map(({ node }) => node.tags);

  it('are tagged by a filter and by their ids, and the same again changes nothing', async () => {
    const before = await tagsOf();
    const input = { leadFilter: { tagsAny: ['even'] }, add: ['חם ', 'ALL'], remove: ['odd'] };
    expect(await tag(input)).toEqual({ changed: 5, unchanged: 0, full: 0 });
    expect(await tag(input)).toEqual({ changed: 0, unchanged: 5, full: 0 });
    expect(await tagsOf()).toEqual(before.map((tags) => (tags.includes('even') ? [...tags, 'חם'] : tags)));
    expect((await ann.ask(Leads, { filter: { tagsAny: ['חם'] } })).leads.totalCount).toBe(5);
    const leadIds = (await ann.ask(Leads, { first: 100 })).leads.edges.map(({ node }) => node.id);
    expect(await tag({ leadIds: [...leadIds, ...leadIds], remove: ['חם', 'none'] })).toEqual({
      changed: 5,
      unchanged: 4,
      full: 0,
    });
    expect(await tagsOf()).toEqual(before);
  });

  it('keep their tags where more would be too many', async () => {
    const before = await tagsOf();
    const many = Array.from({ length: 19 }, (_, n) => `tag ${n}`);
    expect(await tag({ leadFilter: {}, add: many })).toEqual({ changed: 0, unchanged: 0, full: 9 });
    expect(await tag({ leadFilter: { tagsAny: ['odd'] }, add: many, remove: ['all'] })).toMatchObject({ changed: 4 });
    expect(await tag({ leadFilter: {}, remove: many, add: ['all'] })).toMatchObject({ changed: 4, unchanged: 5 });
    expect((await tagsOf()).map((tags) => tags.toSorted())).toEqual(before.map((tags) => tags.toSorted()));
  });

  it('are tagged with what is a tag, all or none, and by their owner', async () => {
    const own = (await ann.ask(Leads, { first: 1 })).leads.edges[0]?.node.id as string;
    for (const [input, code] of [
      [{ leadIds: [own] }, 'BAD_USER_INPUT'],
      [{ leadIds: [own], add: ['a'], remove: ['A'] }, 'BAD_USER_INPUT'],
      [{ leadIds: [own], add: ['x'.repeat(51)] }, 'BAD_USER_INPUT'],
      [{ add: ['a'] }, 'BAD_USER_INPUT'],
      [{ leadIds: [own], leadFilter: {}, add: ['a'] }, 'BAD_USER_INPUT'],
      [{ leadIds: [own, await makeLead(bob)], add: ['a'] }, 'NOT_FOUND'],
    ] as [TagLeadsInput, string][])
      expect((await ann.send(TagLeads, { input })).errors).toMatchObject([{ extensions: { code } }]);
    expect((await ann.ask(Leads, { filter: { tagsAny: ['a'] } })).leads.totalCount).toBe(0);
    expect((await bob.ask(Leads, { filter: { tagsAny: ['a'] } })).leads.totalCount).toBe(0);
  });

  it.runIf(on === 'postgres')(
    'are up to 10,000 that are tagged together',
    async () => {
      const cem = await app.user();
      const names = Array.from({ length: 10_000 }, (_, n) => `ליד ${n}`);
      await insertLeads(cem, names);
      const input = { leadFilter: {}, add: ['אביב'], idempotencyKey: 'once' };
      const changed = { changed: 10_000, unchanged: 0, full: 0 };
      expect((await cem.ask(TagLeads, { input })).tagLeads).toEqual(changed);
      expect((await cem.ask(TagLeads, { input })).tagLeads).toEqual(changed);
      const once = { ...input, add: ['סתיו'], idempotencyKey: 'at once' };
      const [one, other] = await Promise.all([1, 2].map(() => cem.ask(TagLeads, { input: once })));
      expect(one).toEqual(other); // they have shared the work
      const holder = new pg.Client({ connectionString: app.database.url });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT FROM leads WHERE owner_id = $1 ORDER BY id DESC LIMIT 1 FOR UPDATE', [rowId(cem.id)]);
      const interrupted = { leadFilter: {}, add: ['חורף'], idempotencyKey: 'interrupted' };
      expect((await cem.send(TagLeads, { input: interrupted })).errors).toMatchObject([
        { extensions: { code: 'UNAVAILABLE' } },
      ]);
      await holder.query('ROLLBACK');
      await holder.end();
      await cem.ask(TagLeads, { input: interrupted });
      expect((await cem.ask(Leads, { filter: { tagsAny: ['חורף'] } })).leads.totalCount).toBe(10_000);
      const all = await cem.ask(Leads, { filter: { tagsAny: ['סתיו'] } });
      expect(all.leads.totalCount).toBe(10_000);
      await makeLead(cem);
      const { errors } = await cem.send(TagLeads, { input: { leadFilter: {}, add: ['קיץ'] } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', limit: 10_000 } }]);
    },
    60_000,
  );
});
