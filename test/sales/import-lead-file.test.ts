import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import type { TestDatabase } from '../support/databases.ts';
import { followToEnd } from '../support/exports.ts';
import { bearer } from '../support/http.ts';
import { pollToEnd } from '../support/jobs.ts';
import { CreateLead, EraseUser, ImportLeads, Leads, UpdateLead } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { setUpProcesses, useParley } from '../support/use-parley.ts';

const Cancel = 'mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }';
const Retry = 'mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { status } } }';

async function send(
  url: string,
  owner: Client,
  body: string | Uint8Array<ArrayBuffer>,
  more: Record<string, string> = {},
) {
  const { query = '?defaultLanguage=he', ...headers } = more;
  const response = await fetch(`${url}/leads/imports${query}`, {
    method: 'POST',
    headers: { ...bearer(owner.key), 'content-type': 'text/csv', ...headers },
    body,
  });
  return { status: response.status, json: (await response.json()) as any };
}

async function importFile(
  url: string,
  owner: Client,
  ...file: [string | Uint8Array<ArrayBuffer>, Record<string, string>?]
) {
  const { status, json } = await send(url, owner, ...file);
  if (status !== 202) throw new Error(JSON.stringify(json));
  return followToEnd(owner, json.job.id);
}

const phone = (index: number) => `05223${String(10_000 + index)}`;
const rows = (count: number) => Array.from({ length: count }, (_, index) => `ליד ${index},${phone(index)}`);
const fileOf = (lines: readonly string[]) => `שם,טלפון\n${lines.join('\n')}\n`;
const count = async (owner: Client, search: string | null = null) =>
  (await owner.ask(Leads, { filter: { search } })).leads.totalCount;

const rowsOf = async (database: TestDatabase, table: string) =>
  (await sql<{ count: number }>(database, `SELECT count(*)::int FROM ${table}`))[0]?.count ?? 0;

async function expectNothingLeft(database: TestDatabase): Promise<void> {
  const left = `leads WHERE owner_id NOT IN (SELECT id FROM users)`;
  for (const table of [left, 'conversation_uploads', 'conversation_upload_chunks'])
    expect([table, await rowsOf(database, table)]).toEqual([table, 0]);
}

async function erase(user: User): Promise<string> {
  const { eraseUser } = await user.ask(EraseUser, { input: { userId: user.id, dryRun: false } });
  return eraseUser?.job?.id as string;
}

describe.concurrent('an import of leads', { timeout: 120_000 }, () => {
  it('whose worker is killed goes on after the last row that was written: its report is of all, and what people changed stays', async (context) => {
    const { start, database } = await setUpProcesses(context, { env: { JOB_LEASE_MS: '10000' } });
    const [server, first] = await Promise.all([start('server'), start('worker')]);
    const ann = await server.user();
    const { json } = await send(server.url, ann, fileOf([...rows(6_000), 'ללא מספר,']));
    await until(
      () => rowsOf(database, 'leads'),
      (found) => found > 500,
    );
    first.kill('SIGKILL');
    const [lead] = (await ann.ask(Leads, { filter: { search: 'ליד 7' }, first: 100 })).leads.edges;
    await ann.ask(UpdateLead, { input: { leadId: lead?.node.id as string, name: 'שם אחר', company: 'לביא' } });
    await start('worker');
    expect(await pollToEnd(ann, json.job.id)).toMatchObject({
      status: 'SUCCEEDED',
      progress: 1,
      result: {
        rows: 6_001,
        created: 6_000,
        updated: 0,
        refused: 1,
        errorCount: 1,
        errors: [{ row: 6_002, field: 'phone' }],
      },
    });
    expect(await count(ann)).toBe(6_000);
    expect(await count(ann, 'שם אחר')).toBe(1);
    expect(await rowsOf(database, 'conversation_upload_chunks')).toBe(0);
  });

  it('that is cancelled can be retried; it leaves nothing behind where its owner is erased while it waits, or runs', async (context) => {
    const { start, database } = await setUpProcesses(context);
    const server = await start('server');
    const [ann, bob, cem] = [await server.user(), await server.user(), await server.user()];
    const { json } = await send(server.url, ann, fileOf(rows(300)));
    await ann.ask(Cancel, { id: json.job.id });
    expect(await count(ann)).toBe(0);
    await ann.ask(Retry, { id: json.job.id });
    await send(server.url, bob, fileOf(rows(2_000)));
    const waiting = await erase(bob);
    await start('worker');
    expect(await pollToEnd(ann, json.job.id)).toMatchObject({ status: 'SUCCEEDED', result: { created: 300 } });
    expect((await pollToEnd(server.admin, waiting)).status).toBe('SUCCEEDED');
    await expectNothingLeft(database);

    await send(server.url, cem, fileOf(rows(6_000)));
    await until(
      () => rowsOf(database, 'leads'),
      (found) => found > 800,
    );
    expect((await pollToEnd(server.admin, await erase(cem))).status).toBe('SUCCEEDED');
    await expectNothingLeft(database);
  });
});

describe.each(['postgres', 'embedded'] as const)('a large file of leads on the %s database', (on) => {
  const app = useParley({ on });
  const url = () => app.parley.url;

  it('is imported for whoever sent it, and every bad row is counted; the first are described', async () => {
    // More than a request may have; where the database is slow, more than are written together.
    const good = on === 'postgres' ? 10_001 : 2_001;
    const [ann, bob] = [await app.user(), await app.user()];
    const bad = Array.from({ length: 1_200 }, (_, index) => `רע ${index},123`);
    const job = await importFile(url(), ann, fileOf([...rows(good), ...bad, `שוב,${phone(7)}`]));
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      result: { rows: good + 1_201, created: good, updated: 0, refused: 1_201, errorCount: 1_201, ignoredColumns: [] },
    });
    expect(job.result.errors).toHaveLength(1_000);
    expect(job.result.errors[0]).toMatchObject({ row: good + 2, field: 'phone' });
    expect(await count(ann)).toBe(good);
    expect(await count(bob)).toBe(0);
  });

  it('is merged into the leads that are there, once, and lifts no refusal', async () => {
    const ann = await app.user();
    await ann.ask(ImportLeads, {
      input: {
        defaultLanguage: 'he',
        csv: `name,phone,company,status,tags,consent\nדנה,${phone(1)},לביא,,vip,2026-03-31\nגיל,${phone(2)},,DO_NOT_CALL,,\n`,
      },
    });
    const file = `name,phone,status,consent\nדנה לוי,${phone(1)},CONTACTED,\nגיל,${phone(2)},NEW,\nרון,${phone(3)},NEW,2026-03-30\n`;
    const { result } = await importFile(url(), ann, file);
    const report = { refused: 0, errorCount: 1, errors: [{ row: 3, field: 'phone' }] };
    expect(result).toMatchObject({ ...report, created: 1, updated: 2, merged: 1, unchanged: 1 });
    const again = await importFile(url(), ann, file);
    expect(again.result).toMatchObject({ ...report, created: 0, merged: 0, unchanged: 3 });
    const leads = (await ann.ask(Leads, { first: 10 })).leads.edges.map(({ node }) => node);
    const byName = Object.fromEntries(leads.map((lead) => [lead.name, lead]));
    expect(byName.דנה).toMatchObject({
      status: 'CONTACTED',
      company: 'לביא',
      tags: ['vip'],
      consentAt: '2026-03-31T00:00:00.000Z',
    });
    expect(byName.גיל).toMatchObject({ status: 'DO_NOT_CALL' });
    expect(byName.רון).toMatchObject({ status: 'NEW', consentAt: '2026-03-30T00:00:00.000Z' });
  });

  it.each([
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${fileOf(rows(2)).replaceAll(',', '\t')}`, 'utf16le')), {}],
    ['UTF-8 with a byte order mark', new Uint8Array(Buffer.from(`\ufeff${fileOf(rows(2))}`)), {}],
    [
      'windows-1255',
      Uint8Array.from(fileOf(rows(2)), (char) =>
        char >= 'א' ? char.charCodeAt(0) - 0x5d0 + 0xe0 : char.charCodeAt(0),
      ),
      { 'content-type': 'text/csv; charset=windows-1255' },
    ],
  ])('is read as %s', async (_name, bytes, headers) => {
    const ann = await app.user();
    expect((await importFile(url(), ann, bytes, headers)).result).toMatchObject({ created: 2, errorCount: 0 });
    expect(await count(ann, 'ליד 1')).toBe(1);
  });

  it('is one job with an idempotency key, and makes each lead once however often and with whatever else it comes', async () => {
    const ann = await app.user();
    const key = { 'idempotency-key': 'list' };
    const jobs = await Promise.all([1, 2].map(() => send(url(), ann, fileOf(rows(2_000)), key)));
    expect(new Set(jobs.map(({ json }) => json.job.id)).size).toBe(1);
    const other = await send(url(), ann, fileOf(rows(10)), key);
    expect(other.json).toMatchObject({ errors: [{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }] });
    const [twice, ...created] = await Promise.all([
      importFile(url(), ann, fileOf(rows(2_000).reverse())),
      ...[100, 900, 1_900].map((index) =>
        ann.send(CreateLead, { input: { name: 'ידני', phone: phone(index), language: 'he' } }),
      ),
    ]);
    const once = await followToEnd(ann, jobs[0]?.json.job.id);
    const own = created.filter(({ data }) => data?.createLead).length;
    expect(once.result.created + twice.result.created + own).toBe(2_000);
    expect(once.result.created + once.result.updated + twice.result.created + twice.result.updated).toBe(4_000);
    expect(await count(ann)).toBe(2_000);
  });

  it.runIf(on === 'postgres')('that cannot be read fails its job with a sentence', async () => {
    const ann = await app.user();
    for (const [body, sentence] of [
      ['עיר,טלפון\nחיפה,0522345678\n', /The first line names the columns/],
      [`\ufeff${'\n'.repeat(4_000_001)}`, /lines/],
      [`"${'a'.repeat(12_000_000)}\n`, /The first line names the columns/],
      [new Uint8Array([0xff, 0xfe, 0x00, 0xd8, 0x00, 0xd8]), /no text/],
      [fileOf(Array(200_001).fill('א,')), /200000 rows/],
    ] as const) {
      const job = await importFile(url(), ann, body);
      expect(job).toMatchObject({
        status: 'FAILED',
        error: { code: 'BAD_USER_INPUT', message: expect.stringMatching(sentence) },
      });
    }
    expect(await count(ann)).toBe(0);
  });

  it('is refused at once where it cannot be one', async () => {
    const ann = await app.user();
    expect((await send(url(), { key: '' } as Client, fileOf(rows(1)))).status).toBe(401);
    expect((await send(url(), ann, fileOf(rows(1)), { 'content-type': 'application/json' })).status).toBe(415);
    for (const query of ['?defaultLanguage=not%20a%20language', '?defaultTimeZone=IST']) {
      const { json } = await send(url(), ann, fileOf(rows(1)), { query });
      expect(json).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    }
    expect((await send(url(), ann, '')).json).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.runIf(on === 'postgres')('leaves nothing behind where its sender goes in the middle of the file', async () => {
    const ann = await app.user();
    const uploads = 'conversation_uploads WHERE owner_id IS NULL'; // until they are received
    const owned = 'SELECT id FROM conversation_uploads WHERE owner_id IS NOT NULL';
    const chunks = `conversation_upload_chunks WHERE upload_id NOT IN (${owned})`;
    const headers = { ...bearer(ann.key), 'content-type': 'text/csv', 'content-length': 5_000_000 };
    const upload = request(`${url()}/leads/imports`, { method: 'POST', headers, agent: false });
    upload.on('error', () => {}); // the server, or the test, ends it
    upload.write(Buffer.alloc(1_000_000, ' '));
    await until(
      () => rowsOf(app.database, chunks),
      (found) => found > 2,
    );
    upload.destroy();
    await until(
      () => rowsOf(app.database, uploads),
      (found) => found === 0,
    );
    expect(await rowsOf(app.database, chunks)).toBe(0);
    expect((await ann.ask('{ jobs(first: 1) { totalCount } }')).jobs.totalCount).toBe(0);
  });
});
