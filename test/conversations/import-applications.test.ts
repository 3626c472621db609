import { describe, expect, it } from 'vitest';
import { answered, asked, counted, importNew, lines, said, sendExport, talk } from '../support/exports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

/** A time, some seconds after the first. */
const at = (seconds: number) => new Date(1_767_261_600_000 + seconds * 1000).toISOString();
const ms = (seconds: number) => Date.parse(at(seconds));

const other = [
  ['USER', 'וכמה מלוח?'],
  ['ASSISTANT', 'Not at all.'],
];
const plain = [
  { role: 'user', content: asked },
  { role: 'assistant', content: answered },
];
const plainOther = [
  { role: 'user', content: 'וכמה מלוח?' },
  { role: 'assistant', content: 'Not at all.' },
];
const text = (content: string) => [{ type: 'text', text: content }];

/** Messages of two conversations that stand in one table, in turns. */
const table = (idOf: (isOther: boolean) => object) =>
  [0, 1].flatMap((index) => [
    { id: `m${index}`, ...plain[index], ...idOf(false), createdAt: ms(2 * index) },
    { id: `o${index}`, ...plainOther[index], ...idOf(true), createdAt: ms(2 * index + 1) },
  ]);

const vsCode = {
  requesterUsername: 'noa',
  responderUsername: 'GitHub Copilot',
  initialLocation: 'panel',
  sessionId: 's1',
  customTitle: 'Lake',
  creationDate: ms(0),
  requests: [
    {
      requestId: 'request_1',
      timestamp: ms(1),
      modelId: 'copilot/gpt-4.1',
      message: { text: asked, parts: [{ kind: 'text', text: asked }] },
      variableData: { variables: [{ kind: 'file', name: 'lake.ts' }] },
      response: [
        { kind: 'mcpServersStarting', didStartServerIds: [] },
        { kind: 'thinking', value: 'Hm.' },
        { value: 'עשרים ' },
        { value: 'ושתיים מעלות.', supportThemeIcons: false },
        { kind: 'textEditGroup', edits: [] },
      ],
    },
  ],
};

const step = (answer: string) =>
  JSON.stringify([
    { step_type: 'INITIAL_QUERY', content: { query: asked } },
    { step_type: 'FINAL', content: { answer: JSON.stringify({ answer, web_results: [] }) } },
  ]);

const turn = (id: number, name: string, isHuman: boolean, ...versions: string[]) => ({
  turn_key: { chat_id: 'c1', turn_id: `${id}` },
  create_time: at(id),
  author: { author_id: `${name}1`, name, ...(isHuman ? { is_human: true } : {}) },
  candidates: versions.map((raw_content, index) => ({ candidate_id: `${id}.${index}`, raw_content })),
  primary_candidate_id: `${id}.${versions.length - 1}`,
});

/** What was exported, and how its only conversation is imported. */
const ONE: [string, unknown, object][] = [
  [
    'Perplexity, with questions and answers',
    { threads: [{ id: 't1', title: 'Lake', entries: [{ query: asked, answer: answered, created_at: at(1) }] }] },
    { title: 'Lake', sourceId: 'OPENAI:t1' },
  ],
  [
    'Perplexity, with blocks',
    {
      status: 'success',
      entries: [
        {
          context_uuid: 't1',
          thread_title: 'Lake',
          display_model: 'sonar',
          updated_datetime: '2026-01-01T10:00:00.123',
          query_str: asked,
          blocks: [
            { intended_usage: 'pro_search_steps', plan_block: {} },
            { intended_usage: 'ask_text', markdown_block: { answer: answered, chunks: [] } },
            { intended_usage: 'ask_text_0_markdown', markdown_block: { answer: answered } },
            { intended_usage: 'sources_answer_mode', sources_mode_block: { rows: [] } },
          ],
        },
      ],
    },
    {
      title: 'Lake',
      sourceId: 'PERPLEXITY:t1',
      metadata: { models: ['sonar'] },
      messages: [{ sentAt: '2026-01-01T10:00:00.123Z' }, { model: 'sonar' }],
      passedOver: { REASONING: 1, UNKNOWN_CONTENT: 1 },
    },
  ],
  ['Perplexity, with steps', { entries: [{ query_str: asked, text: step(answered) }] }, {}],
  [
    'Copilot in VS Code',
    vsCode,
    {
      title: 'Lake',
      sourceId: 'COPILOT:s1',
      messages: [{ sentAt: at(1) }, { model: 'gpt-4.1' }],
      passedOver: { ATTACHMENT: 1, REASONING: 1, UNKNOWN_CONTENT: 1 },
    },
  ],
  [
    'Copilot in VS Code, as a log of changes',
    lines(
      { kind: 0, v: { version: 3, sessionId: 's1', requests: [] } },
      { kind: 1, k: ['customTitle'], v: 'Lake' },
      { kind: 2, k: ['requests'], v: [{ message: { text: asked }, response: [{ value: 'Cold' }] }] },
      { kind: 2, k: ['requests', 0, 'response'], i: 0, v: [{ value: 'עשרים ' }] },
      { kind: 2, k: ['requests', 0, 'response'], v: [{ value: 'ושתיים' }, { value: ' מעלות.' }] },
      { kind: 3, k: ['inputState'] },
      { kind: 1, k: ['__proto__', 'polluted'], v: true },
      { kind: 1, k: ['requests', 4_000_000_000], v: {} },
    ),
    { title: 'Lake', sourceId: 'COPILOT:s1' },
  ],
  [
    'Copilot, as a table with the newest first',
    `\uFEFFConversation,Time,Author,Message\r\n"Lake, ""warm""",2026-07-26T23:20:56,AI,${answered}\r\n"Lake, ""warm""",2026-07-26T23:20:56,Human,${asked}\r\n`,
    { title: 'Lake, "warm"', messages: [{ sentAt: '2026-07-26T23:20:56.000Z' }, {}] },
  ],
  [
    'Copilot, as a table of its chats',
    `CreatedAt;MessageContent;Author;ChatName\n1/1/2026 10:00:00 +00:00;${asked};user;Lake\n1/1/2026 10:00:01 +00:00;${answered};bot;Lake\n`,
    { title: 'Lake', messages: [{ sentAt: '2026-01-01T10:00:00.000Z' }, {}] },
  ],
  [
    'LobeChat, of one topic',
    {
      exportType: 'all',
      state: {
        messages: [
          { id: '1', ...plain[0], createdAt: ms(1), sessionId: 'inbox', topicId: 't1' },
          { id: '2', ...plain[1], createdAt: ms(2), parentId: '1', topicId: 't1', extra: { fromModel: 'gpt-4o' } },
        ],
        sessions: [],
        topics: [{ id: 't1', title: 'Lake', sessionId: 'inbox', favorite: true }],
      },
      version: 7,
    },
    { title: 'Lake', pinned: true, messages: [{}, { model: 'gpt-4o' }] },
  ],
  [
    'Poe',
    {
      title: 'Lake',
      messages: [
        { author: 'human', text: asked, creationTime: ms(1) * 1000 },
        { author: 'Claude-3-Opus', text: answered, creationTime: ms(2) * 1000 },
      ],
    },
    { title: 'Lake', messages: [{ sentAt: at(1) }, { model: 'Claude-3-Opus' }] },
  ],
  [
    'Poe, as its pages load it',
    {
      data: {
        chat: {
          messagesConnection: {
            edges: [{ node: { author: 'human', text: asked } }, { node: { author: 'capybara', text: answered } }],
          },
        },
      },
    },
    { messages: [{}, { model: 'capybara' }] },
  ],
  [
    'Pi',
    {
      messages: [
        { sid: 'x', sender: 'human', text: asked, sentAt: at(1) },
        { sid: 'y', sender: 'ai', text: answered, sentAt: at(2) },
      ],
    },
    {},
  ],
  [
    'Character.AI, with the newest first',
    { turns: [turn(2, 'Lakebot', false, 'Cold.', answered), turn(1, 'Noa', true, asked)], meta: { next_token: '' } },
    { sourceId: 'CHARACTER_AI:c1', passedOver: { OTHER_BRANCH: 1 } },
  ],
  [
    'Character.AI, as it was',
    {
      info: { character: { name: 'Lakebot' } },
      histories: {
        histories: [
          {
            external_id: 'h1',
            msgs: [
              { id: 1, src: { name: 'Noa', is_human: true }, text: asked },
              { id: 2, src: { name: 'Lakebot', is_human: false }, text: answered },
            ],
          },
        ],
      },
    },
    { sourceId: 'CHARACTER_AI:h1' },
  ],
  [
    'Jan',
    lines(
      { id: '1', thread_id: 'j', role: 'user', content: [{ type: 'text', text: { value: asked } }], created_at: ms(1) },
      { id: '2', thread_id: 'j', role: 'assistant', content: [{ type: 'text', text: { value: answered } }] },
    ),
    {},
  ],
  ['Msty', [{ id: 'm1', title: 'Lake', messages: plain }], { title: 'Lake', sourceId: 'OPENAI:m1' }],
  [
    'BoltAI, in seconds since 2001',
    [{ id: 'b1', name: 'Lake', messages: plain.map((message) => ({ ...message, createdAt: 788_954_400.5 })) }],
    { title: 'Lake', messages: [{ sentAt: '2026-01-01T10:00:00.500Z' }, {}] },
  ],
  [
    'TypingMind, with several answers to one question',
    {
      data: {
        chats: [
          {
            id: 'x',
            chatTitle: 'Lake',
            messages: [
              plain[0],
              {
                type: 'tm_multi_responses',
                responses: [
                  { model: 'a', messages: [plain[1]] },
                  { model: 'b', messages: [{ role: 'assistant', content: 'Cold.' }] },
                ],
              },
            ],
          },
        ],
        folders: [],
      },
      checksum: 'x',
    },
    { title: 'Lake', messages: [{}, { model: 'a' }], passedOver: { OTHER_BRANCH: 1 } },
  ],
  [
    'big-AGI',
    {
      conversations: [
        {
          id: 'g1',
          autoTitle: 'Lake',
          messages: plain.map(({ role, content }) => ({
            role,
            fragments: [{ ft: 'content', part: { pt: 'text', text: content } }],
            generator: { mgt: 'named', name: 'gpt-4o' },
          })),
        },
      ],
    },
    { title: 'Lake', messages: [{ model: null }, { model: 'gpt-4o' }] },
  ],
  [
    'Cherry Studio',
    {
      version: 5,
      localStorage: {
        'persist:cherry-studio': JSON.stringify({
          assistants: JSON.stringify({ assistants: [{ id: 'default', topics: [{ id: 't1', name: 'Lake' }] }] }),
        }),
      },
      indexedDB: {
        topics: [
          {
            id: 't1',
            messages: [
              { id: '1', role: 'user', createdAt: at(1), blocks: ['a'] },
              { id: '2', role: 'assistant', createdAt: at(2), blocks: ['b', 'c', 'lost'], model: { id: 'gpt-4o' } },
            ],
          },
        ],
        message_blocks: [
          { id: 'a', type: 'main_text', content: asked },
          { id: 'b', type: 'thinking', content: 'Hm.' },
          { id: 'c', type: 'main_text', content: answered },
        ],
      },
    },
    { title: 'Lake', messages: [{}, { model: 'gpt-4o' }], passedOver: { REASONING: 1, UNKNOWN_CONTENT: 1 } },
  ],
];

/** What was exported, and what the two conversations in it are called. */
const TWO: [string, unknown, (string | null)[]][] = [
  [
    'LobeChat',
    {
      exportType: 'all',
      state: {
        messages: table((isOther) => (isOther ? { sessionId: 's2' } : { sessionId: 'inbox', topicId: 't1' })),
        sessions: [{ id: 's2', type: 'agent', meta: { title: 'Salt' }, config: { model: 'gpt-4o' } }],
        topics: [{ id: 't1', title: 'Lake', sessionId: 'inbox' }],
      },
    },
    ['Lake', 'Salt'],
  ],
  [
    'LobeChat, from its database',
    {
      mode: 'pglite',
      data: {
        messages: table((isOther) => ({ sessionId: 's', topicId: isOther ? 't2' : 't1' })).toReversed(),
        topics: [
          { id: 't1', title: 'Lake' },
          { id: 't2', title: 'Salt' },
        ],
      },
    },
    ['Lake', 'Salt'],
  ],
  ['JSON lines of several', lines(...table((isOther) => ({ conversation_id: isOther ? 'b' : 'a' }))), [null, null]],
  [
    'Chatbox, begun anew',
    {
      __exported_items: ['conversations'],
      'chat-sessions': [
        {
          id: 'c1',
          name: 'Lake',
          messages: plain.map(({ content, ...message }) => ({ ...message, contentParts: text(content) })),
          threads: [{ id: 'c2', name: 'Salt', createdAt: ms(0), messages: plainOther }],
        },
      ],
    },
    ['Lake', 'Salt'],
  ],
  [
    'a table',
    `title,role,content\nLake,user,${asked}\nSalt,user,${plainOther[0]?.content}\nLake,assistant,${answered}\nSalt,assistant,${plainOther[1]?.content}\n`,
    ['Lake', 'Salt'],
  ],
];

describe('an export of', () => {
  it.each(ONE)('%s is imported', async (_name, file, { passedOver = {}, ...expected }: any) => {
    const { report, conversations } = await importNew(app, file);
    expect(conversations).toMatchObject([expected]);
    expect(said(conversations[0])).toEqual(talk);
    expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0 });
    expect(counted(report)).toEqual(passedOver);
  });

  it.each(TWO)('%s is parted into its conversations', async (_name, file, titles) => {
    const { report, conversations } = await importNew(app, file);
    const isOfLake = (conversation: any) => said(conversation)[0][1] === asked;
    const sorted = conversations.toSorted((a: any, b: any) => Number(isOfLake(b)) - Number(isOfLake(a)));
    expect(sorted.map(said)).toEqual([talk, other]);
    expect(sorted.map(({ title }: any) => title)).toEqual(titles);
    expect(report).toMatchObject({ found: 2, notImported: 0, passedOver: [] });
  });

  it('Copilot in VS Code keeps what tools did, and the names in its text', async () => {
    const response = [
      { value: 'See ' },
      { kind: 'inlineReference', inlineReference: { path: '/src/lake.ts' } },
      { value: '.' },
      {
        kind: 'toolInvocationSerialized',
        toolId: 'copilot_readFile',
        toolCallId: 'c1',
        pastTenseMessage: { value: 'Read it' },
      },
      { value: answered },
    ];
    const { conversations } = await importNew(app, { requests: [{ message: { text: asked }, response }] });
    expect(conversations[0].messages).toMatchObject([
      { role: 'USER' },
      {
        role: 'ASSISTANT',
        content: 'See `lake.ts`.',
        toolCalls: [{ id: 'c1', function: { name: 'copilot_readFile' } }],
      },
      { role: 'TOOL', content: 'Read it', toolCallId: 'c1' },
      { role: 'ASSISTANT', content: answered },
    ]);
  });

  it('messages that answer each other across is one conversation', async () => {
    const [first, second] = plain;
    const { conversations } = await importNew(
      app,
      lines({ sessionId: 'a', uuid: '1', ...first }, { sessionId: 'b', uuid: '2', parentUuid: '1', ...second }),
    );
    expect(conversations.map(said)).toEqual([talk]);
  });
});

describe('a file that is none', () => {
  it.each([
    [
      'a table without such columns',
      'name,email\nNoa,noa@example.com\n',
      /columns are called conversation, time, author and message/,
    ],
    ['Markdown', '# Lake\n\n**User:** How warm?\n', /send the JSON of the same export/],
    [
      'a table with a quote that is open',
      'role,content\nuser,"Hi\nassistant,Ho\n',
      /quotes in a text are written twice/,
    ],
  ])('%s is refused in words', async (_name, file, message) => {
    const { job } = await importNew(app, file);
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
    expect(job.error.message).toMatch(message);
  });

  it('is told which types are taken', async () => {
    const ann = await app.user();
    const headers = (type: string) => ({ 'content-type': type });
    const csv = `role,content\nuser,${asked}\nassistant,${answered}\n`;
    expect(await sendExport(app.parley.url, ann, csv, headers('text/csv; charset=utf-8'))).toMatchObject({
      status: 202,
    });
    expect(await sendExport(app.parley.url, ann, csv, headers('image/png'))).toMatchObject({ status: 415 });
  });
});
