import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCall, makeCallable, OPEN_ALL_HOURS } from '../support/calls.ts';
import { makeClosedCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import {
  makeConversation,
  makeEpisode,
  makeLead,
  makeMeeting,
  makePastMeeting,
  makeRefusal,
  makeSegment,
  newPhone,
  newTime,
} from '../support/fixtures.ts';
import { inputTypeOf } from '../support/input-types.ts';
import { insertRecording } from '../support/media.ts';
import { AddMessage, MarkConversationRead, ProcessEpisode, SaveMemory, SuspendUser } from '../support/operations.ts';
import { send } from '../support/replies.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Processes, useProcesses } from '../support/use-parley.ts';
import { makeWebhook } from '../support/webhooks.ts';

type Input = Record<string, unknown>;

/** For every mutation that leaves something as it is when it is asked for again: what to ask for twice. */
const REPEATABLE: Record<string, (client: Client) => Promise<Input>> = {
  createUser: async () => ({ username: `user-${randomUUID()}` }),
  exportUserData: async (admin) => ({ userId: await makeUser(admin) }),
  suspendUser: async (admin) => ({ userId: await makeUser(admin), reason: 'unpaid' }),
  unsuspendUser: async (admin) => {
    const userId = await makeUser(admin);
    await admin.ask(SuspendUser, { input: { userId, reason: 'unpaid' } });
    return { userId, reason: 'paid' };
  },
  setUserLimits: async (admin) => ({
    userId: await makeUser(admin),
    storageQuotaBytes: 1_000,
    pointsPerMinute: 1_000,
  }),
  eraseUser: async (admin) => ({ userId: await makeUser(admin), dryRun: false }),
  updateApiKey: async (admin) => ({ apiKeyId: await makeApiKey(admin), pointsPerMinute: 1_000 }),
  revokeApiKey: async (admin) => ({ apiKeyId: await makeApiKey(admin) }),
  updateConversation: async (ann) => ({
    conversationId: await makeConversation(ann),
    title: 'A title',
    pinned: true,
    archived: true,
    metadata: { tags: ['a', { b: null }] },
  }),
  markConversationRead: async (ann) => ({ conversationId: await makeConversation(ann, 3), sequence: 2 }),
  markConversationUnread: async (ann) => {
    const conversationId = await makeConversation(ann, 3);
    await ann.ask(MarkConversationRead, { input: { conversationId, sequence: 3 } });
    return { conversationId, sequence: 2 };
  },
  rateMessage: async (ann) => ({ messageId: await makeReply(ann), rating: 'UP', comment: 'Well said.' }),
  archiveConversations: async (ann) => ({
    conversationIds: [await makeConversation(ann), await makeConversation(ann)],
  }),
  editMessage: async (ann) => ({ messageId: await makeUserMessage(ann), content: 'What I meant.' }),
  deleteConversation: async (ann) => ({ conversationId: await makeConversation(ann) }),
  deleteConversations: async (ann) => ({ conversationIds: [await makeConversation(ann), await makeConversation(ann)] }),
  sendMessage: async (ann) => ({ conversationId: await makeConversation(ann), content: 'Hello.' }),
  stopReply: async (ann) => ({ messageId: (await send(ann, 'Hello.')).reply.id }),
  askEpisode: async (ann) => ({ episodeId: await makeEpisode(ann), question: 'What is it about?' }),
  updateViewer: async () => ({ displayName: `Name ${randomUUID()}`, email: 'ann@example.com' }),
  updateMemory: async (ann) => ({
    memoryId: await makeMemory(ann),
    content: `Another ${randomUUID()}`,
    kind: 'EVENT',
    tags: ['b', 'a'],
    importance: 0.9,
    expiresAt: '2999-01-01T00:00:00.000Z',
    metadata: { a: 1 },
  }),
  extractMemories: async (ann) => ({ messageId: await makeUserMessage(ann) }),
  restoreMemory: async (ann) => {
    const memoryId = await makeMemory(ann);
    await ann.ask(SaveMemory, { input: { content: `Number ${randomUUID()}`, supersedes: [memoryId] } });
    return { memoryId };
  },
  deleteMemory: async (ann) => ({ memoryId: await makeMemory(ann) }),
  processEpisode: async (ann) => ({ episodeId: await makeEpisode(ann) }),
  updateEpisode: async (ann) => ({ episodeId: await makeEpisode(ann), title: 'Other', language: 'he', archived: true }),
  updateSegment: async (ann) => ({ transcriptSegmentId: await makeSegment(ann), text: 'Nobody told us.' }),
  renameSpeaker: async (ann) => ({ episodeId: await makeEpisode(ann), speaker: 'Ruth', name: 'Naomi' }),
  deleteClip: async (ann) => ({ clipId: await makeClip(ann) }),
  trimClip: async (ann) => ({ clipId: await makeClip(ann), startSeconds: 4, endSeconds: 30 }),
  updateClip: async (ann) => ({ clipId: await makeClip(ann), title: 'כותרת אחרת' }),
  renderClip: async (ann) => {
    const clipId = await makeClip(ann);
    await insertRecording(server.database, clipId);
    return { clipId };
  },
  setClipStatus: async (ann) => ({ clipId: await makeClip(ann), status: 'APPROVED' }),
  archiveEpisode: async (ann) => ({ episodeId: await makeEpisode(ann) }),
  deleteEpisode: async (ann) => ({ episodeId: await makeEpisode(ann) }),
  createLead: async () => ({ name: 'Dana Levi', phone: newPhone() }),
  updateLead: async (ann) => ({
    leadId: await makeLead(ann),
    name: 'דנה לוי',
    phone: newPhone(),
    email: 'dana@example.com',
    company: 'Lavi',
    language: 'he',
    timeZone: 'Asia/Jerusalem',
    status: 'CONTACTED',
    source: 'fair',
    notes: 'Likes tea.',
    tags: ['b', 'a'],
    consentAt: '2026-01-01T00:00:00.000Z',
    consentReference: 'form 7',
    registryCheckedAt: '2026-01-01T00:00:00.000Z',
    registryReference: '1234',
  }),
  tagLeads: async (ann) => ({ leadIds: [await makeLead(ann), await makeLead(ann)], add: ['b', 'A'], remove: ['c'] }),
  deleteLead: async (ann) => ({ leadId: await makeLead(ann) }),
  callLead: async (ann) => ({ leadId: await makeCallable(ann) }),
  cancelCall: async (ann) => ({ callId: await makeCall(ann) }),
  updateMeeting: async (ann) => ({
    meetingId: await makeMeeting(ann),
    startsAt: newTime(),
    durationMinutes: 45,
    title: 'Other',
    timeZone: 'Asia/Jerusalem',
    location: 'Here',
    notes: 'Bring tea.',
  }),
  cancelMeeting: async (ann) => ({ meetingId: await makeMeeting(ann) }),
  setMeetingOutcome: async (ann) => ({ meetingId: await makePastMeeting(server.database, ann), outcome: 'NO_SHOW' }),
  importLeads: async () => ({
    csv: `name,phone,status,tags\nDana,${newPhone()},CONTACTED,"a,b"\nGil,${newPhone()},DO_NOT_CALL,\n`,
  }),
  liftDoNotCall: (admin) => makeRefusal(admin),
  updateCampaign: async (ann) => ({
    campaignId: await makeClosedCampaign(ann, 'DRAFT'),
    name: 'קיץ',
    goal: 'the new price list',
    language: 'he',
    callWindow: { start: '10:00', end: '16:00', days: [2, 1], respectShabbat: true },
    maxConcurrentCalls: 7,
    maxAttempts: 2,
    startsAt: newTime(),
  }),
  deleteCampaign: async (ann) => ({ campaignId: await makeClosedCampaign(ann, 'DRAFT') }),
  startCampaign: async (ann) => ({ campaignId: await makeClosedCampaign(ann, 'DRAFT') }),
  pauseCampaign: async (ann) => ({ campaignId: await makeClosedCampaign(ann, 'RUNNING') }),
  resumeCampaign: async (ann) => ({ campaignId: await makeClosedCampaign(ann, 'PAUSED') }),
  cancelCampaign: async (ann) => ({ campaignId: await makeClosedCampaign(ann, 'RUNNING') }),
  updateWebhook: async (ann) => ({
    webhookId: (await makeWebhook(ann)).id,
    url: 'https://Example.com:443/a/../b#c',
    events: ['CALL_ENDED', 'EPISODE_READY', 'CALL_ENDED'],
    description: 'Another',
    enabled: false,
  }),
  deleteWebhook: async (ann) => ({ webhookId: (await makeWebhook(ann)).id }),
  cancelJob: async (ann) => ({ jobId: await makeJob(ann, 'RUNNING') }),
  retryJob: async (ann) => ({ jobId: await makeJob(ann, 'FAILED') }),
};

/** Mutations that add something, or say something anew, every time. */
const ADDING = [
  ...['createApiKey', 'rotateApiKey', 'createConversation', 'importConversation', 'addMessage', 'addMessages'],
  ...['saveMemory', 'createEpisode', 'importTranscript', 'submitFeedback', 'createClip'],
  ...['bookMeeting', 'createCampaign'],
  ...['regenerateReply', 'createBackup', 'cleanUpConversations'],
  ...['createWebhook', 'rotateWebhookSecret', 'sendTestEvent', 'redeliver'],
];

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
let server: Processes;

describeWith('redis', 'a mutation that is repeated without a key', () => {
  server = useProcesses({ env: { ...REDIS_ENV, ...OPEN_ALL_HOURS } });
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
    const isBeat = (channel: string) => channel.startsWith(`${prefix}beat:`); // wakes nobody
    redis.on('pmessage', (_pattern, channel: string) => void (isBeat(channel) || published.push(channel)));
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
    await until(async () => published.includes(marker), Boolean);
    return published.splice(0).filter((channel) => channel !== marker);
  };

  it('is either known to add something, or an example here', () => {
    expect([...Object.keys(REPEATABLE), ...ADDING].toSorted()).toEqual(mutations.toSorted());
  });

  it.each(Object.entries(REPEATABLE))('%s leaves no audit row, and wakes nobody', async (name, example) => {
    const input = await example(admin);
    const ask = () =>
      admin.send(`mutation ($input: ${inputTypeOf(name)}) { ${name}(input: $input) { __typename } }`, { input });
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

async function makeUser(admin: Client): Promise<string> {
  const create = `mutation ($name: String!) { createUser(input: { username: $name }) { user { id } } }`;
  return (await admin.ask(create, { name: `user-${randomUUID()}` })).createUser.user.id;
}

async function makeReply(client: Client): Promise<string> {
  const input = { conversationId: await makeConversation(client), role: 'ASSISTANT' as const, content: 'Hello.' };
  return (await client.ask(AddMessage, { input })).addMessage?.message.id as string;
}

async function makeUserMessage(client: Client): Promise<string> {
  const input = { conversationId: await makeConversation(client), role: 'USER' as const, content: 'What I said.' };
  return (await client.ask(AddMessage, { input })).addMessage?.message.id as string;
}

async function makeApiKey(client: Client): Promise<string> {
  const create = 'mutation { createApiKey(input: { name: "more" }) { apiKey { id } } }';
  return (await client.ask(create)).createApiKey.apiKey.id;
}

async function makeMemory(client: Client): Promise<string> {
  const { saveMemory } = await client.ask(SaveMemory, { input: { content: `Number ${randomUUID()}` } });
  return saveMemory?.memory.id as string;
}

/** A clip as a worker leaves it, of which there is none here. */
async function makeClip(client: Client): Promise<string> {
  const episodeId = await makeEpisode(client);
  const [clip] = await sql<{ id: string }>(
    server.database,
    `INSERT INTO clips (id, episode_id, owner_id, title, start_seconds, end_seconds, score, features, genre, platform)
     SELECT gen_random_uuid(), id, owner_id, 'Clip', 0, 20, 0.5, '{}', 'GENERAL', 'TIKTOK' FROM episodes WHERE id = $1 RETURNING id`,
    [Buffer.from(episodeId, 'base64url').toString().split(':')[1]],
  );
  return Buffer.from(`Clip:${clip?.id}`).toString('base64url');
}

/** A job that looks to users as if it were in this status. */
async function makeJob(client: Client, status: 'RUNNING' | 'FAILED'): Promise<string> {
  const { processEpisode } = await client.ask(ProcessEpisode, { input: { episodeId: await makeEpisode(client) } });
  const id = processEpisode?.job.id as string;
  const rowId = Buffer.from(id, 'base64url').toString().split(':')[1];
  await sql(server.database, 'UPDATE jobs SET status = $1::job_status WHERE id = $2', [status, rowId]);
  return id;
}
