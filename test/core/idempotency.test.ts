import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { cleanUp } from '#domain/operations/clean-up.ts';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, makeVtt, processToEnd } from '../support/fixtures.ts';
import { CreateConversation, EpisodeWithClips, SaveMemory } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { openServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

type Input = Record<string, unknown>;
type Example = (client: Client) => Promise<[first: Input, other: Input]>;

/** For every mutation that takes a key: an input that succeeds, and another one. */
const EXAMPLES: Record<string, Example> = {
  createUser: async () => [{ username: `one-${randomUUID()}` }, { username: `other-${randomUUID()}` }],
  revokeApiKey: (ann) => bothAs('apiKeyId', () => makeApiKey(ann)),
  createConversation: async () => [{ title: 'One' }, { title: 'Other' }],
  updateConversation: async (ann) => contents('title', { conversationId: await makeConversation(ann) }),
  deleteConversation: (ann) => bothAs('conversationId', () => makeConversation(ann)),
  importConversation: async () => [{ history: [{ user: 'One' }] }, { history: [{ user: 'Other' }] }],
  addMessage: async (ann) => contents('content', { conversationId: await makeConversation(ann), role: 'USER' }),
  addMessages: async (ann) => {
    const conversationId = await makeConversation(ann);
    const messages = (content: string) => [{ role: 'USER', content }];
    return [
      { conversationId, messages: messages('One') },
      { conversationId, messages: messages('Other') },
    ];
  },
  sendMessage: async () => contents('content', {}),
  stopReply: (ann) => bothAs('messageId', () => makeActiveReply(ann)),
  askEpisode: async (ann) => contents('question', { episodeId: await makeEpisode(ann) }),
  saveMemory: async () => contents('content', {}),
  updateMemory: async (ann) => contents('content', { memoryId: await makeMemory(ann) }),
  deleteMemory: (ann) => bothAs('memoryId', () => makeMemory(ann)),
  importTranscript: async () => contents('title', { format: 'VTT', content: makeVtt(2) }),
  processEpisode: (ann) => bothAs('episodeId', () => makeEpisode(ann)),
  submitFeedback: async (ann) => contents('comment', { episodeId: await makeEpisode(ann), type: 'LIKE' }),
  archiveEpisode: (ann) => bothAs('episodeId', () => makeEpisode(ann)),
  deleteEpisode: (ann) => bothAs('episodeId', () => makeEpisode(ann)),
  cancelJob: (ann) => bothAs('jobId', () => makeJob(ann, 'RUNNING')),
  retryJob: (ann) => bothAs('jobId', () => makeJob(ann, 'FAILED')),
};

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(takesKey);

describe('a mutation with an idempotency key', () => {
  it('has an example here', () => {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(mutations.map(({ name }) => name).toSorted());
  });

  it.each(mutations)('$name happens once, answers the same again, and refuses another input', async (mutation) => {
    const isForAdmins = mutation.description?.includes('Requires scope ADMIN.');
    const client = isForAdmins ? app.admin : await app.user();
    const [first, other] = await (EXAMPLES[mutation.name] as Example)(client);
    const operation = operationOf(mutation);
    const idempotencyKey = randomUUID();
    const ask = () => client.ask(operation, { input: { ...first, idempotencyKey } });
    const before = await changesBy(client);

    const [one, atTheSameTime] = await Promise.all([ask(), ask()]);
    const later = await ask();
    const { errors } = await client.send(operation, { input: { ...other, idempotencyKey } });

    expect(one[mutation.name]).not.toBeNull();
    expect([atTheSameTime, later]).toEqual([one, one]);
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect(await changesBy(client)).toBe(before + 1);
  });
});

it('an idempotency key is kept for a day, and forgotten after two', async () => {
  const ann = await app.user();
  const create = async (idempotencyKey: string) =>
    (await ann.ask(CreateConversation, { input: { idempotencyKey } })).createConversation?.conversation.id;
  const [young, old] = [await create('young'), await create('old')];
  await sql(app.database, AGE, [
    [25, 49],
    ['young', 'old'],
  ]);
  const services = await openServices({ DATABASE_URL: app.database.url });
  await cleanUp(services, { jobs: 30, auditEntries: 400 }).finally(() => services.close());
  expect(await create('young')).toBe(young);
  expect(await create('old')).not.toBe(old);
});

/** Makes keys as many hours old as is given for each. */
const AGE = `UPDATE idempotency_keys k SET created_at = now() - aged.hours * interval '1 hour'
  FROM unnest($1::int[], $2::text[]) AS aged (hours, key) WHERE k.key = aged.key`;

function takesKey({ args }: GraphQLField<unknown, unknown>): boolean {
  const input = args[0] && getNamedType(args[0].type);
  return isInputObjectType(input) && 'idempotencyKey' in input.getFields();
}

/** The mutation, asked for the values of its payload and the ids of the objects in it. */
function operationOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  return `mutation ($input: ${args[0]?.type}) { ${name}(input: $input) { ${selectionOf(type)} } }`;
}

function selectionOf(payload: GraphQLOutputType): string {
  const type = getNamedType(payload);
  if (!isObjectType(type)) throw new Error(`${type} is no payload.`);
  return Object.values(type.getFields())
    .map((field) => (isObjectType(getNamedType(field.type)) ? `${field.name} { id }` : field.name))
    .join(' ');
}

/** How many changes the audit log has that were made with the client's key. */
async function changesBy({ key }: Client): Promise<number> {
  const [row] = await sql<{ count: number }>(
    app.database,
    'SELECT count(*)::int AS count FROM audit_entries a JOIN api_keys k ON k.id = a.api_key_id WHERE k.prefix = $1',
    [key.slice(0, 12)],
  );
  return row?.count ?? 0;
}

/** Two inputs that name two objects. */
async function bothAs(field: string, make: () => Promise<string>): Promise<[Input, Input]> {
  return [{ [field]: await make() }, { [field]: await make() }];
}

/** Two inputs that differ in one text. */
function contents(field: string, input: Input): [Input, Input] {
  return [
    { ...input, [field]: 'One, in so many words' },
    { ...input, [field]: 'Another' },
  ];
}

async function makeApiKey(client: Client): Promise<string> {
  const create = 'mutation { createApiKey(input: { name: "more" }) { apiKey { id } } }';
  return (await client.ask(create)).createApiKey.apiKey.id;
}

async function makeMemory(client: Client): Promise<string> {
  const { saveMemory } = await client.ask(SaveMemory, { input: { content: `Number ${randomUUID()}` } });
  return saveMemory?.memory.id as string;
}

/** A reply that looks as if it were being written. */
async function makeActiveReply(client: Client): Promise<string> {
  const { reply } = await send(client, 'Hello.');
  await readReply(client, reply.id);
  await sql(app.database, `UPDATE messages SET status = 'STREAMING' WHERE id = $1`, [rowId(reply.id)]);
  return reply.id;
}

/** A job that looks to users as if it were in this status. */
async function makeJob(client: Client, status: 'RUNNING' | 'FAILED'): Promise<string> {
  const episodeId = await makeEpisode(client);
  await processToEnd(client, episodeId);
  const { episode } = await client.ask(EpisodeWithClips, { id: episodeId });
  const id = episode?.job?.id as string;
  await sql(app.database, 'UPDATE jobs SET status = $1::job_status WHERE id = $2', [status, rowId(id)]);
  return id;
}

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
