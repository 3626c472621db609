import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SaveMemoryInput } from '../generated/graphql.ts';
import { makeCall, makeCallable, OPEN_ALL_HOURS } from '../support/calls.ts';
import { makeClosedCampaign } from '../support/campaigns.ts';
import { type Client, clientOf } from '../support/client.ts';
import {
  makeClips,
  makeConversation,
  makeEpisode,
  makeLead,
  makeMeeting,
  makePastMeeting,
  makeSegment,
  makeVtt,
  newPhone,
  newTime,
} from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer, postGraphql } from '../support/http.ts';
import { inputTypeOf } from '../support/input-types.ts';
import { insertRecording } from '../support/media.ts';
import { AddMessage, SaveMemory } from '../support/operations.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';
import { makeDelivery, makeWebhook } from '../support/webhooks.ts';

const app = useParley({ env: { ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '1' } });

type Ann = Client & { id: string; username: string };
let ann: Ann;
/** What the writes below work on. */
let ids: Record<
  | 'segment'
  | 'reply'
  | 'question'
  | 'conversation'
  | 'doomed'
  | 'episode'
  | 'doomedEpisode'
  | 'archived'
  | 'clip'
  | 'recordedClip'
  | 'superseded'
  | 'key'
  | 'rotated'
  | 'lead'
  | 'erased'
  | 'suspended'
  | 'callable'
  | 'call'
  | 'meeting'
  | 'pastMeeting'
  | 'draft'
  | 'doomedDraft'
  | 'running'
  | 'webhook'
  | 'delivery',
  string
>;
const leadPhone = newPhone();

beforeAll(async () => {
  ann = await app.user({ scopes: ['READ', 'WRITE', 'ADMIN'], role: 'ADMIN' });
  const keyOf = async (name: string) =>
    (await ann.ask('mutation ($name: String!) { createApiKey(input: { name: $name }) { apiKey { id } } }', { name }))
      .createApiKey.apiKey.id;
  const save = async (input: SaveMemoryInput) => (await ann.ask(SaveMemory, { input })).saveMemory?.memory.id as string;
  const superseded = await save({ content: 'The key is under the mat.' });
  await save({ content: 'The key is with Ruth.', supersedes: [superseded] });
  const rated = { conversationId: await makeConversation(ann), role: 'ASSISTANT' as const, content: 'hello there' };
  ids = {
    segment: await makeSegment(ann),
    reply: (await ann.ask(AddMessage, { input: rated })).addMessage?.message.id as string,
    question: (await ann.ask(AddMessage, { input: { ...rated, role: 'USER' } })).addMessage?.message.id as string,
    conversation: await makeConversation(ann),
    doomed: await makeConversation(ann),
    episode: await makeEpisode(ann),
    doomedEpisode: await makeEpisode(ann),
    archived: await makeEpisode(ann),
    clip: (await makeClips(ann))[0] as string,
    recordedClip: await makeRecordedClip(ann),
    superseded,
    key: await keyOf('key'),
    rotated: await keyOf('rotated'),
    lead: await makeLead(ann, leadPhone),
    erased: (await app.user()).id,
    suspended: (await app.user()).id,
    callable: await makeCallable(ann),
    call: await makeCall(ann),
    meeting: await makeMeeting(ann),
    pastMeeting: await makePastMeeting(app.database, ann),
    draft: await makeClosedCampaign(ann, 'DRAFT'),
    doomedDraft: await makeClosedCampaign(ann, 'DRAFT'),
    running: await makeClosedCampaign(ann, 'RUNNING'),
    webhook: (await makeWebhook(ann)).id,
    delivery: await makeDelivery(ann),
  };
});

type Json = any;
type Row = {
  action: string;
  actor: string;
  key: string;
  subject: string | null;
  request_id: string;
  ip: string;
  detail: unknown;
};

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];

const rowsOf = (requestId: string) =>
  sql<Row>(
    app.database,
    `SELECT a.action, u.username AS actor, k.prefix AS key, a.subject_type AS subject, a.request_id, a.ip, a.detail
     FROM audit_entries a JOIN users u ON u.id = a.actor_id JOIN api_keys k ON k.id = a.api_key_id WHERE a.request_id = $1`,
    [requestId],
  );

/** One write, and the audit rows that it left. */
async function write(
  client: Client,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
) {
  const requestId = randomUUID();
  const { json } = await postGraphql(
    app.parley.url,
    { query, variables },
    { ...bearer(client.key), 'x-request-id': requestId, ...headers },
  );
  return { json, rows: await rowsOf(requestId) };
}

const mutation = (name: string, selection: string) =>
  `mutation ($input: ${inputTypeOf(name)}) { ${name}(input: $input) { ${selection} } }`;

const WRITES: [action: string, subject: string, query: string, input: () => Record<string, unknown>][] = [
  ['user.create', 'User', mutation('createUser', 'user { id }'), () => ({ username: `made-${randomUUID()}` })],
  ['api-key.create', 'ApiKey', mutation('createApiKey', 'apiKey { id }'), () => ({ name: 'another' })],
  [
    'api-key.rotate',
    'ApiKey',
    mutation('rotateApiKey', 'apiKey { id }'),
    () => ({ apiKeyId: ids.rotated, graceSeconds: 60 }),
  ],
  [
    'api-key.update',
    'ApiKey',
    mutation('updateApiKey', 'apiKey { id }'),
    () => ({ apiKeyId: ids.key, pointsPerMinute: 100_000 }),
  ],
  ['api-key.revoke', 'ApiKey', mutation('revokeApiKey', 'apiKey { id }'), () => ({ apiKeyId: ids.key })],
  [
    'conversation.create',
    'Conversation',
    mutation('createConversation', 'conversation { id }'),
    () => ({ title: 'a title' }),
  ],
  [
    'conversation.update',
    'Conversation',
    mutation('updateConversation', 'conversation { id }'),
    () => ({ conversationId: ids.conversation, pinned: true }),
  ],
  [
    'conversation.import',
    'Conversation',
    mutation('importConversation', 'conversation { id }'),
    () => ({ history: [{ user: 'hi', agent: 'ho' }] }),
  ],
  [
    'message.add',
    'Conversation',
    mutation('addMessage', 'message { id }'),
    () => ({ conversationId: ids.conversation, role: 'USER', content: 'hello there' }),
  ],
  [
    'message.add',
    'Conversation',
    mutation('addMessages', 'messages { id }'),
    () => ({
      conversationId: ids.conversation,
      messages: [
        { role: 'USER', content: 'hello there' },
        { role: 'USER', content: 'again' },
      ],
    }),
  ],
  [
    'conversation.mark-read',
    'Conversation',
    mutation('markConversationRead', 'conversation { id }'),
    () => ({ conversationId: ids.conversation, sequence: 2 }),
  ],
  [
    'conversation.mark-unread',
    'Conversation',
    mutation('markConversationUnread', 'conversation { id }'),
    () => ({ conversationId: ids.conversation, sequence: 1 }),
  ],
  [
    'message.rate',
    'Message',
    mutation('rateMessage', 'message { id }'),
    () => ({ messageId: ids.reply, rating: 'UP' }),
  ],
  [
    'conversation.archive',
    'User',
    mutation('archiveConversations', 'changed'),
    () => ({ conversationIds: [ids.conversation] }),
  ],
  [
    'message.edit',
    'Message',
    mutation('editMessage', 'message { id }'),
    () => ({ messageId: ids.question, content: 'What I meant.' }),
  ],
  [
    'conversation.delete',
    'Conversation',
    mutation('deleteConversation', 'deletedId'),
    () => ({ conversationId: ids.doomed }),
  ],
  [
    'transcript.import',
    'Episode',
    mutation('importTranscript', 'segments'),
    () => ({ title: 'a title', format: 'VTT', content: makeVtt(3) }),
  ],
  [
    'episode.create',
    'Episode',
    mutation('createEpisode', 'episode { id }'),
    () => ({ filename: 'hello there.mp3', sizeBytes: 10 }),
  ],
  [
    'feedback.submit',
    'Feedback',
    mutation('submitFeedback', 'feedback { id }'),
    () => ({ episodeId: ids.episode, type: 'LIKE', comment: 'hello there' }),
  ],
  ['user.update', 'User', mutation('updateViewer', 'viewer { id }'), () => ({ displayName: 'hello there' })],
  ['memory.extract', 'Message', mutation('extractMemories', 'job { id }'), () => ({ messageId: ids.question })],
  ['memory.restore', 'Memory', mutation('restoreMemory', 'memory { id }'), () => ({ memoryId: ids.superseded })],
  [
    'episode.update',
    'Episode',
    mutation('updateEpisode', 'episode { id }'),
    () => ({ episodeId: ids.episode, title: 'hello there' }),
  ],
  [
    'transcript.correct',
    'Episode',
    mutation('updateSegment', 'segment { id }'),
    () => ({ transcriptSegmentId: ids.segment, text: 'hello there' }),
  ],
  [
    'transcript.rename-speaker',
    'Episode',
    mutation('renameSpeaker', 'segmentCount'),
    () => ({ episodeId: ids.episode, speaker: 'Ruth', name: 'hello there' }),
  ],
  [
    'clip.create',
    'Clip',
    mutation('createClip', 'clip { id }'),
    () => ({ episodeId: ids.episode, startSeconds: 4, endSeconds: 20, title: 'hello there', platform: 'X' }),
  ],
  [
    'clip.trim',
    'Clip',
    mutation('trimClip', 'clip { id }'),
    () => ({ clipId: ids.clip, startSeconds: 4, endSeconds: 30 }),
  ],
  ['clip.update', 'Clip', mutation('updateClip', 'clip { id }'), () => ({ clipId: ids.clip, title: 'כותרת' })],
  ['clip.render', 'Clip', mutation('renderClip', 'job { id }'), () => ({ clipId: ids.recordedClip })],
  [
    'clip.set-status',
    'Clip',
    mutation('setClipStatus', 'clip { id }'),
    () => ({ clipId: ids.clip, status: 'REJECTED' }),
  ],
  ['clip.delete', 'Clip', mutation('deleteClip', 'deletedId'), () => ({ clipId: ids.recordedClip })],
  ['episode.process', 'Episode', mutation('processEpisode', 'job { id }'), () => ({ episodeId: ids.episode })],
  ['episode.archive', 'Episode', mutation('archiveEpisode', 'episode { id }'), () => ({ episodeId: ids.archived })],
  ['episode.delete', 'Episode', mutation('deleteEpisode', 'deletedId'), () => ({ episodeId: ids.doomedEpisode })],
  [
    'lead.create',
    'Lead',
    mutation('createLead', 'lead { id }'),
    () => ({ name: 'hello there', phone: newPhone(), notes: 'hello there' }),
  ],
  [
    'lead.update',
    'Lead',
    mutation('updateLead', 'lead { id }'),
    () => ({ leadId: ids.lead, name: 'hello there', status: 'DO_NOT_CALL' }),
  ],
  [
    'doNotCall.lift',
    'Lead',
    mutation('liftDoNotCall', 'phone'),
    () => ({ userId: ann.id, phone: leadPhone, reason: 'asked' }),
  ],
  [
    'meeting.book',
    'Meeting',
    mutation('bookMeeting', 'meeting { id }'),
    () => ({ leadId: ids.lead, startsAt: newTime(), title: 'hello there', notes: 'hello there' }),
  ],
  [
    'meeting.update',
    'Meeting',
    mutation('updateMeeting', 'meeting { id }'),
    () => ({ meetingId: ids.meeting, title: 'hello there', startsAt: newTime() }),
  ],
  ['meeting.cancel', 'Meeting', mutation('cancelMeeting', 'meeting { id }'), () => ({ meetingId: ids.meeting })],
  [
    'meeting.set-outcome',
    'Meeting',
    mutation('setMeetingOutcome', 'meeting { id }'),
    () => ({ meetingId: ids.pastMeeting, outcome: 'NO_SHOW' }),
  ],
  ['lead.delete', 'Lead', mutation('deleteLead', 'deletedId'), () => ({ leadId: ids.lead })],
  ['call.place', 'Call', mutation('callLead', 'call { id }'), () => ({ leadId: ids.callable })],
  ['call.cancel', 'Call', mutation('cancelCall', 'call { id }'), () => ({ callId: ids.call })],
  [
    'lead.import',
    'User',
    mutation('importLeads', 'created'),
    () => ({ csv: `name,phone\nhello there,${newPhone()}\n` }),
  ],
  ['lead.tag', 'User', mutation('tagLeads', 'changed'), () => ({ leadFilter: {}, add: ['hello there'] })],
  ['backup.create', 'Job', mutation('createBackup', 'job { id }'), () => ({ verify: false })],
  [
    'conversation.clean-up',
    'Job',
    mutation('cleanUpConversations', 'job { id }'),
    () => ({ olderThanDays: 36_500, dryRun: false }),
  ],
  ['user.export', 'User', mutation('exportUserData', 'job { id }'), () => ({})],
  ['user.suspend', 'User', mutation('suspendUser', 'user { id }'), () => ({ userId: ids.suspended, reason: 'unpaid' })],
  [
    'user.unsuspend',
    'User',
    mutation('unsuspendUser', 'user { id }'),
    () => ({ userId: ids.suspended, reason: 'paid' }),
  ],
  [
    'user.limit',
    'User',
    mutation('setUserLimits', 'user { id }'),
    () => ({ userId: ids.suspended, storageQuotaBytes: 1_000 }),
  ],
  ['user.erase', 'User', mutation('eraseUser', 'job { id }'), () => ({ userId: ids.erased, dryRun: false })],
  [
    'campaign.create',
    'Campaign',
    mutation('createCampaign', 'campaign { id }'),
    () => ({ name: 'hello there', goal: 'hello there', leadFilter: {} }),
  ],
  [
    'campaign.update',
    'Campaign',
    mutation('updateCampaign', 'campaign { id }'),
    () => ({ campaignId: ids.running, name: 'hello there' }),
  ],
  ['campaign.delete', 'Campaign', mutation('deleteCampaign', 'deletedId'), () => ({ campaignId: ids.doomedDraft })],
  ['campaign.start', 'Campaign', mutation('startCampaign', 'campaign { id }'), () => ({ campaignId: ids.draft })],
  ['campaign.pause', 'Campaign', mutation('pauseCampaign', 'campaign { id }'), () => ({ campaignId: ids.running })],
  ['campaign.resume', 'Campaign', mutation('resumeCampaign', 'campaign { id }'), () => ({ campaignId: ids.running })],
  ['campaign.cancel', 'Campaign', mutation('cancelCampaign', 'campaign { id }'), () => ({ campaignId: ids.running })],
  [
    'webhook.create',
    'Webhook',
    mutation('createWebhook', 'webhook { id }'),
    () => ({ url: 'https://example.com/hello there', events: ['CALL_ENDED'], description: 'hello there' }),
  ],
  [
    'webhook.update',
    'Webhook',
    mutation('updateWebhook', 'webhook { id }'),
    () => ({ webhookId: ids.webhook, url: 'https://example.com/?hello there', description: 'hello there' }),
  ],
  ['webhook.rotate', 'Webhook', mutation('rotateWebhookSecret', 'secret'), () => ({ webhookId: ids.webhook })],
  ['webhook.test', 'Webhook', mutation('sendTestEvent', 'delivery { id }'), () => ({ webhookId: ids.webhook })],
  [
    'webhook.redeliver',
    'WebhookDelivery',
    mutation('redeliver', 'delivery { id }'),
    () => ({ webhookDeliveryId: ids.delivery }),
  ],
  ['webhook.delete', 'Webhook', mutation('deleteWebhook', 'deletedId'), () => ({ webhookId: ids.webhook })],
];

describe('every write leaves one row', () => {
  it.each(WRITES)('%s', async (action, subject, query, input) => {
    const { json, rows } = await write(ann, query, { input: input() });
    expect(json.errors).toBeUndefined();
    expect(rows).toMatchObject([{ action, subject, actor: ann.username, key: ann.key.slice(0, 12) }]);
    // The job of an erasure takes the address out of all entries about its user, as soon as it runs.
    expect(action === 'user.erase' ? ['127.0.0.1', null] : ['127.0.0.1']).toContain(rows[0]?.ip);
    expect(JSON.stringify(rows), 'content stays out').not.toMatch(/hello(%20| )there|WEBVTT|whsec_/);
  });

  it('over WebSocket too', async () => {
    const socket = await connect(app.parley.url, bearer(ann.key));
    const { data } = await socket.run({
      query: mutation('createConversation', 'conversation { id }'),
      variables: { input: {} },
    });
    await socket.close();
    const { auditLog } = await ann.ask('{ auditLog(first: 1) { edges { node { action subjectId requestId } } } }');
    const { id } = data.createConversation.conversation;
    expect(auditLog.edges).toEqual([
      { node: { action: 'conversation.create', subjectId: id, requestId: expect.any(String) } },
    ]);
  });

  it('for the user that a service acts for, with the key of the service', async () => {
    const [bot, bob] = [await app.user({ scopes: ['READ', 'WRITE', 'ACT_AS'] }), await app.user()];
    const { rows } = await write(
      bot,
      mutation('createConversation', 'conversation { id }'),
      { input: {} },
      { 'x-act-as': bob.username },
    );
    expect(rows).toMatchObject([{ actor: bob.username, key: bot.key.slice(0, 12) }]);
  });

  it('and none where it fails', async () => {
    const FAILS: [string, Record<string, unknown>][] = [
      [mutation('createUser', 'user { id }'), { username: 'admin' }],
      [mutation('createUser', 'user { id }'), { username: '' }],
      [mutation('createApiKey', 'secret'), { name: 'more', scopes: ['ACT_AS'] }],
      [
        mutation('revokeApiKey', 'apiKey { id }'),
        { apiKeyId: Buffer.from('ApiKey:01234567-89ab-7def-8123-456789abcdef').toString('base64url') },
      ],
      [mutation('deleteConversation', 'deletedId'), { conversationId: ids.doomed }],
      [mutation('addMessage', 'message { id }'), { conversationId: ids.doomed, role: 'USER', content: 'hi' }],
      [mutation('processEpisode', 'job { id }'), { episodeId: ids.archived }],
      [mutation('importTranscript', 'segments'), { title: 'x', format: 'VTT', content: 'nothing' }],
    ];
    for (const [query, input] of FAILS) {
      const { json, rows } = await write(ann, query, { input });
      expect(json.errors, query).toHaveLength(1);
      expect(rows, query).toEqual([]);
    }
  });
});

describe('the audit log', () => {
  const LOG = `query ($actorId: ID, $subjectId: ID, $action: String, $actions: [String!], $since: DateTime, $until: DateTime,
    $first: Int, $after: String) {
    auditLog(actorId: $actorId, subjectId: $subjectId, action: $action, actions: $actions, since: $since, until: $until,
      first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id at action actor { username } apiKey { prefix } subjectId requestId ip detail } }
    }
  }`;
  const entries = async (variables: Record<string, unknown>) => {
    const { auditLog } = await ann.ask(LOG, variables);
    return auditLog.edges.map(({ node }: { node: Json }) => node) as Json[];
  };

  it('says who did what, when, with what and from where', async () => {
    const id = await makeConversation(ann);
    const [entry] = await entries({ actorId: ann.id, first: 1 });
    expect(entry).toMatchObject({
      action: 'conversation.create',
      actor: { username: ann.username },
      apiKey: { prefix: ann.key.slice(0, 12) },
      subjectId: id,
      ip: '127.0.0.1',
      requestId: expect.any(String),
    });
    expect(Date.now() - Date.parse(entry?.at)).toBeLessThan(20_000);
  });

  it('shows only one user’s, only one action, only what came since', async () => {
    const bob = await app.user();
    await makeConversation(bob);
    const [mine] = await entries({ actorId: bob.id });
    await makeConversation(bob, 1);
    expect((await entries({ actorId: bob.id })).map(({ action }) => action)).toEqual([
      'message.add',
      'conversation.create',
      'conversation.create',
    ]);
    expect((await entries({ actorId: bob.id, action: 'message.add' })).map(({ action }) => action)).toEqual([
      'message.add',
    ]);
    const sinceLast = new Date(Date.parse(mine?.at) + 1).toISOString();
    expect(await entries({ actorId: bob.id, since: sinceLast })).toHaveLength(2);
    expect(await entries({ actorId: bob.id, action: 'nothing.such' })).toEqual([]);
  });

  it('shows only what was done with one object, by several actions, until a moment', async () => {
    const bob = await app.user();
    const [first, second] = [await makeConversation(bob, 1), await makeConversation(bob, 1)];
    const actionsOf = async (variables: Record<string, unknown>) =>
      (await entries(variables)).map(({ action, subjectId }) => [action, subjectId]);
    expect(await actionsOf({ subjectId: first })).toEqual([
      ['message.add', first],
      ['conversation.create', first],
    ]);
    expect(await actionsOf({ subjectId: first, actions: ['message.add', 'nothing.such'] })).toEqual([
      ['message.add', first],
    ]);
    const everyone = { actions: ['conversation.create', 'user.create', 'api-key.create'], first: 5 };
    const newest = await actionsOf(everyone);
    expect(newest.slice(0, 2)).toEqual([
      ['conversation.create', second],
      ['conversation.create', first],
    ]);
    expect(newest).toHaveLength(5);
    expect(newest.map(([action]) => action)).toContain('user.create');
    expect(await actionsOf({ ...everyone, action: 'message.add' })).toEqual([]);
    const [made] = await entries({ subjectId: second, action: 'conversation.create' });
    const before = await actionsOf({ actorId: bob.id, until: made?.at });
    expect(before).toEqual([
      ['message.add', first],
      ['conversation.create', first],
    ]);
    const user = Buffer.from(`User:${rowId(first)}`).toString('base64url');
    expect(await actionsOf({ subjectId: user })).toEqual([]);
  });

  it('of several actions is paged as one', async () => {
    const actions = ['conversation.create', 'message.add', 'user.create', 'conversation.create'];
    const all = await entries({ actions, first: 100 });
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more && seen.length < 100; ) {
      const { auditLog }: { auditLog: Json } = await ann.ask(LOG, { actions, first: 7, after });
      seen.push(...auditLog.edges.map(({ node }: { node: { id: string } }) => node.id));
      ({ endCursor: after, hasNextPage: more } = auditLog.pageInfo);
    }
    expect(seen.slice(0, all.length)).toEqual(all.map(({ id }) => id));
  });

  it('is paged, newest first, each entry once', async () => {
    const bob = await app.user();
    for (let count = 0; count < 5; count += 1) await makeConversation(bob);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { auditLog }: { auditLog: Json } = await ann.ask(LOG, { actorId: bob.id, first: 2, after });
      expect(auditLog.totalCount).toBe(5);
      seen.push(...auditLog.edges.map(({ node }: { node: { id: string } }) => node.id));
      ({ endCursor: after, hasNextPage: more } = auditLog.pageInfo);
    }
    expect(seen).toEqual((await entries({ actorId: bob.id })).map(({ id }) => id));
    expect(new Set(seen).size).toBe(5);
  });

  it.each([
    ['action', { action: 'a\0b' }],
    ['action', { action: 'x'.repeat(101) }],
    ['actorId', { actorId: 'x' }],
    ['subjectId', { subjectId: 'x' }],
    ['actions', { actions: [] }],
    ['actions', { actions: Array(21).fill('user.create') }],
    ['actions.1', { actions: ['user.create', 'a\0b'] }],
    ['after', { after: 'x' }],
  ])('refuses a bad %s', async (field, variables) => {
    const { errors } = await ann.send(LOG, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });

  it('of a rare action, or of one object, is read from an index, however long it is', async () => {
    await sql(
      app.database,
      `INSERT INTO audit_entries (id, at, action, subject_type, subject_id)
       SELECT gen_random_uuid(), now() - n * interval '1 minute',
         (ARRAY['conversation.create', 'message.add', 'memory.save'])[n % 3 + 1], 'Conversation', gen_random_uuid()
       FROM generate_series(1, 60000) n`,
    );
    await sql(app.database, 'ANALYZE audit_entries');
    const planOf = async (condition: string) =>
      (
        await sql<{ 'QUERY PLAN': string }>(
          app.database,
          `EXPLAIN SELECT * FROM audit_entries a WHERE ${condition} ORDER BY a.at DESC, a.id DESC LIMIT 51`,
        )
      )
        .map((row) => row['QUERY PLAN'])
        .join('\n');
    expect(await planOf(`a.action = ANY('{user.suspend,backup.create}'::text[])`)).toContain('audit_entries_by_action');
    expect(await planOf(`a.subject_id = '${randomUUID()}'::uuid AND a.subject_type = 'Lead'`)).toContain(
      'audit_entries_subject_id_at_id_idx',
    );
    expect(await planOf(`a.action = ANY('{message.add,user.suspend}'::text[])`)).toContain('audit_entries_at_id_idx');
  });

  it('outlives those it speaks of', async () => {
    const bob = await app.user();
    await makeConversation(bob);
    const [entry] = await entries({ actorId: bob.id, first: 1 });
    await sql(app.database, 'DELETE FROM users WHERE username = $1', [bob.username]);
    const { node } = await clientOf(app.parley.url, ADMIN_KEY).ask(
      'query ($id: ID!) { node(id: $id) { ... on AuditEntry { action actor { id } apiKey { id } } } }',
      { id: entry?.id },
    );
    expect(node).toEqual({ action: 'conversation.create', actor: null, apiKey: null });
  });
});

async function makeRecordedClip(owner: Client): Promise<string> {
  const [clip = ''] = await makeClips(owner);
  await insertRecording(app.database, clip);
  return clip;
}
