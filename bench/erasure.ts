/**
 * How long the erasure of a user with so many leads takes, with calls, talks, tags and campaigns of theirs, and how long another user waits
 * meanwhile for reads, for writes, and at most; on the server of BENCH_DATABASE_URL, or embedded. One process, as `npm start`.
 *
 *   node bench/erasure.ts [leads]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startParley, type User } from '../test/support/parley.ts';
import { openServices } from '../test/support/services.ts';
import { chooseDatabase } from './support/database.ts';

const [count = 100_000] = process.argv.slice(2).map(Number);

const ERASE = `mutation ($input: EraseUserInput!) { eraseUser(input: $input) { counts job { id } } }`;
const JOB = `query ($id: ID!) { job(id: $id) { status result errorMessage: error { message } } }`;
const CREATE = `mutation ($input: CreateLeadInput!) { createLead(input: $input) { lead { id } } }`;
const LIST = `{ leads(first: 20) { edges { node { id name tags callEligibility { allowed } } } } }`;

let writes = 0;

const database = await chooseDatabase();
const start = () => startParley({ ...database.env, RATE_LIMIT_POINTS: '1000000000' });
let parley = await start();
const [ann, bob] = [await parley.user(), await parley.user()];
await parley.stop();
await fill(Buffer.from(ann.id, 'base64').toString().replace('User:', ''));
parley = await start();
try {
  const other = parley.as(bob) as User;
  console.log(`alone: ${await watchOther(other, sleep(10_000))}`);
  const begunAt = performance.now();
  const seconds = () => ((performance.now() - begunAt) / 1000).toFixed(1);
  const erased = erase();
  console.log(`while ${count} leads are erased: ${await watchOther(other, erased)}`);
  console.log(`erased after ${seconds()} s: ${JSON.stringify(await erased)}`);
} finally {
  await parley.stop();
  await database.drop();
}

async function erase(): Promise<unknown> {
  const askedAt = performance.now();
  const { eraseUser } = await parley.admin.ask(ERASE, { input: { userId: ann.id, dryRun: false } });
  console.log(`asked for in ${(performance.now() - askedAt).toFixed(0)} ms`);
  for (;;) {
    const { job } = await parley.admin.ask(JOB, { id: eraseUser.job.id });
    if (job.status === 'SUCCEEDED') return job.result.erased;
    if (job.status === 'FAILED') throw new Error(job.errorMessage.message);
    await sleep(250);
  }
}

/** Reads and writes one after the other until `work` is over. */
async function watchOther(other: User, work: Promise<unknown>): Promise<string> {
  const took: Record<'reads' | 'writes', number[]> = { reads: [], writes: [] };
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  while (!over) {
    const reading = performance.now();
    await other.ask(LIST);
    const writing = performance.now();
    await other.ask(CREATE, { input: { name: 'Dana', phone: `+97252${3_000_000 + writes++}`, tags: ['new'] } });
    took.reads.push(writing - reading);
    took.writes.push(performance.now() - writing);
    await sleep(5);
  }
  return Object.entries(took)
    .map(([name, list]) => `${name} ${percentiles(list)}`)
    .join('; ');
}

function percentiles(list: readonly number[]): string {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0);
  return `${at(0.5)} ms, 99 %: ${at(0.99)} ms, at most ${at(1)} ms`;
}

/** Of five leads one was called, four times in ten of those; half are in a campaign. */
async function fill(ownerId: string): Promise<void> {
  const services = await openServices(database.env);
  const { pool } = services.database;
  const slice = 5_000;
  await pool.query(
    `INSERT INTO campaigns (id, owner_id, name, goal, language, status, window_start, window_end, window_days, respect_shabbat,
       max_concurrent_calls, max_attempts)
     VALUES (gen_random_uuid(), $1, 'Spring', 'prices', 'he', 'COMPLETED', '09:00', '18:00', '{7}', true, 3, 3)`,
    [ownerId],
  );
  for (let from = 0; from < count; from += slice) {
    const range = [ownerId, from, Math.min(from + slice, count) - 1];
    await pool.query(
      `INSERT INTO leads (id, owner_id, name, company, phone, language, tags)
       SELECT gen_random_uuid(), $1, 'דנה לוי ' || n, 'Company ' || n, '+9725' || (22000000 + n), 'he', ARRAY['all', 'tag ' || n % 100]
       FROM generate_series($2::int, $3::int) n`,
      range,
    );
    await pool.query(
      `WITH called AS (
         SELECT l.id AS lead_id, l.phone, gen_random_uuid() AS id, gen_random_uuid() AS conversation_id
         FROM generate_series($2::int, $3::int) n JOIN leads l ON l.owner_id = $1 AND l.phone = '+9725' || (22000000 + n)
         WHERE n % 5 = 0),
       talks AS (
         INSERT INTO conversations (id, owner_id, channel, lead_id, last_sequence)
         SELECT conversation_id, $1, 'PHONE', lead_id, 6 FROM called RETURNING id),
       calls AS (
         INSERT INTO calls (id, owner_id, lead_id, conversation_id, direction, status, phone, attempt, provider, dialled_at)
         SELECT id, $1, lead_id, conversation_id, 'OUTBOUND', 'COMPLETED', phone, 1, 'simulated', now() FROM called RETURNING id),
       events AS (
         INSERT INTO call_events (call_id, key) SELECT id, 'event ' || e FROM calls, generate_series(1, 8) e),
       dialled AS (
         INSERT INTO dialled_numbers (call_id, owner_id, phone_hash, dialled_at)
         SELECT id, $1, decode(md5(id::text), 'hex'), now() FROM calls)
       INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
       SELECT gen_random_uuid(), id, $1, m, (CASE WHEN m % 2 = 0 THEN 'USER' ELSE 'ASSISTANT' END)::message_role,
         'מחר בעשר בבוקר, בבקשה, עם לביא ' || m FROM talks, generate_series(1, 6) m`,
      range,
    );
  }
  await pool.query(
    `INSERT INTO campaign_leads (campaign_id, lead_id, status, blocked_reasons)
     SELECT c.id, l.id, 'NOT_REACHED', '{}' FROM campaigns c, leads l WHERE c.owner_id = $1 AND l.owner_id = $1 AND random() < 0.5`,
    [ownerId],
  );
  await pool.query('ANALYZE');
  await services.close();
}
