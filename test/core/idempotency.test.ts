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
import { makeCall, makeCallable, OPEN_ALL_HOURS } from '../support/calls.ts';
import { makeClosedCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import {
  makeClips,
  makeConversation,
  makeEpisode,
  makeLead,
  makeMeeting,
  makePastMeeting,
  makeRefusal,
  makeSegment,
  makeVtt,
  newTime,
  processToEnd,
} from '../support/fixtures.ts';
import { insertRecording } from '../support/media.ts';
import {
  AddMessage,
  CreateConversation,
  EpisodeWithClips,
  MarkConversationRead,
  SaveMemory,
  SuspendUser,
} from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { openServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';
import { makeDelivery, makeWebhook } from '../support/webhooks.ts';

const app = useParley({ env: { ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '1' } });

type Input = Record<string, unknown>;
type Example = (client: Client) => Promise<[first: Input, other: Input]>;

/** For every mutation that takes a key: an input that succeeds, and another one. */
const EXAMPLES: Record<string, Example> = {
  createUser: async () => [{ username: `one-${randomUUID()}` }, { username: `other-${randomUUID()}` }],
  exportUserData: async () => [{}, { userId: (await app.user()).id }],
  suspendUser: async () => contents('reason', { userId: (await app.user()).id }),
  unsuspendUser: async (admin) => contents('reason', { userId: await makeSuspended(admin) }),
  setUserLimits: async () => {
    const { id: userId } = await app.user();
    return [
      { userId, pointsPerMinute: 1_000 },
      { userId, pointsPerMinute: 2_000 },
    ];
  },
  eraseUser: async () => [await makeErasure(), await makeErasure()],
  cleanUpConversations: async () => [
    { olderThanDays: 36_000, dryRun: false },
    { olderThanDays: 36_500, dryRun: false },
  ],
  createBackup: async () => [{ verify: false }, { verify: true }],
  updateApiKey: async (ann) => {
    const apiKeyId = await makeApiKey(ann);
    return [
      { apiKeyId, pointsPerMinute: 1_000 },
      { apiKeyId, pointsPerMinute: 2_000 },
    ];
  },
  revokeApiKey: (ann) => bothAs('apiKeyId', () => makeApiKey(ann)),
  updateViewer: async () => contents('displayName', {}),
  createConversation: async () => [{ title: 'One' }, { title: 'Other' }],
  updateConversation: async (ann) => contents('title', { conversationId: await makeConversation(ann) }),
  markConversationRead: async (ann) => {
    const conversationId = await makeConversation(ann, 3);
    return [
      { conversationId, sequence: 2 },
      { conversationId, sequence: 3 },
    ];
  },
  markConversationUnread: async (ann) => {
    const conversationId = await makeConversation(ann, 3);
    await ann.ask(MarkConversationRead, { input: { conversationId, sequence: 3 } });
    return [
      { conversationId, sequence: 2 },
      { conversationId, sequence: 1 },
    ];
  },
  rateMessage: async (ann) => {
    const input = { conversationId: await makeConversation(ann), role: 'ASSISTANT' as const, content: 'Hello.' };
    const messageId = (await ann.ask(AddMessage, { input })).addMessage?.message.id as string;
    return [
      { messageId, rating: 'UP' },
      { messageId, rating: 'DOWN' },
    ];
  },
  archiveConversations: async (ann) => [
    { conversationIds: [await makeConversation(ann)] },
    { conversationIds: [await makeConversation(ann)] },
  ],
  deleteConversations: async (ann) => [
    { conversationIds: [await makeConversation(ann)] },
    { conversationIds: [await makeConversation(ann)] },
  ],
  editMessage: async (ann) => {
    const input = { conversationId: await makeConversation(ann), role: 'USER' as const, content: 'Hello.' };
    const messageId = (await ann.ask(AddMessage, { input })).addMessage?.message.id as string;
    return contents('content', { messageId });
  },
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
  regenerateReply: (ann) => bothAs('messageId', () => makeWrittenReply(ann)),
  stopReply: (ann) => bothAs('messageId', () => makeActiveReply(ann)),
  askEpisode: async (ann) => contents('question', { episodeId: await makeEpisode(ann) }),
  saveMemory: async () => contents('content', {}),
  updateMemory: async (ann) => contents('content', { memoryId: await makeMemory(ann) }),
  extractMemories: (ann) => bothAs('messageId', () => makeUserMessage(ann)),
  restoreMemory: (ann) => bothAs('memoryId', () => makeSuperseded(ann)),
  deleteMemory: (ann) => bothAs('memoryId', () => makeMemory(ann)),
  createEpisode: async () => contents('title', { filename: 'talk.mp3', sizeBytes: 10 }),
  importTranscript: async () => contents('title', { format: 'VTT', content: makeVtt(2) }),
  processEpisode: (ann) => bothAs('episodeId', () => makeEpisode(ann)),
  submitFeedback: async (ann) => contents('comment', { episodeId: await makeEpisode(ann), type: 'LIKE' }),
  updateEpisode: async (ann) => contents('title', { episodeId: await makeEpisode(ann) }),
  updateSegment: async (ann) => contents('text', { transcriptSegmentId: await makeSegment(ann) }),
  renameSpeaker: async (ann) => contents('name', { episodeId: await makeEpisode(ann), speaker: 'Ruth' }),
  createClip: async (ann) =>
    contents('title', { episodeId: await makeEpisode(ann), startSeconds: 4, endSeconds: 20, platform: 'X' }),
  deleteClip: (ann) => bothAs('clipId', async () => (await makeClips(ann))[0] as string),
  trimClip: async (ann) => {
    const [clip] = await makeClips(ann);
    return [
      { clipId: clip, startSeconds: 4, endSeconds: 30 },
      { clipId: clip, startSeconds: 4, endSeconds: 31 },
    ];
  },
  updateClip: async (ann) => contents('title', { clipId: (await makeClips(ann))[0] }),
  renderClip: async (ann) => {
    const [clip = ''] = await makeClips(ann);
    await insertRecording(app.database, clip);
    return [{ clipId: clip }, { clipId: clip, vertical: true }];
  },
  setClipStatus: async (ann) => {
    const [clip] = await makeClips(ann);
    return [
      { clipId: clip, status: 'APPROVED' },
      { clipId: clip, status: 'REJECTED' },
    ];
  },
  archiveEpisode: (ann) => bothAs('episodeId', () => makeEpisode(ann)),
  deleteEpisode: (ann) => bothAs('episodeId', () => makeEpisode(ann)),
  createLead: async () => [
    { name: 'One', phone: '+972522345678' },
    { name: 'Other', phone: '+972522345679' },
  ],
  updateLead: async (ann) => contents('name', { leadId: await makeLead(ann) }),
  tagLeads: async (ann) => {
    const leadIds = [await makeLead(ann)];
    return [
      { leadIds, add: ['one'] },
      { leadIds, add: ['other'] },
    ];
  },
  deleteLead: (ann) => bothAs('leadId', () => makeLead(ann)),
  callLead: (ann) => bothAs('leadId', () => makeCallable(ann)),
  cancelCall: (ann) => bothAs('callId', () => makeCall(ann)),
  importLeads: async () => [{ csv: 'name,phone\nOne,+972522345678\n' }, { csv: 'name,phone\nOther,+972522345678\n' }],
  bookMeeting: async (ann) => {
    const [leadId, startsAt] = [await makeLead(ann), newTime()];
    return contents('title', { leadId, startsAt });
  },
  updateMeeting: async (ann) => contents('title', { meetingId: await makeMeeting(ann) }),
  cancelMeeting: (ann) => bothAs('meetingId', () => makeMeeting(ann)),
  setMeetingOutcome: async (ann) => {
    const meetingId = await makePastMeeting(app.database, ann);
    return [
      { meetingId, outcome: 'HELD' },
      { meetingId, outcome: 'NO_SHOW' },
    ];
  },
  liftDoNotCall: async (admin) => [await makeRefusal(admin), await makeRefusal(admin)],
  createCampaign: async (ann) => {
    const leadIds = [await makeLead(ann)];
    return [
      { name: 'One', goal: 'Meet', leadIds },
      { name: 'Other', goal: 'Meet', leadIds },
    ];
  },
  updateCampaign: async (ann) => contents('name', { campaignId: await makeClosedCampaign(ann, 'RUNNING') }),
  deleteCampaign: (ann) => bothAs('campaignId', () => makeClosedCampaign(ann, 'DRAFT')),
  startCampaign: (ann) => bothAs('campaignId', () => makeClosedCampaign(ann, 'DRAFT')),
  pauseCampaign: (ann) => bothAs('campaignId', () => makeClosedCampaign(ann, 'RUNNING')),
  resumeCampaign: (ann) => bothAs('campaignId', () => makeClosedCampaign(ann, 'PAUSED')),
  cancelCampaign: (ann) => bothAs('campaignId', () => makeClosedCampaign(ann, 'RUNNING')),
  updateWebhook: async (ann) => contents('description', { webhookId: (await makeWebhook(ann)).id }),
  deleteWebhook: (ann) => bothAs('webhookId', async () => (await makeWebhook(ann)).id),
  sendTestEvent: (ann) => bothAs('webhookId', async () => (await makeWebhook(ann)).id),
  redeliver: (ann) => bothAs('webhookDeliveryId', () => makeDelivery(ann)),
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
    const isForAdmins =
      ['eraseUser', 'exportUserData'].includes(mutation.name) ||
      mutation.description?.includes('Requires scope ADMIN.');
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
  await cleanUp(services, { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 }).finally(() =>
    services.close(),
  );
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
    .map(({ name, type }) => (isObjectType(getNamedType(type)) ? `${name} { ${selectObject(type)} }` : name))
    .join(' ');
}

/** What identifies an object: its id, or all of it where it has none. */
function selectObject(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  return isObjectType(named) && 'id' in named.getFields() ? 'id' : selectionOf(type);
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

async function makeSuspended(admin: Client): Promise<string> {
  const { id } = await app.user();
  await admin.ask(SuspendUser, { input: { userId: id, reason: 'unpaid' } });
  return id;
}

/** What an ADMIN asks for to erase somebody. */
async function makeErasure(): Promise<Input> {
  const { id } = await app.user();
  return { userId: id, dryRun: false };
}

async function makeMemory(client: Client): Promise<string> {
  const { saveMemory } = await client.ask(SaveMemory, { input: { content: `Number ${randomUUID()}` } });
  return saveMemory?.memory.id as string;
}

/** A memory whose place another has taken. */
async function makeSuperseded(client: Client): Promise<string> {
  const id = await makeMemory(client);
  await client.ask(SaveMemory, { input: { content: `Number ${randomUUID()}`, supersedes: [id] } });
  return id;
}

/** A reply that looks as if it were being written. */
async function makeActiveReply(client: Client): Promise<string> {
  const replyId = await makeWrittenReply(client);
  await sql(app.database, `UPDATE messages SET status = 'STREAMING' WHERE id = $1`, [rowId(replyId)]);
  return replyId;
}

async function makeUserMessage(client: Client): Promise<string> {
  const input = { conversationId: await makeConversation(client), role: 'USER' as const, content: 'I live in Haifa.' };
  return (await client.ask(AddMessage, { input })).addMessage?.message.id as string;
}

async function makeWrittenReply(client: Client): Promise<string> {
  const { reply } = await send(client, 'Hello.');
  await readReply(client, reply.id);
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
