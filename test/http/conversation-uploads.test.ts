import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { chatGptConversation, counted, followToEnd, importExport, sendExport } from '../support/exports.ts';
import { bearer, httpRequest } from '../support/http.ts';
import type { Parley } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const Seen = '{ conversations(first: 50) { totalCount edges { node { title messageCount } } } }';
const Jobs = '{ jobs(first: 10) { edges { node { id kind status } } } }';

/** Long and short ones, so that there are conversations of several slices, and several of one. */
const FILE = [
  chatGptConversation('long', 1_000),
  ...Array.from({ length: 20 }, (_, index) => chatGptConversation(`short-${index}`, 4)),
  chatGptConversation('longer', 1_500),
];
const WHOLE = { found: 22, conversations: 22, messages: 1_000 + 80 + 1_500, alreadyThere: 0, notImported: 0 };

async function expectWhole(client: Client) {
  const { conversations } = await client.ask(Seen);
  expect(conversations.totalCount).toBe(22);
  const counts = conversations.edges.map(({ node }: any) => node.messageCount).sort((a: number, b: number) => a - b);
  expect(counts).toEqual([...Array(20).fill(4), 1_000, 1_500]);
}

describe('an import whose worker is killed, or has not come', () => {
  const processes = useProcesses();
  let server: Parley;
  beforeAll(async () => {
    server = await processes.start('server', { MAX_QUEUED_PER_USER: '2' });
  });
  const count = async (table: string) =>
    (await sql<{ count: number }>(processes.database, `SELECT count(*)::int FROM ${table}`))[0]?.count ?? 0;

  it('in the middle is finished by the next one: nothing is doubled, and nothing lost', async () => {
    const first = await processes.start('worker', { JOB_LEASE_MS: '10000' });
    const ann = await server.user();
    const { json } = await sendExport(server.url, ann, FILE);
    await until(
      () => count('messages'),
      (rows) => rows > 0,
    );
    first.kill('SIGKILL');
    await processes.start('worker', { JOB_LEASE_MS: '10000' });
    const job = await followToEnd(ann, json.job.id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: WHOLE });
    await expectWhole(ann);
    expect(await count('messages')).toBe(WHOLE.messages);
    expect(await count('conversations WHERE owner_id IS NULL')).toBe(0);
    expect(await count('conversation_upload_chunks')).toBe(0);
  });

  it('or that is cancelled, can be retried, and goes on with the others', async () => {
    const ann = await server.user();
    const { json } = await sendExport(server.url, ann, FILE);
    const { id } = json.job;
    const cancel = 'mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }';
    const retry = 'mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { status } } }';
    await ann.ask(cancel, { id });
    await ann.ask(retry, { id });
    await processes.start('worker');
    expect(await followToEnd(ann, id)).toMatchObject({ status: 'SUCCEEDED', result: WHOLE });
    await expectWhole(ann);
  });

  it('is refused another try once its file is gone', async () => {
    const ann = await server.user();
    const { json } = await sendExport(server.url, ann, FILE);
    await ann.ask('mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }', { id: json.job.id });
    await sql(processes.database, 'DELETE FROM conversation_uploads');
    const { errors } = await ann.send('mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { id } } }', {
      id: json.job.id,
    });
    expect(errors).toMatchObject([
      { extensions: { code: 'CONFLICT' }, message: expect.stringMatching(/upload it again/) },
    ]);
  });

  it('waits with as many as its user may have jobs, and with no more than 200 MiB', async () => {
    const ann = await server.user();
    const send = () => sendExport(server.url, ann, [chatGptConversation('a', 2)]);
    expect([(await send()).status, (await send()).status]).toEqual([202, 202]);
    expect((await send()).json.errors).toMatchObject([{ extensions: { code: 'QUEUE_FULL', limitOf: 'user' } }]);
    expect(await count('conversation_uploads')).toBe(2);
    await sql(processes.database, `UPDATE conversation_uploads SET size_bytes = 100 * 1024 * 1024`);
    expect((await send()).json.errors).toMatchObject([{ extensions: { code: 'QUOTA_EXCEEDED' } }]);
  });
});

describe.each(['postgres', 'embedded'] as const)('a file of conversations on %s', (on) => {
  const app = useParley({ on });

  it('is imported for whoever sent it, who follows the job; somebody else sees neither', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const updates = ann.follow<any>('subscription { jobUpdated { kind status progress } }');
    await updates.connected;
    const job = await importExport(app.parley.url, ann, FILE);
    expect(job).toMatchObject({ status: 'SUCCEEDED', progress: 1, result: WHOLE });
    expect((await updates.take(1))[0]?.jobUpdated).toMatchObject({ kind: 'IMPORT_CONVERSATIONS' });
    await updates.return(undefined);
    await expectWhole(ann);
    expect((await bob.ask(Seen)).conversations.totalCount).toBe(0);
    expect((await bob.ask(Jobs)).jobs.edges).toEqual([]);
    const found = await ann.ask('{ searchMessages(query: "harbour 1499") { matches { message { content } } } }');
    expect(found.searchMessages.matches[0].message.content).toBe('the harbour 1499');
  });

  it('sent twice at once is imported once', async () => {
    const ann = await app.user();
    const jobs = await Promise.all([1, 2, 3].map(() => importExport(app.parley.url, ann, FILE)));
    await expectWhole(ann);
    const imported = jobs.reduce((sum, { result }) => sum + result.conversations, 0);
    const there = jobs.reduce((sum, { result }) => sum + result.alreadyThere, 0);
    expect([imported, there]).toEqual([22, 44]);
  });

  it('of one conversation with 30,000 levels of answers to answers, of which one in ten says something, is imported', async () => {
    const ann = await app.user();
    const levels = Array.from(
      { length: 30_000 },
      (_, index) =>
        `{"messageId":"${index}","text":"${index % 10 ? '' : `t${index}`}","isCreatedByUser":true,"children":[`,
    );
    const job = await importExport(
      app.parley.url,
      ann,
      `{"conversationId":"deep","version":1.10,"messagesTree":[${levels.join('')}${']}'.repeat(levels.length)}]}`,
    );
    expect(job.result).toMatchObject({ conversations: 1, messages: 3_000 });
    expect(counted(job.result)).toEqual({ EMPTY_MESSAGE: 27_000 });
  });
});

describe('the endpoint', () => {
  const app = useParley({ env: { MAX_QUEUED_PER_USER: '2' } });
  const rows = async (table: string) =>
    (await sql<{ count: number }>(app.database, `SELECT count(*)::int FROM ${table}`))[0]?.count ?? 0;

  const begin = ({ url }: Parley, { key }: Pick<Client, 'key'>, headers: Record<string, string | number> = {}) => {
    const upload = request(`${url}/conversations`, {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/json', ...headers },
      agent: false,
    });
    upload.on('error', () => {}); // the server, or the test, ends it
    return upload;
  };

  it('keeps nothing of a client that leaves in the middle', async () => {
    const ann = await app.user();
    const upload = begin(app.parley, ann, { 'content-length': 5_000_000 });
    upload.write(Buffer.alloc(1_000_000, ' '));
    await until(
      () => rows('conversation_upload_chunks'),
      (count) => count > 2,
    );
    upload.destroy();
    await until(
      () => rows('conversation_uploads'),
      (count) => count === 0,
    );
    expect((await ann.ask(Jobs)).jobs.edges).toEqual([]);
  });

  it('takes 50 MiB, and refuses more, announced or not, and keeps nothing of it', async () => {
    const ann = await app.user();
    const announced = await sendExport(app.parley.url, ann, Buffer.alloc(50 * 2 ** 20 + 1, ' '));
    expect([announced.status, announced.json.errors[0].extensions]).toMatchObject([
      413,
      { code: 'FILE_TOO_LARGE', limit: 50 * 2 ** 20 },
    ]);
    const upload = begin(app.parley, ann, { 'transfer-encoding': 'chunked' });
    const answered = new Promise<number | undefined>((resolve) =>
      upload.on('response', (answer) => resolve(answer.statusCode)),
    );
    for (let sent = 0; sent <= 70; sent += 1) upload.write(Buffer.alloc(2 ** 20, ' '));
    upload.end(' ');
    expect(await answered).toBe(413);
    await until(
      () => rows('conversation_uploads'),
      (count) => count === 0,
    );
  });

  it('gives the same key and file the same job, and another file IDEMPOTENCY_CONFLICT', async () => {
    const ann = await app.user();
    const send = (file: unknown) => sendExport(app.parley.url, ann, file, { 'idempotency-key': 'once' });
    const [first, second] = [await send([chatGptConversation('a', 2)]), await send([chatGptConversation('a', 2)])];
    expect(second.json.job.id).toBe(first.json.job.id);
    expect((await send([chatGptConversation('b', 2)])).json.errors).toMatchObject([
      { extensions: { code: 'IDEMPOTENCY_CONFLICT' } },
    ]);
    await followToEnd(ann, first.json.job.id);
    expect(await rows('conversation_uploads')).toBe(0);
  });

  it('leaves an audit row', async () => {
    const ann = await app.user();
    const { json } = await sendExport(app.parley.url, ann, [chatGptConversation('a', 2)]);
    const [entry] = await sql<{ action: string; detail: { bytes: number } }>(
      app.database,
      `SELECT action, detail FROM audit_entries WHERE action = 'conversation.upload' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry?.detail.bytes).toBe(JSON.stringify([chatGptConversation('a', 2)]).length);
    await followToEnd(ann, json.job.id);
  });

  it('refuses who may not, what is no JSON by its type, other methods, and nothing', async () => {
    const [ann, reader] = [await app.user(), await app.user({ scopes: ['READ'] })];
    const file = [chatGptConversation('a', 2)];
    const code = async (sent: ReturnType<typeof sendExport>) => {
      const { status, json } = await sent;
      return [status, json.errors[0].extensions.code];
    };
    const { url } = app.parley;
    expect(await code(httpRequest(`${url}/conversations`, { method: 'POST', body: '[]' }))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(await code(sendExport(url, reader, file))).toEqual([403, 'FORBIDDEN']);
    expect(await code(sendExport(url, ann, file, { 'content-type': 'text/plain' }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA',
    ]);
    expect(await code(httpRequest(`${url}/conversations`, { headers: bearer(ann.key) }))).toEqual([
      405,
      'BAD_USER_INPUT',
    ]);
    expect((await sendExport(url, ann, '')).json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});
