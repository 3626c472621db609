import pg from 'pg';
import { type Client, clientOf } from '../test/support/client.ts';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

// `node bench/leads.ts`: how long lists, filters and searches take among 200,000 leads of one user of many, and among the 100,000 of a
// campaign, through the API. Prints medians and 95th percentiles in milliseconds.

const LEADS = 200_000;
const REPEATS = 100;
const PAGE = `query ($filter: LeadFilter, $orderBy: LeadOrder, $after: String) { leads(filter: $filter, orderBy: $orderBy, first: 20, after: $after) {
  edges { node { id name phone company status tags } } pageInfo { endCursor hasNextPage } } }`;
const COUNTED = `query ($filter: LeadFilter) { leads(filter: $filter, first: 20) { totalCount edges { node { id name } } } }`;

const OF_CAMPAIGN = `query ($id: ID!, $filter: CampaignLeadFilter, $after: String) { campaign(id: $id) {
  leads(filter: $filter, first: 20, after: $after) { edges { node { status dueAt lead { id name } } } pageInfo { endCursor } } } }`;
const PROGRESS = `query ($id: ID!) { campaign(id: $id) { progress { leads pending reached } } }`;

const database = await makeDatabase();
const parley = await startParley({ DATABASE_URL: database.url, RATE_LIMIT_POINTS: '1000000000' }, 'server');
try {
  const client = clientOf(parley.url, ADMIN_KEY);
  await fill();
  const middle = (await client.ask(PAGE, { filter: { statuses: ['CONTACTED'] } })).leads.pageInfo.endCursor;
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const day = (run: number) => ({ createdAfter: hoursAgo(24 + (run % 24)), createdBefore: hoursAgo(run % 24) });
  const number = (run: number) => String((run * 7_919) % LEADS).padStart(6, '0');
  const requests: Record<string, (run: number) => object> = {
    'newest 20': () => ({}),
    'the next 20': () => ({ after: middle }),
    'a status that half have': () => ({ filter: { statuses: ['CONTACTED'] } }),
    'a status that 20 have': () => ({ filter: { statuses: ['WON'] } }),
    'two statuses': () => ({ filter: { statuses: ['WON', 'LOST'] } }),
    'a tag that 1 of 100 has': (run) => ({ filter: { tagsAny: [`tag ${run % 100}`] } }),
    'a tag that all have': () => ({ filter: { tagsAny: ['all'] } }),
    'a tag that 3 old leads have': () => ({ filter: { tagsAny: ['rare'] } }),
    'a tag that 2,000 old leads have': () => ({ filter: { tagsAny: ['old 2000'] } }),
    'a tag that 20,000 old leads have': () => ({ filter: { tagsAny: ['old 20000'] } }),
    'a tag that the older half has': () => ({ filter: { tagsAny: ['old 100000'] } }),
    'either of three tags': () => ({ filter: { tagsAny: ['old 20000', 'all', 'rare'] } }),
    'a tag of old ones, and a status that half have': () => ({
      filter: { tagsAny: ['old 100000'], statuses: ['CONTACTED'] },
    }),
    'a tag that all have, and a status that 20 have': () => ({ filter: { tagsAny: ['all'], statuses: ['WON'] } }),
    'a tag that all have, and a name': (run) => ({ filter: { tagsAny: ['all'], search: `לוי ${number(run)}` } }),
    'a tag that all have, and a name that nobody has': () => ({
      filter: { tagsAny: ['all'], search: 'nobody at all' },
    }),
    'a tag of old ones, and a name that all have': () => ({ filter: { tagsAny: ['old 20000'], search: 'דנה' } }),
    'a tag that nobody has': () => ({ filter: { tagsAny: ['none'] } }),
    'a name that all have': () => ({ filter: { search: 'דנה' } }),
    'one name': (run) => ({ filter: { search: `לוי ${number(run)}` } }),
    'one company': (run) => ({ filter: { search: `Company ${number(run)}` } }),
    'the end of a number': (run) => ({ filter: { search: number(run) } }),
    'a number as people write it': (run) => ({ filter: { search: `052-2${number(run)}` } }),
    'two letters that all have': () => ({ filter: { search: 'לו' } }),
    'two letters that nobody has': () => ({ filter: { search: 'qz' } }),
    'a name that nobody has': () => ({ filter: { search: 'nobody at all' } }),
    'oldest 20': () => ({ orderBy: 'CREATED_ASC' }),
    'by their names': () => ({ orderBy: 'NAME_ASC' }),
    'by their last change': () => ({ orderBy: 'UPDATED_DESC' }),
    'by their last call': () => ({ orderBy: 'LAST_ATTEMPT_DESC' }),
    'never called, or longest ago': () => ({ orderBy: 'LAST_ATTEMPT_ASC' }),
    'of a day': (run) => ({ filter: day(run) }),
    'of a day, by their names': (run) => ({ filter: day(run), orderBy: 'NAME_ASC' }),
    'of an hour with a tag of 1 of 100, by their names': () => ({
      filter: { tagsAny: ['tag 7'], createdAfter: hoursAgo(2), createdBefore: hoursAgo(1) },
      orderBy: 'NAME_ASC',
    }),
    'last called in an hour': () => ({ filter: { lastAttemptAfter: hoursAgo(2), lastAttemptBefore: hoursAgo(1) } }),
    'a status that 20 have, by their names': () => ({ filter: { statuses: ['WON'] }, orderBy: 'NAME_ASC' }),
    'a status that half have, by their last call': () => ({
      filter: { statuses: ['CONTACTED'] },
      orderBy: 'LAST_ATTEMPT_DESC',
    }),
    'a name and a status': (run) => ({ filter: { search: `לוי ${number(run).slice(0, 3)}`, statuses: ['NEW'] } }),
  };
  for (const [name, request] of Object.entries(requests)) {
    await report(name, (run) => client.ask(PAGE, request(run)));
  }
  for (const tag of ['old 2000', 'old 20000', 'all'])
    await report(`the tag ${tag}, with its count`, () => client.ask(COUNTED, { filter: { tagsAny: [tag] } }));
  await report('one name, with its count', (run) => client.ask(COUNTED, { filter: { search: `לוי ${number(run)}` } }));
  const id = await createCampaign(client);
  const { endCursor: after } = (await client.ask(OF_CAMPAIGN, { id })).campaign.leads.pageInfo;
  const ofCampaign: Record<string, object> = {
    'of a campaign': {},
    'the next 20 of it': { after },
    'its pending ones': { filter: { statuses: ['PENDING'] } },
    'its 20 reached ones': { filter: { statuses: ['REACHED'] } },
    'its blocked ones, of which there are none': { filter: { statuses: ['BLOCKED'] } },
  };
  for (const [name, variables] of Object.entries(ofCampaign))
    await report(name, () => client.ask(OF_CAMPAIGN, { id, ...variables }));
  await report('its progress', () => client.ask(PROGRESS, { id }));
  await report('all, with their count', () => client.ask(COUNTED, {}));
} finally {
  await parley.stop();
  await database.drop();
}

async function fill(): Promise<void> {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query(
    `INSERT INTO leads (id, owner_id, name, company, phone, language, status, tags, created_at, last_attempt_at)
     SELECT gen_random_uuid(), u.id, 'דנה לוי ' || lpad(n::text, 6, '0'), 'Company ' || lpad((n * 7 % ${LEADS})::text, 6, '0') || ' Ltd',
       '+9725' || (22000000 + n), 'he',
       (CASE WHEN n % 10000 = 0 THEN 'WON' WHEN n % 9999 = 0 THEN 'LOST' WHEN n % 2 = 0 THEN 'CONTACTED' ELSE 'NEW' END)::lead_status,
       ARRAY['all', 'tag ' || n % 100] || (CASE WHEN n > ${LEADS - 4} THEN ARRAY['rare'] ELSE '{}' END)
         || ARRAY(SELECT 'old ' || o FROM unnest(ARRAY[2000, 20000, 100000]) o WHERE n >= ${LEADS} - o), now() - n * interval '1 second',
       CASE WHEN n % 3 > 0 THEN now() - (n * 31 % ${LEADS}) * interval '1 second' END
     FROM users u, generate_series(0, ${LEADS - 1}) n WHERE u.username = 'admin'`,
  );
  await sql.query(
    `WITH u AS (INSERT INTO users (id, username, role, created_at)
       SELECT gen_random_uuid(), 'user ' || n, 'USER', now() FROM generate_series(1, 50) n RETURNING id)
     INSERT INTO leads (id, owner_id, name, phone, language, tags, created_at)
     SELECT gen_random_uuid(), u.id, 'דנה', '+97254' || (3000000 + n), 'he', ARRAY['all'], now() - n * interval '1 day'
     FROM u, generate_series(1, 100) n`,
  );
  await sql.query('VACUUM ANALYZE leads, lead_tags');
  await sql.end();
}

/** A campaign of half of the leads, of which 20 are reached; returns its id. */
async function createCampaign(client: Client): Promise<string> {
  const leadFilter = { statuses: ['CONTACTED'] };
  const Create = 'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { campaign { id } } }';
  const { createCampaign } = await client.ask(Create, { input: { name: 'Spring', goal: 'our prices', leadFilter } });
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query(
    `WITH taken AS (DELETE FROM campaign_lead_slices RETURNING campaign_id, lead_ids)
     INSERT INTO campaign_leads (campaign_id, lead_id, blocked_reasons) SELECT campaign_id, unnest(lead_ids), '{}' FROM taken`,
  );
  await sql.query(
    `UPDATE campaign_leads SET status = 'REACHED' WHERE lead_id IN (SELECT lead_id FROM campaign_leads ORDER BY random() LIMIT 20)`,
  );
  await sql.query('VACUUM ANALYZE campaign_leads');
  await sql.end();
  return createCampaign.campaign.id;
}

async function report(name: string, work: (run: number) => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let run = 0; run < REPEATS; run += 1) {
    const startedAt = performance.now();
    await work(run);
    took.push(performance.now() - startedAt);
  }
  const at = (share: number) => (took.toSorted((a, b) => a - b)[Math.floor(REPEATS * share)] as number).toFixed(1);
  process.stdout.write(`${name}: ${at(0.5)} ms, 95 %: ${at(0.95)} ms\n`);
}
