import { beforeAll, describe, expect, it } from 'vitest';
import { makeCall, OPEN_ALL_HOURS } from '../support/calls.ts';
import { makeClosedCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, makeLead, makeMeeting, processToEnd } from '../support/fixtures.ts';
import {
  AddMessage,
  Conversations,
  EpisodeWithClips,
  Memories,
  Messages,
  SaveMemory,
  SubmitFeedback,
} from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';
import { makeDelivery, makeWebhook } from '../support/webhooks.ts';

const app = useParley({ env: { ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '1' } });

/** Everything of Ann's that has an id, as Bob might have got hold of it. */
type Ids = Record<
  | 'conversation'
  | 'message'
  | 'memory'
  | 'episode'
  | 'segment'
  | 'clip'
  | 'feedback'
  | 'job'
  | 'apiKey'
  | 'user'
  | 'lead'
  | 'call'
  | 'meeting'
  | 'campaign'
  | 'webhook'
  | 'delivery',
  string
>;
let ids: Ids;
let ann: Client;
let bob: Client;

beforeAll(async () => {
  [ann, bob] = [await app.user(), await app.user()];
  const conversation = await makeConversation(ann, 2);
  const episode = await makeEpisode(ann);
  const job = (await processToEnd(ann, episode)).id;
  const { node } = (await ann.ask(EpisodeWithClips, { id: episode })).episode?.clips.edges[0] ?? {};
  const clip = node?.id as string;
  const { submitFeedback } = await ann.ask(SubmitFeedback, {
    input: { episodeId: episode, clipId: clip, type: 'LIKE', rating: 5 },
  });
  const { saveMemory } = await ann.ask(SaveMemory, { input: { content: 'The key is under the mat.' } });
  const read = `query ($c: ID!, $e: ID!) {
    conversation(id: $c) { lastMessage { id } } episode(id: $e) { transcript(first: 1) { edges { node { id } } } }
    apiKeys { id } viewer { id }
  }`;
  const more = await ann.ask(read, { c: conversation, e: episode });
  ids = {
    conversation,
    message: more.conversation.lastMessage.id,
    memory: saveMemory?.memory.id as string,
    episode,
    segment: more.episode.transcript.edges[0].node.id,
    clip,
    feedback: submitFeedback?.feedback.id as string,
    job,
    apiKey: more.apiKeys[0].id,
    user: more.viewer.id,
    lead: await makeLead(ann),
    call: await makeCall(ann),
    meeting: await makeMeeting(ann),
    campaign: await makeClosedCampaign(ann, 'RUNNING'),
    webhook: (await makeWebhook(ann)).id,
    delivery: await makeDelivery(ann),
  };
});

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';

describe("somebody else's row", () => {
  it('is there for its owner, by node and nodes', async () => {
    for (const id of Object.values(ids)) expect((await ann.ask(NODE, { id })).node).toMatchObject({ id });
  });

  it('is null by node, and by nodes, whatever its type', async () => {
    for (const id of Object.values(ids)) expect((await bob.ask(NODE, { id })).node).toBeNull();
    const { nodes } = await bob.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Object.values(ids) });
    expect(nodes).toEqual(Object.values(ids).map(() => null));
  });

  it.each(['conversation', 'episode', 'clip', 'job', 'lead', 'call', 'meeting', 'campaign', 'webhook'] as const)(
    'is null by the field %s',
    async (field) => {
      const read = `query ($id: ID!) { ${field}(id: $id) { id } }`;
      expect((await ann.ask(read, { id: ids[field] }))[field]).not.toBeNull();
      expect((await bob.ask(read, { id: ids[field] }))[field]).toBeNull();
    },
  );

  it.each([
    ['addMessage', 'conversation', '{ conversationId: $id, role: USER, content: "hi" }'],
    ['addMessages', 'conversation', '{ conversationId: $id, messages: [{ role: USER, content: "hi" }] }'],
    ['updateConversation', 'conversation', '{ conversationId: $id, title: "mine" }'],
    ['markConversationRead', 'conversation', '{ conversationId: $id, sequence: 1 }'],
    ['markConversationUnread', 'conversation', '{ conversationId: $id }'],
    ['rateMessage', 'message', '{ messageId: $id, rating: UP }'],
    ['archiveConversations', 'conversation', '{ conversationIds: [$id] }'],
    ['editMessage', 'message', '{ messageId: $id, content: "mine", resend: true, deleteMemories: true }'],
    ['deleteConversation', 'conversation', '{ conversationId: $id }'],
    ['createConversation', 'episode', '{ episodeId: $id }'],
    ['importTranscript', 'episode', '{ episodeId: $id, format: TEXT, content: "Ann: 00:00:01\\nHello there." }'],
    ['processEpisode', 'episode', '{ episodeId: $id }'],
    ['archiveEpisode', 'episode', '{ episodeId: $id }'],
    ['updateEpisode', 'episode', '{ episodeId: $id, title: "mine" }'],
    ['updateSegment', 'segment', '{ transcriptSegmentId: $id, text: "mine" }'],
    ['renameSpeaker', 'episode', '{ episodeId: $id, speaker: "Ruth", name: "mine" }'],
    ['createClip', 'episode', '{ episodeId: $id, startSeconds: 4, endSeconds: 20, title: "mine", platform: X }'],
    ['trimClip', 'clip', '{ clipId: $id, startSeconds: 0, endSeconds: 20 }'],
    ['updateClip', 'clip', '{ clipId: $id, title: "mine" }'],
    ['renderClip', 'clip', '{ clipId: $id }'],
    ['setClipStatus', 'clip', '{ clipId: $id, status: APPROVED }'],
    ['deleteClip', 'clip', '{ clipId: $id }'],
    ['deleteEpisode', 'episode', '{ episodeId: $id }'],
    ['submitFeedback', 'episode', '{ episodeId: $id, type: LIKE }'],
    ['saveMemory', 'message', '{ content: "x", sourceMessageId: $id }'],
    ['saveMemory', 'conversation', '{ content: "x", conversationId: $id }'],
    ['saveMemory', 'memory', '{ content: "x", supersedes: [$id] }'],
    ['updateMemory', 'memory', '{ memoryId: $id, content: "mine" }'],
    ['deleteMemory', 'memory', '{ memoryId: $id }'],
    ['extractMemories', 'message', '{ messageId: $id }'],
    ['restoreMemory', 'memory', '{ memoryId: $id }'],
    ['updateLead', 'lead', '{ leadId: $id, name: "mine" }'],
    ['deleteLead', 'lead', '{ leadId: $id }'],
    ['tagLeads', 'lead', '{ leadIds: [$id], add: ["mine"] }'],
    ['callLead', 'lead', '{ leadId: $id }'],
    ['cancelCall', 'call', '{ callId: $id }'],
    ['bookMeeting', 'lead', '{ leadId: $id, startsAt: "2030-01-01T10:00:00Z" }'],
    ['updateMeeting', 'meeting', '{ meetingId: $id, title: "mine" }'],
    ['cancelMeeting', 'meeting', '{ meetingId: $id }'],
    ['setMeetingOutcome', 'meeting', '{ meetingId: $id, outcome: HELD }'],
    ['createCampaign', 'lead', '{ name: "x", goal: "y", leadIds: [$id] }'],
    ['updateCampaign', 'campaign', '{ campaignId: $id, name: "mine" }'],
    ['deleteCampaign', 'campaign', '{ campaignId: $id }'],
    ['startCampaign', 'campaign', '{ campaignId: $id }'],
    ['pauseCampaign', 'campaign', '{ campaignId: $id }'],
    ['resumeCampaign', 'campaign', '{ campaignId: $id }'],
    ['cancelCampaign', 'campaign', '{ campaignId: $id }'],
    ['cancelJob', 'job', '{ jobId: $id }'],
    ['retryJob', 'job', '{ jobId: $id }'],
    ['updateWebhook', 'webhook', '{ webhookId: $id, url: "https://example.com" }'],
    ['deleteWebhook', 'webhook', '{ webhookId: $id }'],
    ['rotateWebhookSecret', 'webhook', '{ webhookId: $id }'],
    ['sendTestEvent', 'webhook', '{ webhookId: $id }'],
    ['redeliver', 'delivery', '{ webhookDeliveryId: $id }'],
    ['revokeApiKey', 'apiKey', '{ apiKeyId: $id }'],
    ['rotateApiKey', 'apiKey', '{ apiKeyId: $id }'],
  ] as const)('is NOT_FOUND by the mutation %s', async (mutation, what, input) => {
    const { errors } = await bob.send(`mutation ($id: ID!) { ${mutation}(input: ${input}) { __typename } }`, {
      id: ids[what],
    });
    expect(errors).toMatchObject([{ path: [mutation], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('takes no feedback for a clip of another episode', async () => {
    const own = await makeEpisode(bob);
    const { errors } = await bob.send(SubmitFeedback, { input: { episodeId: own, clipId: ids.clip, type: 'LIKE' } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it.each([
    ['messageAdded', 'conversation', 'conversationId: $id'],
    ['jobProgress', 'job', 'jobId: $id'],
    ['episodeUpdated', 'episode', 'episodeId: $id'],
  ] as const)('is NOT_FOUND by the subscription %s', async (field, what, argument) => {
    const feed = bob.follow(`subscription ($id: ID!) { ${field}(${argument}) { id } }`, { id: ids[what] });
    const { value } = await feed.next();
    expect(value.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    await feed.return(undefined);
  });

  it('is out of reach for the cursors of its owner', async () => {
    const { conversations } = await ann.ask(Conversations, { first: 1 });
    const after = conversations.edges[0]?.cursor as string;
    const before = await bob.ask(Conversations, { before: after });
    const rest = await bob.ask(Conversations, { after });
    expect([...before.conversations.edges, ...rest.conversations.edges].map(({ node }) => node.id)).not.toContain(
      ids.conversation,
    );
    expect(rest.conversations.totalCount).toBe(0);
  });

  it('is not found by filters that name it', async () => {
    expect((await bob.ask(Conversations, { filter: { episodeId: ids.episode } })).conversations.totalCount).toBe(0);
    expect((await bob.ask(Memories, { filter: { conversationId: ids.conversation } })).memories.totalCount).toBe(0);
    const jobs = await bob.ask('query ($id: ID!) { jobs(filter: { subjectId: $id }) { totalCount } }', {
      id: ids.episode,
    });
    expect(jobs.jobs.totalCount).toBe(0);
    const clips = await bob.ask('query ($id: ID!) { clips(filter: { episodeId: $id }) { totalCount } }', {
      id: ids.episode,
    });
    expect(clips.clips.totalCount).toBe(0);
  });

  it('was not changed by any of this', async () => {
    const { conversation } = await ann.ask(Messages, { id: ids.conversation });
    expect(conversation?.messageCount).toBe(2);
    expect((await ann.ask(EpisodeWithClips, { id: ids.episode })).episode).toMatchObject({ status: 'READY' });
  });

  it('takes no message through an upload of its transcript', async () => {
    const url = `${app.parley.url}/episodes/${ids.episode}/transcript`;
    const headers = { authorization: `Bearer ${bob.key}`, 'content-type': 'text/plain' };
    const response = await fetch(url, { method: 'PUT', headers, body: 'Bob: 00:00:01\nMine now.' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

it('another user adds to their own conversation with the same words', async () => {
  const id = await makeConversation(bob);
  const { addMessage } = await bob.ask(AddMessage, {
    input: { conversationId: id, role: 'USER', content: 'message 1' },
  });
  expect(addMessage?.message.sequence).toBe(1);
});
