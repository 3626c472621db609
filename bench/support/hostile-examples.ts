import { makeCall } from '../../test/support/calls.ts';
import type { Client } from '../../test/support/client.ts';
import {
  makeClips,
  makeConversation,
  makeEpisode,
  makeLead,
  makeMeeting,
  makeRefusal,
  makeSegment,
  makeVtt,
  newPhone,
  newTime,
} from '../../test/support/fixtures.ts';
import { makeDelivery, makeWebhook } from '../../test/support/webhooks.ts';
import type { Examples } from './hostile-inputs.ts';

const VALUES: Record<string, string> = {
  timeZone: 'Asia/Jerusalem',
  defaultTimeZone: 'Asia/Jerusalem',
  language: 'en',
  defaultLanguage: 'en',
  start: '09:00',
  end: '18:00',
  email: 'ann@example.com',
  csv: 'name,phone\nAnn,+972521234567\n',
  filename: 'a.mp3',
  url: 'https://example.com',
  role: 'USER',
  format: 'VTT',
  type: 'OTHER',
};

/** What else has to be there where a field is sent. */
const TOGETHER: Examples['with'] = {
  'rateMessage.comment': { rating: 'UP' },
  'history.content': { role: 'USER' },
  'history.contentParts': { role: 'USER' },
  'history.toolCallId': { role: 'TOOL', content: 'a' },
  'history.tool_call_id': { role: 'TOOL', content: 'a' },
  'history.toolCalls': { role: 'ASSISTANT', content: 'a' },
  'history.tool_calls': { role: 'ASSISTANT', content: 'a' },
  'history.toolResult': { role: 'TOOL', toolCallId: 'a' },
  'history.model': { agent: 'a' },
  'history.sentAt': { user: 'a' },
  ...onEach('importConversation', ['title', 'metadata', 'idempotencyKey'], { history: [{ user: 'a' }] }),
  ...onEach('importTranscript', ['content', 'language', 'idempotencyKey'], { title: 'a' }),
  ...onEach('createCampaign', ['name', 'goal', 'language', 'callWindow', 'idempotencyKey'], { leadFilter: {} }),
};

function onEach(mutation: string, fields: readonly string[], together: Record<string, unknown>): Examples['with'] {
  return Object.fromEntries(fields.map((field) => [`${mutation}.${field}`, together]));
}

const uniqueName = () => `user-${Math.random().toString(36).slice(2)}`;
const tomorrow = () => new Date(Date.now() + 24 * 3_600_000).toISOString();

/** Makes one of everything, and returns what makes calls valid. */
export async function makeExamples(owner: Client): Promise<Examples> {
  const ids = await makeAll(owner);
  const unique: Record<string, () => string> = {
    ...{ phone: newPhone, startsAt: newTime, username: uniqueName, idempotencyKey: uniqueName },
    ...{ expiresAt: tomorrow, to: tomorrow },
  };
  return {
    with: {
      ...TOGETHER,
      'askEpisode.conversationId': { episodeId: ids.episodeId, question: 'a' },
      'submitFeedback.clipId': { episodeId: ids.episodeOfClip, type: 'OTHER' },
      ...onEach('liftDoNotCall', ['phone', 'reason', 'userId'], await makeRefusal(owner)),
    },
    of(path, scalar) {
      const name = path.at(-1) as string;
      if (scalar === 'ID')
        return ids[`${path[0]}.${name}`] ?? ids[name === 'id' ? `${path[0]}Id` : name] ?? ids.conversationId;
      if (scalar === 'enum') return VALUES[name];
      if (scalar === 'DateTime') return unique[name]?.() ?? new Date().toISOString();
      if (scalar === 'Int' || scalar === 'SafeInt' || scalar === 'Float') return 1;
      if (scalar === 'Boolean') return true;
      if (scalar === 'JSON') return {};
      if (path[0] === 'importTranscript' && name === 'content') return makeVtt(3);
      return VALUES[name] ?? unique[name]?.() ?? 'a';
    },
  };
}

async function makeAll(owner: Client): Promise<Record<string, string>> {
  const ask = async (document: string, input: unknown) =>
    Object.values(await owner.ask(document, { input }))[0] as Record<string, { id: string }>;
  const [clipId] = await makeClips(owner);
  const conversationId = await makeConversation(owner, 4);
  const sent = await ask('mutation ($input: SendMessageInput!) { sendMessage(input: $input) { reply { id } } }', {
    content: 'Hello',
    conversationId,
  });
  const memory = await ask('mutation ($input: SaveMemoryInput!) { saveMemory(input: $input) { memory { id } } }', {
    content: 'I like tea.',
  });
  const leadId = await makeLead(owner);
  const campaign = await ask(
    'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { campaign { id } } }',
    { name: 'a', goal: 'a', leadIds: [leadId] },
  );
  const user = await ask('mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }', {
    username: uniqueName(),
  });
  const episodeId = await makeEpisode(owner);
  const asked = await ask('mutation ($input: AskEpisodeInput!) { askEpisode(input: $input) { conversation { id } } }', {
    ...{ episodeId, question: 'Why?' },
  });
  const key = await ask('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }', {
    name: 'a',
  });
  const { viewer, jobs, clip } = await owner.ask(
    'query ($id: ID!) { viewer { id } jobs(first: 1) { edges { node { id } } } clip(id: $id) { episode { id } } }',
    { id: clipId },
  );
  return {
    'askEpisode.conversationId': asked.conversation?.id as string,
    actorId: viewer.id,
    apiKeyId: key.apiKey?.id as string,
    callId: await makeCall(owner),
    episodeOfClip: clip.episode.id,
    jobId: jobs.edges[0].node.id,
    leadIds: leadId,
    sourceMessageId: sent.reply?.id as string,
    supersedes: memory.memory?.id as string,
    clipId: clipId as string,
    conversationId,
    messageId: sent.reply?.id as string,
    memoryId: memory.memory?.id as string,
    leadId,
    campaignId: campaign.campaign?.id as string,
    userId: user.user?.id as string,
    meetingId: await makeMeeting(owner),
    episodeId,
    transcriptSegmentId: await makeSegment(owner),
    webhookId: (await makeWebhook(owner)).id,
    webhookDeliveryId: await makeDelivery(owner),
  };
}
