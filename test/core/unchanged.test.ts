import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { ProcessEpisode, SaveMemory } from '../support/operations.ts';
import { send } from '../support/replies.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { type Processes, useProcesses } from '../support/use-parley.ts';

type Input = Record<string, unknown>;

/** For every mutation that leaves something as it is when it is asked for again: what to ask for twice. */
const REPEATABLE: Record<string, (client: Client) => Promise<Input>> = {
  createUser: async () => ({ username: `user-${randomUUID()}` }),
  revokeApiKey: async (admin) => ({ apiKeyId: await makeApiKey(admin) }),
  updateConversation: async (ann) => ({
    conversationId: await makeConversation(ann),
    title: 'A title',
    pinned: true,
    archived: true,
    metadata: { tags: ['a', { b: null }] },
  }),
  deleteConversation: async (ann) => ({ conversationId: await makeConversation(ann) }),
  sendMessage: async (ann) => ({ conversationId: await makeConversation(ann), content: 'Hello.' }),
  stopReply: async (ann) => ({ messageId: (await send(ann, 'Hello.')).reply.id }),
  askEpisode: async (ann) => ({ episodeId: await makeEpisode(ann), question: 'What is it about?' }),
  updateMemory: async (ann) => ({
    memoryId: await makeMemory(ann),
    content: `Another ${randomUUID()}`,
    kind: 'EVENT',
    tags: ['b', 'a'],
    importance: 0.9,
    expiresAt: '2999-01-01T00:00:00.000Z',
    metadata: { a: 1 },
  }),
  deleteMemory: async (ann) => ({ memoryId: await makeMemory(ann) }),
  processEpisode: async (ann) => ({ episodeId: await makeEpisode(ann) }),
  archiveEpisode: async (ann) => ({ episodeId: await makeEpisode(ann) }),
  deleteEpisode: async (ann) => ({ episodeId: await makeEpisode(ann) }),
  cancelJob: async (ann) => ({ jobId: await makeJob(ann, 'RUNNING') }),
  retryJob: async (ann) => ({ jobId: await makeJob(ann, 'FAILED') }),
};

/** Mutations that add something, or say something anew, every time. */
const ADDING = [
  ...['createApiKey', 'rotateApiKey', 'createConversation', 'importConversation', 'addMessage', 'addMessages'],
  ...['saveMemory', 'importTranscript', 'submitFeedback'],
];

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
let server: Processes;

describeWith('redis', 'a mutation that is repeated without a key', () => {
  server = useProcesses({ env: REDIS_ENV });
  const published: string[] = [];
  const redis = new Redis(REDIS_ENV.REDIS_URL, { lazyConnect: true });
  let admin: Client;
  /** What is published on behalf of nobody else in this Redis. */
  let prefix: string;

  beforeAll(async () => {
    // Without a worker, which would publish what its jobs do.
    admin = (await server.start('server')).admin;
    const [secret] = await sql<{ value: Buffer }>(
      server.database,
      `SELECT value FROM server_settings WHERE name = 'installation'`,
    );
    prefix = `parley:${secret?.value.toString('hex').slice(0, 12)}:`;
    redis.on('pmessage', (_pattern, channel: string) => published.push(channel));
    await redis.connect();
    await redis.psubscribe(`${prefix}*`);
  });
  afterAll(() => redis.disconnect());

  /** All that was published until now: what comes over one connection comes in order. */
  const takePublished = async () => {
    const marker = `${prefix}${randomUUID()}`;
    const publisher = new Redis(REDIS_ENV.REDIS_URL);
    await publisher.publish(marker, '');
    publisher.disconnect();
    await expect.poll(() => published.includes(marker)).toBe(true);
    return published.splice(0).filter((channel) => channel !== marker);
  };

  it('is either known to add something, or an example here', () => {
    expect([...Object.keys(REPEATABLE), ...ADDING].toSorted()).toEqual(mutations.toSorted());
  });

  it.each(Object.entries(REPEATABLE))('%s leaves no audit row, and wakes nobody', async (name, example) => {
    const input = await example(admin);
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const ask = () => admin.send(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input });
    expect((await ask()).errors).toBeUndefined();
    const before = await countAuditEntries();
    await takePublished();

    await ask();

    expect(await countAuditEntries()).toBe(before);
    expect(await takePublished()).toEqual([]);
  });
});

async function countAuditEntries(): Promise<number> {
  const [row] = await sql<{ count: number }>(server.database, 'SELECT count(*)::int AS count FROM audit_entries');
  return row?.count ?? 0;
}

async function makeApiKey(client: Client): Promise<string> {
  const create = 'mutation { createApiKey(input: { name: "more" }) { apiKey { id } } }';
  return (await client.ask(create)).createApiKey.apiKey.id;
}

async function makeMemory(client: Client): Promise<string> {
  const { saveMemory } = await client.ask(SaveMemory, { input: { content: `Number ${randomUUID()}` } });
  return saveMemory?.memory.id as string;
}

/** A job that looks to users as if it were in this status. */
async function makeJob(client: Client, status: 'RUNNING' | 'FAILED'): Promise<string> {
  const { processEpisode } = await client.ask(ProcessEpisode, { input: { episodeId: await makeEpisode(client) } });
  const id = processEpisode?.job.id as string;
  const rowId = Buffer.from(id, 'base64url').toString().split(':')[1];
  await sql(server.database, 'UPDATE jobs SET status = $1::job_status WHERE id = $2', [status, rowId]);
  return id;
}
