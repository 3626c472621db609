import { describe, expect, it } from 'vitest';
import {
  answered,
  asked,
  counted,
  importExport,
  importNew as importFor,
  lines,
  said,
  talk,
} from '../support/exports.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const importNew = (file: unknown) => importFor(app, file);

const begin = Date.parse('2026-01-01T10:00:00.000Z');
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();

/** A line of a CSV file. */
const row = (...cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');

const botpress = (conversationId: string, direction: string, payload: object, seconds: number) => ({
  id: `m${seconds}`,
  conversationId,
  userId: 'u1',
  direction,
  type: 'text',
  payload,
  createdAt: at(seconds),
});

const lexEntry = (sessionId: string, inputTranscript: string, messages: object[], seconds: number) => ({
  messageVersion: '2.0',
  botId: 'B1',
  sessionId,
  inputTranscript,
  timestamp: at(seconds),
  interpretations: [],
  messages,
});

const plain = (content: string) => ({ contentType: 'PlainText', content });

const activity = (role: number, text: string | null, seconds: number, more: object = {}) => ({
  id: `a${seconds}`,
  type: 'message',
  timestamp: begin / 1000 + seconds,
  from: { id: `p${role}`, role },
  ...(text === null ? {} : { text }),
  ...more,
});

const activities = [
  { valueType: 'ConversationInfo', type: 'trace', timestamp: begin / 1000, value: { lastSessionOutcome: 'None' } },
  activity(1, asked, 1),
  activity(0, answered, 2),
];

const transcript = {
  conversationtranscriptid: 't1',
  conversationstarttime: at(0),
  content: JSON.stringify({ activities }),
};

const interaction = (interactionType: string, body: object, seconds: number, sessionId = '19:s1') => ({
  id: String(seconds),
  sessionId,
  appClass: 'IPM.SkypeTeams.Message.Copilot.BizChat',
  interactionType,
  createdDateTime: at(seconds),
  from: { user: { id: 'u1', displayName: 'Noa' } },
  body,
  attachments: [],
});

const trace = (type: string, payload: object) => ({ turnID: '1', type, payload, startTime: at(2), format: 'trace' });

const cxTurn = (text: string, answer: string, seconds: number) => ({
  request: { session: 'projects/p/sessions/s', queryInput: { text: { text }, languageCode: 'he' } },
  response: { queryResult: { text, responseMessages: [{ text: { text: [answer] } }, { payload: {} }] } },
  createTime: at(seconds),
});

describe('an export of', () => {
  it.each<[string, string, unknown, object?]>([
    [
      'Botpress, the newest message first',
      'BOTPRESS',
      {
        messages: [
          botpress('c1', 'outgoing', { text: answered, type: 'text' }, 2),
          botpress('c1', 'incoming', { text: asked, type: 'text' }, 1),
        ],
        meta: {},
      },
    ],
    [
      'Botpress 12',
      'BOTPRESS',
      [
        { id: '1', conversationId: 'c', authorId: 'u', sentOn: at(1), payload: { type: 'text', text: asked } },
        {
          id: '2',
          conversationId: 'c',
          authorId: null,
          sentOn: at(2),
          payload: { type: 'carousel', items: [{ title: answered }] },
        },
      ],
    ],
    [
      'Amazon Lex',
      'AMAZON_LEX',
      lines(lexEntry('s1', asked, [plain(answered), { contentType: 'ImageResponseCard', imageResponseCard: {} }], 1)),
      { EMPTY_MESSAGE: 1 },
    ],
    [
      'Amazon Lex V1',
      'AMAZON_LEX',
      [{ botName: 'Lake', userId: 'u1', inputTranscript: asked, botResponse: answered, timestamp: at(1) }],
    ],
    [
      'Amazon Lex from CloudWatch',
      'AMAZON_LEX',
      { events: [{ timestamp: begin, message: JSON.stringify(lexEntry('s1', asked, [plain(answered)], 1)) }] },
    ],
    [
      'Amazon Lex from CloudWatch, as a table',
      'AMAZON_LEX',
      [
        '@timestamp,@message',
        row(
          '2026-01-01 10:00:00.000',
          JSON.stringify(lexEntry('s1', asked, [{ contentType: 'SSML', content: `<speak>${answered}</speak>` }], 1)),
        ),
      ].join('\n'),
    ],
    [
      'the utterances of Amazon Lex',
      'AMAZON_LEX',
      {
        botId: 'B1',
        utterances: [
          { sessionId: 's1', utterance: asked, utteranceTimestamp: at(1), botResponses: [{ content: answered }] },
        ],
      },
    ],
    ['Copilot Studio', 'COPILOT_STUDIO', { value: [transcript] }, { HIDDEN_MESSAGE: 1 }],
    [
      'Copilot Studio as a table',
      'COPILOT_STUDIO',
      ['Content,ConversationStartTime,Name', row(transcript.content, at(0), 't1')].join('\n'),
      { HIDDEN_MESSAGE: 1 },
    ],
    [
      'Copilot Studio’s sessions',
      'COPILOT_STUDIO',
      [
        'SessionId,StartDateTime,InitialUserMessage,TopicName,ChatTranscript,SessionOutcome,TopicId',
        row('s1', at(0), asked, 'Lake', `User says: ${asked};Bot says: ${answered};`, 'Resolved', 't'),
      ].join('\n'),
    ],
    [
      'activities of the Bot Framework without roles',
      'BOT_FRAMEWORK',
      [
        { type: 'message', id: '1', timestamp: at(1), from: { id: 'u' }, conversation: { id: 'c' }, text: asked },
        {
          type: 'message',
          id: '2',
          timestamp: at(2),
          from: { id: 'b' },
          conversation: { id: 'c' },
          replyToId: '1',
          text: answered,
        },
      ],
    ],
    [
      'Microsoft 365 Copilot',
      'MICROSOFT_365_COPILOT',
      {
        '@odata.count': 2,
        value: [
          interaction('aiResponse', { contentType: 'html', content: `<div>${answered}</div>` }, 2),
          interaction('userPrompt', { contentType: 'text', content: asked }, 1),
        ],
      },
    ],
    [
      'Voiceflow',
      'VOICEFLOW',
      [
        { turnID: '0', type: 'request', payload: { type: 'launch' }, startTime: at(0), format: 'request' },
        {
          turnID: '1',
          type: 'request',
          payload: { type: 'intent', payload: { query: asked, intent: { name: 'warmth' } } },
          startTime: at(1),
          format: 'request',
        },
        trace('debug', { type: 'debug', payload: { message: 'matched intent' } }),
        trace('text', { type: 'text', payload: { slate: { content: [{ children: [{ text: answered }] }] } } }),
      ],
      { HIDDEN_MESSAGE: 2 },
    ],
    [
      'Voiceflow’s newer transcripts',
      'VOICEFLOW',
      {
        transcript: {
          id: 't1',
          logs: [
            { type: 'action', data: { type: 'text', payload: asked }, createdAt: at(1) },
            { type: 'trace', data: { type: 'text', payload: { message: answered } }, createdAt: at(2) },
          ],
        },
      },
    ],
    [
      'Dialogflow CX',
      'DIALOGFLOW',
      { name: 'projects/p/agents/a/conversations/c', interactions: [cxTurn(asked, answered, 1)] },
    ],
    [
      'Dialogflow CX from BigQuery',
      'DIALOGFLOW',
      lines({
        conversation_name: 'projects/p/agents/a/conversations/c',
        turn_position: 1,
        request_time: '2026-01-01 10:00:01 UTC',
        request: { query_input: { text: { text: asked } } },
        response: { query_result: { response_messages: [{ text: { text: [answered] } }] } },
      }),
    ],
    [
      'Dialogflow ES',
      'DIALOGFLOW',
      [{ responseId: 'r', queryResult: { queryText: asked, fulfillmentText: answered, fulfillmentMessages: [] } }],
    ],
  ])('%s is imported', async (_name, importedFrom, file, passedOver = {}) => {
    const { report, conversations } = await importNew(file);
    expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0 });
    expect(conversations).toMatchObject([{ metadata: { importedFrom } }]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual(passedOver);
  });
});

it.each<[string, unknown, string[]]>([
  [
    'Botpress',
    [
      botpress('c1', 'incoming', { text: asked }, 1),
      botpress('c2', 'incoming', { text: asked }, 2),
      botpress('c1', 'outgoing', { imageUrl: 'https://x/a.png', title: answered }, 3),
    ],
    ['BOTPRESS:c1', 'BOTPRESS:c2'],
  ],
  [
    'Amazon Lex',
    lines(lexEntry('s1', asked, [], 1), lexEntry('s2', asked, [plain(answered)], 2), lexEntry('s1', 'שלום', [], 3)),
    ['AMAZON_LEX:s1', 'AMAZON_LEX:s2'],
  ],
  [
    'Microsoft 365 Copilot',
    [1, 2].map((number) => interaction('userPrompt', { contentType: 'text', content: asked }, number, `s${number}`)),
    ['MICROSOFT_365_COPILOT:s1', 'MICROSOFT_365_COPILOT:s2'],
  ],
])('messages of several conversations are grouped by conversation: %s', async (_name, file, sourceIds) => {
  const { report, conversations } = await importNew(file);
  expect(report).toMatchObject({ found: 2, conversations: 2, notImported: 0 });
  expect(conversations.map(({ sourceId }: any) => sourceId).sort()).toEqual(sourceIds);
});

it('odd items among the messages of a bot cost only themselves', async () => {
  const { report, conversations } = await importNew([
    botpress('c1', 'incoming', { text: asked }, 1),
    'odd',
    { payload: null, direction: 'incoming' },
    botpress('c1', 'outgoing', { text: { odd: true } }, 2),
    botpress('c1', 'outgoing', { text: answered }, 3),
  ]);
  expect(report).toMatchObject({ found: 3, conversations: 1, notImported: 2 });
  expect(conversations.map(said)).toEqual([talk]);
  expect(counted(report)).toEqual({ EMPTY_MESSAGE: 1 });
});

const artifactMessages = [
  { role: 'system', message: 'Be kind.', time: begin, secondsFromStart: 0 },
  { role: 'user', message: asked, time: begin + 1000, secondsFromStart: 1 },
  { role: 'bot', message: answered, time: begin + 2000, secondsFromStart: 2 },
];

it.each<[string, unknown]>([
  ['alone', { artifact: { messages: artifactMessages, transcript: 'AI: …' } }],
  ['in a call', { id: 'call1', createdAt: at(0), artifact: { messages: artifactMessages } }],
  [
    'in the report at the end of a call',
    { message: { type: 'end-of-call-report', call: { id: 'call1' }, artifact: { messages: artifactMessages } } },
  ],
  [
    'with its messages only in the form of OpenAI',
    {
      artifact: {
        messagesOpenAIFormatted: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: asked },
          { role: 'assistant', content: answered },
        ],
      },
    },
  ],
])('the artifact of a call of Vapi is imported without the system prompt: %s', async (_name, file) => {
  const { report, conversations } = await importNew(file);
  expect(conversations.map(said)).toEqual([talk]);
  expect(counted(report)).toEqual({ SYSTEM_MESSAGE: 1 });
});

it.each<[string, unknown]>([
  ['of Botpress', { conversations: [{ id: 'c', channel: 'web', integration: 'webchat', tags: {}, createdAt: at(0) }] }],
  ['of Voiceflow', [{ _id: 't', projectID: 'p', sessionID: 's', createdAt: at(0) }]],
  ['of Dialogflow', { conversations: [{ name: 'projects/p/agents/a/conversations/c', startTime: at(0) }] }],
  ['of Dialogflow ES', [{ insertId: 'x', textPayload: 'Dialogflow Response : id: "r" result { }' }]],
  ['of Amazon Lex', { utterances: [{ utteranceString: asked, count: 3, distinctUsers: 2 }] }],
  ['of Microsoft Purview', [{ Operation: 'CopilotInteraction', CreationTime: at(0), CopilotEventData: {} }]],
])('an export without texts is refused by name, with what to export instead: %s', async (name, file) => {
  const { job } = await importNew(file);
  expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
  expect(job.error.message).toContain(name);
  expect(job.error.message).toContain('export ');
});

const workspaceChat = (id: number, prompt: string, response: string, more: object = {}) => ({
  id,
  prompt,
  response,
  sent_at: at(id),
  username: 'noa',
  workspace: 'Lakes',
  ...more,
});
const named = (role: string, text: string, seconds: number) =>
  activity(0, text, seconds, {
    timestamp: at(seconds),
    from: { id: `p${role}`, role },
    conversation: { id: 'c1' },
  });
const [asking, answering] = [named('user', 'a?', 1), named('bot', 'b', 2)];

/** The ids that these files got when their formats were read as chat messages of OpenAI. */
it.each<[string, unknown, string]>([
  [
    'AnythingLLM',
    [workspaceChat(1, 'a?', 'b'), workspaceChat(2, 'c?', 'd', { rating: 'GOOD' })],
    'OPENAI:e7dd9cd2c5994204c6c1588cbf4da2d4c0edcb5f51c2e9c899a2544955e1d0f7',
  ],
  [
    'AnythingLLM without workspaces',
    [{ id: 1, prompt: 'a?', response: 'b', sent_at: at(1) }],
    'OPENAI:7b4d0cfd5a9e6e8b8c9c67f627e5a142526ad37b5cfde8f9e27b541bff24225f',
  ],
  ['the Bot Framework', [asking, answering], 'OPENAI:e7918d59088c3233ab453636efee5e70db3de0335d20c152cbbe58892ed0161b'],
  [
    'the Bot Framework, in an object',
    { activities: [asking, answering] },
    'OPENAI:e7918d59088c3233ab453636efee5e70db3de0335d20c152cbbe58892ed0161b',
  ],
  ['the Bot Framework, in an object with an id', { id: 'k', activities: [asking, answering] }, 'OPENAI:k'],
  [
    'the Bot Framework, in an object with an id that was not read',
    { id: 'k', activities: [asking, answering] },
    'COPILOT_STUDIO:e7918d59088c3233ab453636efee5e70db3de0335d20c152cbbe58892ed0161b',
  ],
])('what an earlier version has imported is not imported again: %s', async (_name, file, formerId) => {
  const ann = await app.user();
  const first = await importExport(app.parley.url, ann, file);
  expect(first.result).toMatchObject({ conversations: 1, alreadyThere: 0 });
  const { conversations } = await ann.ask<any>('{ conversations(first: 2) { edges { node { id } } } }');
  const [, rowId] = Buffer.from(conversations.edges[0].node.id, 'base64url').toString().split(':');
  await sql(app.database, 'UPDATE conversations SET source_id = $1 WHERE id = $2', [formerId, rowId]);
  const again = await importExport(app.parley.url, ann, file);
  expect(again.result).toMatchObject({ conversations: 0, alreadyThere: 1 });
  const ofBob = await importExport(app.parley.url, await app.user(), file);
  expect(ofBob.result).toMatchObject({ conversations: 1, alreadyThere: 0 });
});
