import pg from 'pg';
import { clientOf } from '../test/support/client.ts';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

// `node bench/leads.ts`: how long lists, filters and searches take among 200,000 leads of one user, through the API. Prints
// medians and 95th percentiles in milliseconds.

const LEADS = 200_000;
const REPEATS = 100;
const PAGE = `query ($filter: LeadFilter, $after: String) { leads(filter: $filter, first: 20, after: $after) {
  edges { node { id name phone company status tags } } pageInfo { endCursor hasNextPage } } }`;
const COUNTED = `query ($filter: LeadFilter) { leads(filter: $filter, first: 20) { totalCount edges { node { id name } } } }`;

const database = await makeDatabase();
const parley = await startParley({ DATABASE_URL: database.url, RATE_LIMIT_POINTS: '1000000000' }, 'server');
try {
  const client = clientOf(parley.url, ADMIN_KEY);
  await fill();
  const middle = (await client.ask(PAGE, { filter: { statuses: ['CONTACTED'] } })).leads.pageInfo.endCursor;
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
    'a tag that nobody has': () => ({ filter: { tagsAny: ['none'] } }),
    'a name that all have': () => ({ filter: { search: 'דנה' } }),
    'one name': (run) => ({ filter: { search: `לוי ${number(run)}` } }),
    'one company': (run) => ({ filter: { search: `Company ${number(run)}` } }),
    'the end of a number': (run) => ({ filter: { search: number(run) } }),
    'a number as people write it': (run) => ({ filter: { search: `052-2${number(run)}` } }),
    'two letters that all have': () => ({ filter: { search: 'לו' } }),
    'two letters that nobody has': () => ({ filter: { search: 'qz' } }),
    'a name that nobody has': () => ({ filter: { search: 'nobody at all' } }),
    'a name and a status': (run) => ({ filter: { search: `לוי ${number(run).slice(0, 3)}`, statuses: ['NEW'] } }),
  };
  for (const [name, request] of Object.entries(requests)) {
    await report(name, (run) => client.ask(PAGE, request(run)));
  }
  await report('one name, with its count', (run) => client.ask(COUNTED, { filter: { search: `לוי ${number(run)}` } }));
  await report('all, with their count', () => client.ask(COUNTED, {}));
} finally {
  await parley.stop();
  await database.drop();
}

async function fill(): Promise<void> {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query(
    `INSERT INTO leads (id, owner_id, name, company, phone, language, status, tags, created_at)
     SELECT gen_random_uuid(), u.id, 'דנה לוי ' || lpad(n::text, 6, '0'), 'Company ' || lpad((n * 7 % ${LEADS})::text, 6, '0') || ' Ltd',
       '+9725' || (22000000 + n), 'he',
       (CASE WHEN n % 10000 = 0 THEN 'WON' WHEN n % 9999 = 0 THEN 'LOST' WHEN n % 2 = 0 THEN 'CONTACTED' ELSE 'NEW' END)::lead_status,
       ARRAY['all', 'tag ' || n % 100] || (CASE WHEN n > ${LEADS - 4} THEN ARRAY['rare'] ELSE '{}' END), now() - n * interval '1 second'
     FROM users u, generate_series(0, ${LEADS - 1}) n WHERE u.username = 'admin'`,
  );
  await sql.query('VACUUM ANALYZE leads');
  await sql.end();
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
