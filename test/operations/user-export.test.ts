import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, describe, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import { conditionsOf, listOwnedTables } from '#domain/operations/erasure/owned-tables.ts';
import { EXPORTED, NOT_EXPORTED } from '#domain/operations/user-export/exported-tables.ts';
import { readLines } from '#domain/operations/user-export/read-lines.ts';
import { writeArchive } from '#domain/operations/user-export/write-archive.ts';
import { makeCall, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { makeClosedCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeClips, makeConversation, makeMeeting } from '../support/fixtures.ts';
import { bearer } from '../support/http.ts';
import { pollToEnd } from '../support/jobs.ts';
import { insertRecording } from '../support/media.ts';
import { AddMessage, EraseUser, ExportUserData, SaveMemory, SubmitFeedback } from '../support/operations.ts';
import { openServices, useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { listStored } from '../support/uploads.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';
import { makeDelivery } from '../support/webhooks.ts';
import { readJsonLines, readZip } from '../support/zip.ts';

type Who = Client & { id: string; username: string };
const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1] as string;

async function begin(who: Client, userId?: string): Promise<string> {
  const { exportUserData } = await who.ask(ExportUserData, { input: userId ? { userId } : {} });
  return exportUserData?.job.id as string;
}

/** Exports a user's data, and returns the result of the job. */
async function exportData(who: Client, userId?: string) {
  const job = await pollToEnd(who, await begin(who, userId));
  expect(job).toMatchObject({ status: 'SUCCEEDED', error: null });
  return job.result as { url: string; sizeBytes: number; expiresAt: string; rows: Record<string, number> };
}

const download = ({ key }: Pick<Client, 'key'>, url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { ...bearer(key), ...headers } });

const readDownload = async (answer: Response) => readZip(Buffer.from(await answer.arrayBuffer()));

describe('an export', () => {
  const app = useParley({ env: OPEN_ALL_HOURS });

  /** Makes something in every table that is exported. */
  async function fill(who: Who, word: string): Promise<void> {
    const conversationId = await makeConversation(who, 3);
    await who.ask(AddMessage, { input: { conversationId, role: 'USER', content: `${word} 🌸\nשורה\u2028` } });
    await who.ask(SaveMemory, { input: { content: `${word} likes tea.` } });
    const [clipId = ''] = await makeClips(who);
    await insertRecording(app.database, clipId);
    const { clip } = await who.ask('query ($id: ID!) { clip(id: $id) { episode { id } } }', { id: clipId });
    await who.ask(SubmitFeedback, { input: { episodeId: clip.episode.id, clipId, type: 'LIKE', rating: 5 } });
    await waitForCall(who, await makeCall(who)); // which says something until it ends
    await makeMeeting(who);
    await makeClosedCampaign(who, 'DRAFT');
    await makeDelivery(who);
    await sql(app.database, 'INSERT INTO scoring_weights (owner_id, version, factors) VALUES ($1, 1000, $2)', [
      rowId(who.id),
      '{}',
    ]);
  }

  /** How many rows of a table belong to a user, as an erasure finds them. */
  async function countRows(table: string, userId: string): Promise<number> {
    const services = await openServices(app.database.env);
    const owned = await listOwnedTables(services.database.prisma).finally(() => services.close());
    const where = table === 'audit_entries' ? 'actor_id = $1::uuid' : conditionsOf(owned).get(table);
    const [row] = await sql<{ count: number }>(
      app.database,
      `SELECT count(*)::int AS count FROM ${table} WHERE ${where}`,
      [userId],
    );
    return row?.count ?? 0;
  }

  it('has everything of the user, nothing of others, and no secret', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await Promise.all([fill(ann, 'Pomegranate'), fill(bob, 'Quince')]);

    const { url, rows } = await exportData(ann);

    const files = await readDownload(await download(ann, url));
    const tables = Object.keys(EXPORTED);
    expect([...files.keys()]).toEqual([...tables.map((table) => `${table}.jsonl`), 'manifest.json']);
    for (const table of tables) {
      const lines = readJsonLines(files.get(`${table}.jsonl`));
      expect(lines.length, table).toBeGreaterThan(0);
      expect(lines.length, table).toBe(rows[table]);
      expect(lines.length, table).toBe(await countRows(table, rowId(ann.id)));
    }
    expect(readJsonLines(files.get('users.jsonl'))).toMatchObject([{ id: rowId(ann.id), username: ann.username }]);
    const contents = readJsonLines(files.get('messages.jsonl')).map(({ content }) => content);
    expect(contents).toContain('Pomegranate 🌸\nשורה\u2028');
    const all = [...files.values()].join('\n');
    expect(all).not.toContain('Quince');
    for (const secret of [
      ann.key,
      createHash('sha256').update(ann.key).digest('hex'),
      '"hash"',
      '"search"',
      '"salt"',
      'whsec_',
    ])
      expect(all).not.toContain(secret);
    const manifest = JSON.parse(files.get('manifest.json') as string);
    expect(manifest).toMatchObject({ userId: rowId(ann.id), rows, notExported: NOT_EXPORTED });
  }, 120_000);

  it('is a download for whoever requested it, in parts too, and for nobody else', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const { url, sizeBytes, expiresAt } = await exportData(ann);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(6.9 * 24 * 3_600_000);

    const [whole, part, unsatisfiable, post] = await Promise.all([
      download(ann, url),
      download(ann, url, { range: 'bytes=2-9' }),
      download(ann, url, { range: `bytes=${sizeBytes}-` }),
      fetch(url, { method: 'POST', headers: bearer(ann.key) }),
    ]);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(bytes).toHaveLength(sizeBytes);
    expect(whole.headers.get('content-type')).toBe('application/zip');
    const day = new Date().toISOString().slice(0, 4);
    expect(whole.headers.get('content-disposition')).toContain(`attachment; filename="${ann.username} ${day}`);
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(2, 10));
    expect([unsatisfiable.status, post.status]).toEqual([416, 405]);
    const refused = [bob, app.admin, { key: 'prl_x' }].map(async (who) => (await download(who, url)).status);
    expect(await Promise.all(refused)).toEqual([404, 404, 401]);
    const unscoped = await app.user({ scopes: ['WRITE'] });
    expect((await download(unscoped, url)).status).toBe(403);
    expect((await fetch(url)).status).toBe(401);
  });

  it('of another user is for ADMINs, as long as they are', async () => {
    const admin = await app.user({ role: 'ADMIN', scopes: ['READ', 'WRITE', 'ADMIN'] });
    const [ann, bob] = [await app.user(), await app.user()];
    const { errors } = await bob.send(ExportUserData, { input: { userId: ann.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const { url } = await exportData(admin, ann.id);
    expect((await download(ann, url)).status).toBe(404);
    const users = readJsonLines((await readDownload(await download(admin, url))).get('users.jsonl'));
    expect(users).toMatchObject([{ username: ann.username }]);
    await sql(app.database, `UPDATE users SET role = 'USER' WHERE id = $1`, [rowId(admin.id)]);
    const status = () => download(admin, url).then((answer) => answer.status);
    expect(await until(status, (code) => code !== 200)).toBe(404);
  });

  it('replaces the one before, expires after a week, and goes with the user; each with its file', async () => {
    const stored = () => listStored(app.database.env.DATA_DIR as string).length;
    const [ann, bob] = [await app.user(), await app.user()];
    const before = stored();
    const [first, second] = [await exportData(ann), await exportData(ann)];
    expect((await download(ann, first.url)).status).toBe(404);
    expect((await download(ann, second.url)).status).toBe(200);
    await exportData(bob);
    await until(
      async () => stored(),
      (count) => count === before + 2,
    );

    await sql(app.database, 'UPDATE user_exports SET expires_at = now() WHERE user_id = $1', [rowId(ann.id)]);
    expect((await download(ann, second.url)).status).toBe(404);
    const services = await openServices(app.database.env);
    await cleanUp(services, { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 7 }).finally(
      () => services.close(),
    );
    expect(await sql(app.database, 'SELECT FROM user_exports WHERE user_id = $1', [rowId(ann.id)])).toEqual([]);

    const { eraseUser } = await bob.ask(EraseUser, { input: { userId: bob.id, dryRun: false } });
    await pollToEnd(app.admin, eraseUser?.job?.id as string);
    expect(await sql(app.database, 'SELECT FROM user_exports WHERE user_id = $1', [rowId(bob.id)])).toEqual([]);
    await until(
      async () => stored(),
      (count) => count === before,
    );
  });

  it('is one job at a time of a user, however many ask for it at once', async () => {
    const ann = await app.user();
    const ids = await Promise.all(Array.from({ length: 10 }, () => begin(ann)));
    const jobs = await sql(app.database, `SELECT id FROM jobs WHERE requested_by_id = $1`, [rowId(ann.id)]);
    expect(new Set(ids).size).toBe(jobs.length);
    expect(jobs.length).toBeLessThan(10);
  });
});

describe('an export that is interrupted', () => {
  const { database, start } = useProcesses();

  it('is made by another worker if its own is killed, and leaves nothing if it is cancelled', async () => {
    const server = await start('server');
    const worker = await start('worker', { JOB_LEASE_MS: '10000' });
    const ann = await server.user();
    // So many that the export takes seconds.
    await sql(
      database,
      `WITH c AS (INSERT INTO conversations (id, owner_id) SELECT gen_random_uuid(), $1 FROM generate_series(1, 20000) RETURNING id)
       INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
       SELECT gen_random_uuid(), id, $1, 1, 'USER', repeat('word ', 20) FROM c`,
      [rowId(ann.id)],
    );
    const JOB = 'query ($id: ID!) { job(id: $id) { status stage attempt } }';
    const isReading = (id: string) =>
      until(
        () => server.admin.ask(JOB, { id }),
        ({ job }) => job.stage === 'messages',
      );
    const id = await begin(ann);
    await isReading(id);
    worker.kill('SIGKILL');
    await start('worker');
    const job = await pollToEnd(ann, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempt: 2, result: { rows: { messages: 20_000 } } });
    expect(listStored(database.env.DATA_DIR as string)).toHaveLength(1);

    const cancelled = await begin(ann);
    await isReading(cancelled);
    await ann.ask('mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { id } } }', { id: cancelled });
    expect(await pollToEnd(ann, cancelled)).toMatchObject({ status: 'CANCELLED', result: null });
    expect(listStored(database.env.DATA_DIR as string)).toHaveLength(1);
  }, 120_000);
});

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on });
  const directory = mkdtempSync(join(tmpdir(), 'parley-export-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  async function readArchive({ actor: { userId } }: Deps) {
    const path = join(directory, `${userId}.zip`);
    const rows = await writeArchive(services, userId, path, { signal: new AbortController().signal, onProgress() {} });
    return { rows, files: readZip(readFileSync(path)) };
  }

  it('has each row once, in lines of JSON, over pages of rows and of bytes, whatever texts are in them', async () => {
    const ann = await newUser();
    const ownerId = ann.actor.userId;
    const { prisma, pool } = services.database;
    const conversationId = uuidv7();
    await prisma.conversation.create({ data: { id: conversationId, ownerId, title: 'line\nbreak "quoted" שלום' } });
    await pool.query(`UPDATE conversations SET metadata = E'{"a":\n [1,\r\n2], "b": "\\\\u0000"}' WHERE id = $1`, [
      conversationId,
    ]);
    const noise = () => Array.from({ length: 20_000 }, () => String.fromCharCode(0x5d0 + Math.random() * 27)).join('');
    const row = (_: unknown, index: number) => ({
      ...{ id: uuidv7(), conversationId, ownerId, sequence: index + 1, role: 'USER' as const },
      content: index % 40 === 0 ? noise() : `message ${index}`,
    });
    await prisma.message.createMany({ data: Array.from({ length: 1_200 }, row) });

    const { rows, files } = await readArchive(ann);

    expect(rows).toMatchObject({ users: 1, conversations: 1, messages: 1_200, leads: 0 });
    const [conversation] = readJsonLines(files.get('conversations.jsonl'));
    expect(conversation).toMatchObject({
      title: 'line\nbreak "quoted" שלום',
      metadata: { a: [1, 2], b: '\0' },
    });
    const sequences = readJsonLines(files.get('messages.jsonl')).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
  });

  it('reads no more at once of texts that repeat themselves, of which the database stores little', async () => {
    const ann = await newUser();
    const ownerId = ann.actor.userId;
    const conversationId = uuidv7();
    await services.database.prisma.conversation.create({ data: { id: conversationId, ownerId } });
    await services.database.pool.query(
      `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
       SELECT gen_random_uuid(), $1, $2, n, 'USER', repeat('again and again ', 6000) FROM generate_series(1, 20) n`,
      [conversationId, ownerId],
    );
    const pages: string[][] = [];
    for await (const page of readLines(services, 'messages', ownerId)) pages.push(page);
    expect(pages.flat().map((line) => JSON.parse(line).sequence)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(Math.max(...pages.map((page) => page.join('').length))).toBeLessThan(500_000);
  });

  it('ends where it is aborted', async () => {
    const ann = await newUser();
    const signal = AbortSignal.abort(new Error('cancelled'));
    const path = join(directory, 'aborted.zip');
    const writing = writeArchive(services, ann.actor.userId, path, { signal, onProgress() {} });
    await expect(writing).rejects.toThrow();
  });
});

describe('the tables of the schema', () => {
  const { services } = useServices();
  const query = async <Row>(text: string, values: unknown[] = []) =>
    (await services.database.pool.query(text, values)).rows as Row[];

  it('that name a user, or belong to a row of one, are all exported, or not exported for a reason', async () => {
    const owned = conditionsOf(await listOwnedTables(services.database.prisma)).keys();
    const naming = await query<{ table: string }>(
      `SELECT DISTINCT c.relname::text AS table FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
         AND a.attname ~ '(^|_)(user|owner|author|actor|requested_by|requester|viewer|created_by)(_id|_ids)?$'`,
    );
    const known = [...Object.keys(EXPORTED), ...Object.keys(NOT_EXPORTED)];
    expect(known.toSorted()).toEqual([...new Set([...owned, ...naming.map(({ table }) => table)])].toSorted());
    expect(new Set(known).size).toBe(known.length);
  });

  it('are exported without secrets, and without what only the database understands', async () => {
    const columns = await query<{ table: string; column: string; type: string }>(
      `SELECT table_name AS table, column_name AS column, udt_name AS type FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = ANY($1)`,
      [Object.keys(EXPORTED)],
    );
    const isOmitted = ({ table, column }: { table: string; column: string }) => EXPORTED[table]?.omit?.includes(column);
    const suspicious = columns.filter(
      (one) => /secret|token$|password|hash|salt|key$/.test(one.column) || ['bytea', 'tsvector'].includes(one.type),
    );
    expect(suspicious.filter((one) => !isOmitted(one))).toEqual([]);
    const omitted = Object.entries(EXPORTED).flatMap(([table, { omit = [] }]) =>
      omit.map((column) => ({ table, column })),
    );
    expect(
      omitted.filter(({ table, column }) => !columns.some((one) => one.table === table && one.column === column)),
    ).toEqual([]);
  });

  it('are read by an index, in an order that has each row once', async () => {
    const indexes = await query<{ table: string; columns: string[]; unique: boolean }>(
      `SELECT i.indrelid::regclass::text AS table, i.indisunique AS unique,
         ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(n, at)
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.at) AS columns
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace AND i.indexprs IS NULL`,
    );
    for (const [table, { by, order }] of Object.entries(EXPORTED)) {
      const own = indexes.filter((index) => index.table === table);
      expect(
        own.some(({ columns }) => columns[0] === by),
        `${table} by ${by}`,
      ).toBe(true);
      const distinct = own.some(
        ({ unique, columns }) => unique && columns.every((one) => [by, ...order].includes(one)),
      );
      expect(distinct, `${table} in the order ${order}`).toBe(true);
    }
  });
});
