import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';
import { makeWebhook } from '../support/webhooks.ts';

const app = useParley();

const CREATE = `mutation ($input: CreateWebhookInput!) {
  createWebhook(input: $input) { secret webhook { id url description events enabled disabledAt failingSince } } }`;
const UPDATE = `mutation ($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) { webhook { url description events enabled disabledReason } } }`;
const toRowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const create = (owner: Client, url: string, more: Record<string, unknown> = {}) =>
  owner.send(CREATE, { input: { url, events: ['CALL_ENDED'], ...more } });

describe('createWebhook', () => {
  it('takes the largest input, in any script, and shows its secret once', async () => {
    const ann = await app.user();
    const path = 'א'.repeat(300);
    const description = '📞'.repeat(250);
    const events = Array.from({ length: 1_000 }, (_, index) => ['MEETING_BOOKED', 'CALL_ENDED'][index % 2]);
    const { data, errors } = await create(ann, `https://דוגמה.example:8443/${path}?a=1#b`, { description, events });
    expect(errors).toBeUndefined();
    const { webhook, secret } = data.createWebhook;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({
      url: `https://xn--6dbbec0c.example:8443/${encodeURIComponent(path)}?a=1`,
      ...{ description, events: ['CALL_ENDED', 'MEETING_BOOKED'], enabled: true, disabledAt: null, failingSince: null },
    });
    const everything = await ann.ask('{ webhooks(first: 5) { totalCount edges { node { id url events } } } }');
    expect(everything.webhooks.edges).toEqual([{ node: { id: webhook.id, url: webhook.url, events: webhook.events } }]);
    const stored = await sql(app.database, 'SELECT detail FROM audit_entries WHERE subject_type = $1', ['Webhook']);
    expect(stored).toEqual([{ detail: { host: 'xn--6dbbec0c.example:8443', events: webhook.events } }]);
  });

  it.each([
    ['http://example.com/', 'This must begin with https://.'],
    [
      'http://127.0.0.1/',
      'This must begin with https://, and have a public address. Receivers on the same machine take WEBHOOK_ALLOW_LOOPBACK=true, while you develop.',
    ],
    ['https://127.0.0.1/', 'This has no public address.'],
    ['https://2130706433/', 'This has no public address.'],
    ['https://localhost/', 'This has no public address.'],
    ['https://[::1]/', 'This has no public address.'],
    ['https://[::ffff:10.0.0.1]/', 'This has no public address.'],
    ['https://169.254.169.254/latest/meta-data/', 'This has no public address.'],
    ['https://10.0.0.1:8443/', 'This has no public address.'],
    ['https://ann:secret@example.com/', 'This may hold no user or password; requests are signed instead.'],
    ['example.com', 'This is not a URL; give one such as https://example.com/webhooks.'],
    ['https://', 'This is not a URL; give one such as https://example.com/webhooks.'],
    ['', 'This must have 1 to 2048 characters; it has 0.'],
    [`https://example.com/${'a'.repeat(2_048)}`, 'This must have 1 to 2048 characters; it has 2068.'],
    [`https://example.com/${'א'.repeat(1_000)}`, 'This must have 1 to 2048 characters; it has 6020.'],
  ])('refuses %s', async (url, message) => {
    const ann = await app.user();
    expect((await create(ann, url)).errors).toMatchObject([
      { message, extensions: { code: 'BAD_USER_INPUT', field: 'input.url' } },
    ]);
  });

  it('takes twenty of a user, also when a hundred come at once', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const answers = await Promise.all(Array.from({ length: 100 }, () => create(ann, 'https://example.com/')));
    const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
    expect(codes).toEqual(Array(80).fill('LIMIT_EXCEEDED'));
    await makeWebhook(bob);
  });

  it('needs an event, and a key that writes', async () => {
    const ann = await app.user();
    const none = await create(ann, 'https://example.com/', { events: [] });
    expect(none.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.events' } }]);
    const reader = await app.user({ scopes: ['READ'] });
    expect((await create(reader, 'https://example.com/')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });
});

it('updateWebhook changes what is given, and switches off and on', async () => {
  const ann = await app.user();
  const { id } = await makeWebhook(ann, 'https://example.com/', ['CALL_ENDED']);
  const update = async (change: Record<string, unknown>) =>
    (await ann.ask(UPDATE, { input: { webhookId: id, ...change } })).updateWebhook.webhook;
  const before = {
    url: 'https://example.com/',
    description: null,
    events: ['CALL_ENDED'],
    enabled: true,
    disabledReason: null,
  };
  expect(await update({ url: null, events: null, enabled: null })).toEqual(before);
  expect(await update({ description: 'For the CRM' })).toEqual({ ...before, description: 'For the CRM' });
  expect(await update({ description: null, enabled: false })).toEqual({
    ...{ ...before, enabled: false, disabledReason: 'Its owner switched it off.' },
  });
  expect(await update({ enabled: true, events: ['LEAD_REFUSED'] })).toEqual({ ...before, events: ['LEAD_REFUSED'] });
  const { errors } = await ann.send(UPDATE, { input: { webhookId: id, url: 'https://192.168.0.1/' } });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.url' } }]);
});

it('every field of a webhook and of its deliveries can be read', async () => {
  const ann = await app.user();
  const { id } = await makeWebhook(ann);
  const data = { clipId: 'Q2xpcDo', durationSeconds: 41.25, bytes: 5_000_000_000, callId: null };
  await sql(
    app.database,
    `INSERT INTO webhook_deliveries (id, webhook_id, event, data, status, attempts, response_status, finished_at)
     SELECT gen_random_uuid(), id, 'CLIP_RENDERED', $1, 'SUCCEEDED', 1, 204, now() FROM webhooks WHERE owner_id = $2`,
    [data, toRowId(ann.id)],
  );
  const { webhook } = await ann.ask(
    `query ($id: ID!) { webhook(id: $id) {
      id url description events enabled disabledAt disabledReason failingSince previousSecretUntil createdAt updatedAt
      deliveries { totalCount pageInfo { endCursor hasNextPage } edges { cursor node {
        id webhook { id } event payload status attempts nextAttemptAt responseStatus error createdAt lastAttemptAt finishedAt } } } } }`,
    { id },
  );
  const { node } = webhook.deliveries.edges[0];
  expect(node).toMatchObject({ webhook: { id }, event: 'CLIP_RENDERED', status: 'SUCCEEDED', error: null });
  expect(node.payload).toEqual({ type: 'CLIP_RENDERED', timestamp: node.createdAt, data });
});

it('takes no test events beyond a hundred pending deliveries, also when they come at once, and takes them again later', async () => {
  const ann = await app.user();
  const [silent, other] = [await makeWebhook(ann), await makeWebhook(ann)];
  const test = ({ id }: { id: string }) =>
    ann.send('mutation ($id: ID!) { sendTestEvent(input: { webhookId: $id }) { delivery { id } } }', { id });
  const pending = `INSERT INTO webhook_deliveries (id, webhook_id, event, data, next_attempt_at)
    SELECT gen_random_uuid(), id, 'WEBHOOK_TEST', '{}', now() + interval '1 hour'
    FROM webhooks, generate_series(1, 90) WHERE id = $1`;
  await sql(app.database, pending, [toRowId(silent.id)]);
  const answers = await Promise.all(Array.from({ length: 30 }, () => test(silent)));
  const refused = answers.flatMap(({ errors = [] }) => errors);
  expect(refused).toHaveLength(20);
  expect(refused[0]).toMatchObject({
    message: expect.stringContaining('see what their receiver answers'),
    extensions: { code: 'LIMIT_EXCEEDED', limit: 100, limited: 'pending deliveries' },
  });
  expect((await test(other)).errors).toBeUndefined();
  await sql(
    app.database,
    `UPDATE webhook_deliveries SET status = 'FAILED', next_attempt_at = NULL, finished_at = now()`,
  );
  expect((await test(silent)).errors).toBeUndefined();
});

it('rotates a secret ten times in a day, also at once, and says when it can be rotated again', async () => {
  const ann = await app.user();
  const { id } = await makeWebhook(ann);
  const rotate = () =>
    ann.send('mutation ($id: ID!) { rotateWebhookSecret(input: { webhookId: $id }) { secret } }', { id });
  const answers = await Promise.all(Array.from({ length: 12 }, rotate));
  const refused = answers.flatMap(({ errors = [] }) => errors);
  expect(refused).toHaveLength(2);
  expect(refused[0]).toMatchObject({
    message: expect.stringMatching(/rotate it again after \d{4}-\d\d-\d\dT/),
    extensions: { code: 'LIMIT_EXCEEDED', limit: 10, limited: 'old secrets', actual: 10 },
  });
  await sql(
    app.database,
    `UPDATE webhooks SET older_secrets = jsonb_set(older_secrets, '{-1,until}', to_jsonb(now())) WHERE id = $1`,
    [toRowId(id)],
  );
  expect((await rotate()).errors).toBeUndefined();
  expect((await rotate()).errors).toHaveLength(1);
});
