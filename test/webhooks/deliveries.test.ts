import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { Cleanup, createDirectory } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import type { TestDatabase } from '../support/databases.ts';
import { makeLead, makeMeeting } from '../support/fixtures.ts';
import { CancelMeeting } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { setUpProcesses } from '../support/use-parley.ts';
import { type Delivery, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { makeWebhook } from '../support/webhooks.ts';

/** A receiver by https on localhost, which answers 200 to all, and the certificate by which it is known. */
async function receiveByHttps(context: TestContext): Promise<{ url: string; certificate: string; ids: string[] }> {
  const cleanup = new Cleanup();
  context.onTestFinished(() => cleanup.suite.disposeAsync());
  const cwd = createDirectory(cleanup);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', 'key.pem', '-out', 'certificate.pem'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
    cwd,
    stdio: 'ignore',
  });
  const certificate = join(cwd, 'certificate.pem');
  const ids: string[] = [];
  const options = { key: readFileSync(join(cwd, 'key.pem')), cert: readFileSync(certificate) };
  const server = createServer(options, (request, response) => {
    ids.push(String(request.headers['webhook-id']));
    request.resume().once('end', () => response.end());
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  cleanup.suite.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/`, certificate, ids };
}

const LOCAL = { WEBHOOK_ALLOW_LOOPBACK: 'true' };

const FIELDS = 'id event status attempts responseStatus error payload nextAttemptAt finishedAt';
const DELIVERIES = `query ($id: ID!, $statuses: [WebhookDeliveryStatus!]) {
  webhook(id: $id) { enabled disabledReason failingSince
    deliveries(first: 100, statuses: $statuses) { totalCount edges { node { ${FIELDS} } } } } }`;
const DELIVERY = `query ($id: ID!) { node(id: $id) { ... on WebhookDelivery { ${FIELDS} } } }`;
const TEST = 'mutation ($id: ID!) { sendTestEvent(input: { webhookId: $id }) { delivery { id status attempts } } }';
const REDELIVER =
  'mutation ($id: ID!) { redeliver(input: { webhookDeliveryId: $id }) { delivery { id status attempts } } }';
const UPDATE =
  'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhook { enabled disabledReason } } }';

async function receive({ onTestFinished }: TestContext): Promise<WebhookReceiver> {
  const receiver = await startWebhookReceiver();
  onTestFinished(() => receiver.stop());
  return receiver;
}

/** Makes a webhook at the receiver, which trusts its secret. */
async function connect(
  owner: Client,
  receiver: WebhookReceiver,
  name: string,
  events?: Parameters<typeof makeWebhook>[2],
): Promise<{ id: string; secret: string }> {
  const webhook = await makeWebhook(owner, receiver.urlOf(name), events);
  receiver.trust(webhook.secret);
  return webhook;
}

const sendTest = async (owner: Client, id: string): Promise<string> =>
  (await owner.ask(TEST, { id })).sendTestEvent.delivery.id;

const waitForDelivery = (owner: Client, id: string, passes: (node: Record<string, any>) => boolean) =>
  until(async () => (await owner.ask(DELIVERY, { id })).node, passes);

/** Lets the time of the next attempts come, and workers look, whose timers know another. */
const makeDue = (database: TestDatabase) =>
  sql(
    database,
    `WITH due AS (UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'PENDING' RETURNING id)
     SELECT pg_notify('webhooks', '') FROM due`,
  );

/** Stores events of a webhook at once, as jobs do, and returns the ids of their deliveries. */
async function storeEvents(database: TestDatabase, webhookId: string, count: number): Promise<string[]> {
  const rows = await sql(
    database,
    `WITH stored AS (INSERT INTO webhook_deliveries (id, webhook_id, event, data, next_attempt_at)
       SELECT gen_random_uuid(), $1, 'WEBHOOK_TEST', '{}', now() FROM generate_series(1, $2) RETURNING id)
     SELECT id, pg_notify('webhooks', '') FROM stored`,
    [Buffer.from(webhookId, 'base64url').toString().split(':')[1], count],
  );
  return rows.map(({ id }) => Buffer.from(`WebhookDelivery:${id}`).toString('base64url'));
}

const arrived = (receiver: WebhookReceiver, id: string) => receiver.waitFor((delivery) => delivery.id === id);

// At once, each with a database, a receiver and processes of its own: most of their time they wait.
describe.concurrent('a webhook', { timeout: 180_000 }, () => {
  it('is told of what it asks for, signed, once, and only of what is its owner’s', async (context) => {
    const receiver = await receive(context);
    const { start } = await setUpProcesses(context, { env: LOCAL });
    const parley = await start();
    const [ann, bob] = [await parley.user(), await parley.user()];
    const webhook = await connect(ann, receiver, 'ann', ['REPLY_FINISHED', 'MEETING_CANCELLED']);
    await connect(bob, receiver, 'bob', ['REPLY_FINISHED', 'MEETING_CANCELLED']);
    const { reply, conversation } = await send(ann, 'Hello there.');
    await readReply(ann, reply.id);
    const told = await receiver.waitFor(({ type }) => type === 'REPLY_FINISHED');
    expect(told).toMatchObject({
      path: '/hooks/ann',
      data: { messageId: reply.id, conversationId: conversation.id, status: 'COMPLETE' },
      signedWith: [webhook.secret],
    });
    expect(Date.now() - Date.parse(told.timestamp)).toBeLessThan(60_000);
    const meeting = await makeMeeting(ann);
    await ann.ask(CancelMeeting, { id: meeting });
    const cancelled = await receiver.waitFor(({ type }) => type === 'MEETING_CANCELLED');
    expect(cancelled.data).toMatchObject({ meetingId: meeting });

    const own = (await ann.ask(DELIVERIES, { id: webhook.id })).webhook;
    expect(own).toMatchObject({ enabled: true, failingSince: null });
    expect(own.deliveries.edges.map(({ node }: { node: unknown }) => node)).toEqual(
      [cancelled, told].map(({ id, type, data, timestamp }) => ({
        ...{ id, event: type, status: 'SUCCEEDED', attempts: 1, responseStatus: 204, error: null, nextAttemptAt: null },
        payload: { type, timestamp, data },
        finishedAt: expect.any(String),
      })),
    );
    expect((await bob.ask(DELIVERIES, { id: webhook.id })).webhook).toBeNull();
    expect((await ann.ask(DELIVERIES, { id: webhook.id, statuses: ['FAILED', 'PENDING'] })).webhook.deliveries).toEqual(
      {
        ...{ totalCount: 0, edges: [] },
      },
    );
    expect(receiver.forged).toBe(0);
    expect(receiver.deliveries.filter(({ path }) => path === '/hooks/bob')).toEqual([]);
    const everything = JSON.stringify([parley.log, parley.output]);
    expect(everything).not.toContain('whsec_');
  });

  it('is tried again under the same id after an error, a silence, and a refused connection', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: LOCAL });
    const ann = await (await start()).user();
    const webhook = await connect(ann, receiver, 'a');
    const now = () => makeDue(database);
    receiver.answer(500, {}, `no\0 room ${'א'.repeat(2_000)}`);
    const id = await sendTest(ann, webhook.id);
    const failed = async (attempts: number) => {
      const node = await waitForDelivery(ann, id, (one) => one.attempts === attempts && one.error !== null);
      expect(node).toMatchObject({ status: 'PENDING', finishedAt: null });
      return node;
    };
    const first = await failed(1);
    expect(first.responseStatus).toBe(500);
    expect(first.error).toMatch(/^The receiver answered 500: no room א+/);
    expect(first.error.length).toBeLessThanOrEqual(500);
    const waitMs = Date.parse(first.nextAttemptAt) - Date.now();
    expect(waitMs).toBeGreaterThan(5_000);
    expect(waitMs).toBeLessThan(16_000);

    receiver.answer(307, { location: receiver.urlOf('elsewhere') });
    await now();
    await until(
      async () => (await ann.ask(DELIVERY, { id })).node.responseStatus,
      (status) => status === 307,
    );
    expect((await failed(2)).error).toBe('The receiver answered 307, a redirect, which is not followed.');

    receiver.answer(null);
    await now();
    await until(
      async () => receiver.waiting,
      (waiting) => waiting === 1,
    );
    const third = await waitForDelivery(ann, id, (one) => one.attempts === 3 && one.responseStatus === null);
    expect(third.error).toBe('The receiver did not answer within 10 s.');

    await receiver.stop();
    await now();
    const fourth = await waitForDelivery(ann, id, (one) => one.attempts === 4 && one.error.includes('reached'));
    expect(fourth.error).toBe('The receiver cannot be reached (ECONNREFUSED).');
    expect((await ann.ask(DELIVERIES, { id: webhook.id })).webhook.failingSince).not.toBeNull();

    receiver.answer(204);
    await receiver.start();
    await ann.ask(REDELIVER, { id });
    await arrived(receiver, id);
    expect(await waitForDelivery(ann, id, ({ status }) => status === 'SUCCEEDED')).toMatchObject({ attempts: 5 });
    expect(new Set(receiver.deliveries.map((one) => one.id))).toEqual(new Set([id]));
    expect((await ann.ask(DELIVERIES, { id: webhook.id })).webhook.failingSince).toBeNull();

    // Again, by hand: the receiver can tell.
    await ann.ask(REDELIVER, { id });
    await until(
      async () => receiver.deliveries.filter((one) => one.id === id && one.status === 204).length,
      (n) => n === 2,
    );
  });

  it('is told what was committed before everything was killed, and again what was being sent', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: LOCAL });
    const server = await start('server');
    const ann = await server.user();
    const webhook = await connect(ann, receiver, 'a', ['MEETING_BOOKED']);
    const lost = await makeMeeting(ann); // nobody works yet
    server.kill('SIGKILL');
    await server.ended;
    receiver.answer(null);
    const worker = await start('worker');
    await until(
      async () => receiver.waiting,
      (waiting) => waiting === 1,
    );
    worker.kill('SIGKILL');
    await worker.ended;
    receiver.answer(204);
    await Promise.all([start('worker'), start('worker')]);
    // The claim of the worker that was killed lasts for a minute.
    await makeDue(database);
    const told = await receiver.waitFor(({ type }) => type === 'MEETING_BOOKED');
    expect(told.data.meetingId).toBe(lost);
    const again = (await start('server')).as(ann);
    await waitForDelivery(again, told.id, ({ status }) => status === 'SUCCEEDED');
    expect(receiver.deliveries.map(({ id }) => id)).toEqual([told.id, told.id]);
    expect((await again.ask(DELIVERIES, { id: webhook.id })).webhook.deliveries.totalCount).toBe(1);
  });

  it('has every old secret for a day after its rotation, and is switched off when it has failed for three days', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: LOCAL });
    const parley = await start();
    const ann = await parley.user();
    const { id, secret } = await connect(ann, receiver, 'a', ['LEAD_REFUSED']);
    const rotate =
      'mutation ($id: ID!) { rotateWebhookSecret(input: { webhookId: $id }) { secret webhook { previousSecretUntil } } }';
    const { rotateWebhookSecret } = await ann.ask(rotate, { id });
    const day = Date.parse(rotateWebhookSecret.webhook.previousSecretUntil) - Date.now();
    expect(Math.round(day / 3_600_000)).toBe(24);
    receiver.trust(rotateWebhookSecret.secret);
    expect((await arrived(receiver, await sendTest(ann, id))).signedWith).toEqual([secret, rotateWebhookSecret.secret]);
    const again = (await ann.ask(rotate, { id })).rotateWebhookSecret;
    receiver.trust(again.secret);
    const all = [secret, rotateWebhookSecret.secret, again.secret];
    expect((await arrived(receiver, await sendTest(ann, id))).signedWith).toEqual(all);
    await sql(
      database,
      `UPDATE webhooks SET older_secrets = jsonb_set(older_secrets, '{0,until}', to_jsonb(now() - interval '1 second'))`,
    );
    expect((await arrived(receiver, await sendTest(ann, id))).signedWith).toEqual(all.slice(1));
    await sql(database, 'UPDATE webhooks SET previous_secret_until = now()');
    expect((await arrived(receiver, await sendTest(ann, id))).signedWith).toEqual([again.secret]);

    receiver.answer(500);
    const cursor = (await ann.ask('{ viewer { changeCursor } }')).viewer.changeCursor;
    const failing = await sendTest(ann, id);
    await waitForDelivery(ann, failing, ({ error }) => error !== null);
    await sql(database, `UPDATE webhooks SET failing_since = now() - interval '73 hours'`);
    await ann.ask(REDELIVER, { id: failing });
    const off = await until(
      async () => (await ann.ask(DELIVERIES, { id })).webhook,
      ({ enabled }) => !enabled,
    );
    expect(off.disabledReason).toBe('Every attempt has failed for 3 days. The last one: The receiver answered 500.');
    const { changes } = await ann.ask(
      'query ($a: String!) { changes(after: $a, types: [WEBHOOK]) { changes { id } } }',
      {
        a: cursor,
      },
    );
    expect(changes.changes).toEqual([{ id }]);
    const { errors } = await ann.send(TEST, { id });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    const [audit] = await sql(
      database,
      `SELECT count(*)::int AS count FROM audit_entries WHERE action = 'webhook.disable'`,
    );
    expect(audit?.count).toBe(1);

    // What happens now is not told, and what waits fails when it is due.
    const before = (await ann.ask(DELIVERIES, { id })).webhook.deliveries.totalCount;
    const refuse =
      'mutation ($id: ID!) { updateLead(input: { leadId: $id, status: DO_NOT_CALL }) { lead { status } } }';
    await ann.ask(refuse, { id: await makeLead(ann) });
    expect((await ann.ask(DELIVERIES, { id })).webhook.deliveries.totalCount).toBe(before);
    await makeDue(database);
    expect(await waitForDelivery(ann, failing, ({ status }) => status === 'FAILED')).toMatchObject({
      error: 'The webhook is off.',
    });

    receiver.answer(204);
    const { updateWebhook } = await ann.ask(UPDATE, { input: { webhookId: id, enabled: true } });
    expect(updateWebhook.webhook).toEqual({ enabled: true, disabledReason: null });
    const lead = await makeLead(ann);
    await ann.ask(refuse, { id: lead });
    expect((await receiver.waitFor(({ type }) => type === 'LEAD_REFUSED')).data).toEqual({
      leadId: lead,
      callId: null,
    });
    await ann.ask(REDELIVER, { id: failing });
    await arrived(receiver, failing);
  });

  it('is switched off at once by a receiver that is gone, alone, and can be switched on again', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: LOCAL });
    const ann = await (await start()).user();
    const [gone, other] = [await connect(ann, receiver, 'gone'), await connect(ann, receiver, 'other')];
    receiver.answerAt('gone', 410);
    const cursor = (await ann.ask('{ viewer { changeCursor } }')).viewer.changeCursor;
    const delivery = await sendTest(ann, gone.id);
    const off = await until(
      async () => (await ann.ask(DELIVERIES, { id: gone.id })).webhook,
      ({ enabled }) => !enabled,
    );
    expect(off.disabledReason).toBe('The receiver wants no more events: it answered 410 (Gone).');
    expect((await ann.ask(DELIVERY, { id: delivery })).node).toMatchObject({
      ...{ status: 'FAILED', attempts: 1, responseStatus: 410, nextAttemptAt: null },
    });
    const changes = 'query ($a: String!) { changes(after: $a, types: [WEBHOOK]) { changes { id } } }';
    expect((await ann.ask(changes, { a: cursor })).changes.changes).toEqual([{ id: gone.id }]);
    const audited = await sql(database, `SELECT subject_id FROM audit_entries WHERE action = 'webhook.disable'`);
    expect(audited).toHaveLength(1);
    await arrived(receiver, await sendTest(ann, other.id));

    receiver.answerAt('gone', 204);
    await ann.ask(UPDATE, { input: { webhookId: gone.id, enabled: true } });
    await arrived(receiver, await sendTest(ann, gone.id));
  });

  it('fails for good after all attempts; deleting it takes its deliveries along', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: LOCAL });
    const ann = await (await start()).user();
    const { id } = await connect(ann, receiver, 'a');
    receiver.answer(503, { 'retry-after': '1800' });
    const delivery = await sendTest(ann, id);
    const first = await waitForDelivery(ann, delivery, ({ error }) => error !== null);
    expect(Date.parse(first.nextAttemptAt) - Date.now()).toBeGreaterThan(1_700_000);
    receiver.answer(503, { 'retry-after': new Date(Date.now() + 1_800_000).toUTCString() });
    await makeDue(database);
    const second = await waitForDelivery(
      ann,
      delivery,
      ({ attempts, nextAttemptAt }) => attempts === 2 && Date.parse(nextAttemptAt) > Date.now() + 90_000,
    );
    expect(Date.parse(second.nextAttemptAt) - Date.now()).toBeGreaterThan(1_700_000);
    await sql(database, 'UPDATE webhook_deliveries SET attempts = 10');
    await makeDue(database);
    const node = await waitForDelivery(ann, delivery, ({ status }) => status === 'FAILED');
    expect(node).toMatchObject({ attempts: 11, responseStatus: 503, nextAttemptAt: null });
    await ann.ask('mutation ($id: ID!) { deleteWebhook(input: { webhookId: $id }) { deletedId } }', { id });
    expect(await sql(database, 'SELECT id FROM webhook_deliveries')).toEqual([]);
  });

  it('is reached by https, by its name, if its certificate is trusted', async (context) => {
    const { url, certificate, ids } = await receiveByHttps(context);
    const { start } = await setUpProcesses(context, { env: LOCAL });
    const server = await start('server');
    const ann = await server.user();
    const { id } = await makeWebhook(ann, url);
    const worker = await start('worker');
    const distrusted = await waitForDelivery(ann, await sendTest(ann, id), ({ error }) => error !== null);
    expect(distrusted.error).toBe('The receiver cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT).');
    expect(await worker.stop()).toBe(0);
    await start('worker', { NODE_EXTRA_CA_CERTS: certificate });
    const trusted = await sendTest(ann, id);
    expect(await waitForDelivery(ann, trusted, ({ status }) => status === 'SUCCEEDED')).toMatchObject({
      responseStatus: 200,
    });
    expect(ids).toContain(trusted); // and perhaps the first one, whose next attempt may be due by now
    expect((await ann.ask(DELIVERIES, { id, statuses: [] })).webhook.deliveries).toEqual({ totalCount: 0, edges: [] });
  });

  it('does not delay others: a thousand events while receivers of the same and another user say nothing', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: LOCAL });
    const parley = await start();
    const [ann, bob, eve] = [await parley.user(), await parley.user(), await parley.user()];
    const many = await connect(ann, receiver, 'many');
    const [silent, eves] = [await connect(ann, receiver, 'silent'), await connect(eve, receiver, 'eves')];
    const bobs = await connect(bob, receiver, 'bobs');
    receiver.answerAt('silent', null);
    receiver.answerAt('eves', null);
    for (const [owner, { id }] of [
      [ann, silent],
      [eve, eves],
    ] as const)
      await Promise.all(Array.from({ length: 30 }, () => sendTest(owner, id)));
    const beganAt = performance.now();
    const ids = new Set(await storeEvents(database, many.id, 1_000));
    const askedAt = performance.now();
    await arrived(receiver, await sendTest(bob, bobs.id));
    const bobsMs = performance.now() - askedAt;
    const told = (delivery: Delivery) => delivery.path === '/hooks/many';
    await until(
      async () => receiver.deliveries.filter(told).length,
      (count) => count >= 1_000,
    );
    console.info(
      `1000 events in ${Math.round(performance.now() - beganAt)} ms; another user's after ${Math.round(bobsMs)} ms`,
    );
    expect(new Set(receiver.deliveries.filter(told).map(({ id }) => id))).toEqual(ids);
    expect(receiver.deliveries.filter(told)).toHaveLength(1_000);
    expect(bobsMs).toBeLessThan(5_000);
    expect(receiver.deliveries.filter(({ path }) => path === '/hooks/silent').length).toBeLessThan(20);
  });
});
