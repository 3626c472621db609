import type { Client } from '../../test/support/client.ts';
import {
  makeClips,
  makeConversation,
  makeEpisode,
  makeLead,
  makeMeeting,
  makeSegment,
  makeVtt,
  newPhone,
  newTime,
} from '../../test/support/fixtures.ts';
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

/** Makes one of everything, and returns what makes calls valid. */
export async function makeExamples(owner: Client): Promise<Examples> {
  const ids = await makeAll(owner);
  const unique: Record<string, () => string> = { phone: newPhone, startsAt: newTime, username: uniqueName };
  return {
    with: TOGETHER,
    of(path, scalar) {
      const name = path.at(-1) as string;
      if (scalar === 'ID') return ids[name === 'id' ? `${path[0]}Id` : name] ?? ids.conversationId;
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
  return {
    clipId: clipId as string,
    conversationId,
    messageId: sent.reply?.id as string,
    memoryId: memory.memory?.id as string,
    leadId,
    campaignId: campaign.campaign?.id as string,
    userId: user.user?.id as string,
    meetingId: await makeMeeting(owner),
    episodeId: await makeEpisode(owner),
    transcriptSegmentId: await makeSegment(owner),
  };
}
