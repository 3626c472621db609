import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExport } from '#domain/conversations/import/parse-export.ts';
import { conversationsIn, readConversation } from '#domain/conversations/import/read-export.ts';
import { Omissions } from '#domain/conversations/import/source/omissions.ts';
import { answered, asked, counted, importNew as importFor, lines, said, talk } from '../support/exports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const importNew = (file: unknown) => importFor(app, file);

const plain = [
  { role: 'user', content: asked },
  { role: 'assistant', content: answered },
];

const fragment = (parent: string | null, children: string[], ...fragments: object[]) => ({
  parent,
  children,
  message:
    fragments.length === 0
      ? null
      : { files: [], model: 'deepseek-reasoner', inserted_at: '2025-04-01T09:00:00+03:00', fragments },
});

describe('an export of', () => {
  it.each<[string, unknown, object]>([
    [
      'DeepSeek',
      [
        {
          id: 'd1',
          title: 'Lake',
          inserted_at: '2025-04-01T08:59:59.505000+03:00',
          mapping: {
            root: fragment(null, ['1']),
            1: fragment('root', ['2', '3'], { type: 'REQUEST', content: asked }),
            2: fragment('1', [], { type: 'RESPONSE', content: 'Cold.' }),
            3: fragment(
              '1',
              [],
              { type: 'SEARCH', results: [] },
              { type: 'THINK', content: 'Hm.' },
              { type: 'RESPONSE', content: answered },
            ),
          },
        },
      ],
      { sourceId: 'DEEPSEEK:d1', title: 'Lake', passedOver: { OTHER_BRANCH: 1, UNKNOWN_CONTENT: 1, REASONING: 1 } },
    ],
    [
      'DeepSeek, as it was before its fragments',
      [
        {
          id: 'd2',
          title: 'Lake',
          inserted_at: '2025-02-01T08:59:59+03:00',
          mapping: {
            root: { parent: null, children: ['1'], message: null },
            1: {
              parent: 'root',
              children: ['2'],
              message: { content: asked, reasoning_content: null, model: 'deepseek-chat' },
            },
            2: {
              parent: '1',
              children: [],
              message: { content: answered, reasoning_content: 'Hm.', model: 'deepseek-chat' },
            },
          },
        },
      ],
      { sourceId: 'DEEPSEEK:d2', passedOver: { REASONING: 1 } },
    ],
    [
      'Grok',
      {
        conversations: [
          {
            conversation: { id: 'g1', title: 'Lake', create_time: '2025-02-01T10:00:00Z', starred: true },
            responses: [
              {
                response: {
                  _id: 'a',
                  sender: 'human',
                  message: asked,
                  create_time: { $date: { $numberLong: '1738404000123' } },
                },
              },
              {
                response: {
                  _id: 'b',
                  parent_response_id: 'a',
                  sender: 'ASSISTANT',
                  message: answered,
                  model: 'grok-4',
                  thinking_trace: 'Hm.',
                },
              },
            ],
          },
        ],
        projects: [],
      },
      { sourceId: 'GROK:g1', title: 'Lake', pinned: true, passedOver: { REASONING: 1 } },
    ],
    [
      'Google AI Studio',
      {
        runSettings: { model: 'models/gemini-2.5-pro' },
        systemInstruction: { text: 'Be short.' },
        chunkedPrompt: {
          chunks: [
            { driveImage: { id: 'x' }, role: 'user' },
            { text: asked, role: 'user' },
            { text: 'Hm.', role: 'model', isThought: true },
            { text: answered, role: 'model', parts: [{ text: answered }] },
          ],
        },
      },
      {
        metadata: { importedFrom: 'GEMINI', models: ['gemini-2.5-pro'] },
        passedOver: { SYSTEM_MESSAGE: 1, IMAGE: 1, REASONING: 1 },
      },
    ],
    [
      'LM Studio',
      {
        name: 'Lake',
        createdAt: 1_739_000_000_000,
        messages: [
          {
            versions: [{ type: 'singleStep', role: 'user', content: [{ type: 'text', text: asked }] }],
            currentlySelected: 0,
          },
          {
            currentlySelected: 1,
            versions: [
              {
                type: 'multiStep',
                role: 'assistant',
                steps: [{ type: 'contentBlock', content: [{ type: 'text', text: 'Cold.' }] }],
              },
              {
                type: 'multiStep',
                role: 'assistant',
                senderInfo: { senderName: 'qwen3-8b' },
                steps: [
                  { type: 'contentBlock', style: { type: 'thinking' }, content: [{ type: 'text', text: 'Hm.' }] },
                  { type: 'contentBlock', content: [...answered].map((text) => ({ type: 'text', text })) },
                  { type: 'debugInfoBlock', debugInfo: 'x' },
                ],
              },
            ],
          },
        ],
      },
      {
        title: 'Lake',
        metadata: { importedFrom: 'LM_STUDIO', models: ['qwen3-8b'] },
        passedOver: { OTHER_BRANCH: 1, REASONING: 1 },
      },
    ],
    [
      'llama.cpp',
      [
        {
          conv: { id: 'l1', name: 'Lake', currNode: 3, lastModified: 1_750_000_000_000 },
          messages: [
            { id: 0, type: 'root', parent: -1, role: 'system', content: '' },
            { id: 1, type: 'text', parent: 0, role: 'user', content: asked, timestamp: 1_750_000_000_000 },
            { id: 2, type: 'text', parent: 1, role: 'assistant', content: 'Cold.', timestamp: 1_750_000_002_000 },
            {
              id: 3,
              type: 'text',
              parent: 1,
              role: 'assistant',
              content: answered,
              thinking: 'Hm.',
              timestamp: 1_750_000_001_000,
            },
          ],
        },
      ],
      { sourceId: 'LLAMA_CPP:l1', title: 'Lake', passedOver: { OTHER_BRANCH: 1, REASONING: 1 } },
    ],
    [
      'Le Chat, whose messages have no order',
      [
        {
          id: 'b',
          chatId: 'c1',
          parentId: 'a',
          role: 'assistant',
          content: '',
          contentChunks: [{ type: 'text', text: answered }],
          createdAt: '2025-04-01T10:00:05Z',
        },
        {
          id: 'a',
          chatId: 'c1',
          parentId: null,
          role: 'user',
          content: asked,
          contentChunks: null,
          createdAt: '2025-04-01T10:00:00Z',
        },
      ],
      { sourceId: 'OPENAI:c1' },
    ],
    [
      'ShareGPT',
      [
        {
          id: 's1',
          conversations: [
            { from: 'human', value: asked },
            { from: 'gpt', value: answered },
          ],
        },
      ],
      { sourceId: 'OPENAI:s1' },
    ],
    [
      'ShareGPT as lines',
      lines({
        id: 's1',
        conversations: [
          { from: 'human', value: asked },
          { from: 'gpt', value: answered },
        ],
      }),
      { sourceId: 'OPENAI:s1' },
    ],
    [
      'a chat interface with folders',
      { version: 4, history: [{ id: 7, name: 'Lake', messages: plain }], folders: [], prompts: [] },
      { title: 'Lake' },
    ],
    [
      'a store with sessions',
      { 'chat-store': { sessions: [{ id: 'n1', topic: 'Lake', messages: plain }] }, access: {} },
      { title: 'Lake' },
    ],
    [
      'a session under its key',
      { 'session-list': [{ id: 'n1', name: 'Lake' }], 'session:n1': { name: 'Lake', messages: plain } },
      { title: 'Lake' },
    ],
    ['requests of a batch', lines({ custom_id: 'r1', body: { model: 'gpt-4o', messages: plain } }), {}],
    [
      'OpenAI’s threads, newest first',
      {
        object: 'list',
        data: plain.toReversed().map((each, index) => ({ ...each, created_at: 1_735_800_009 - index })),
      },
      {},
    ],
    ['questions with their answers', [{ prompt: asked, response: answered, sent_at: '2025-01-02T10:00:00Z' }], {}],
    [
      'LangChain',
      [
        { type: 'human', data: { content: asked } },
        { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'AIMessage'], kwargs: { content: answered } },
      ],
      {},
    ],
    [
      'SillyTavern',
      lines(
        { user_name: 'Noa', character_name: 'Aria' },
        { name: 'Noa', is_user: true, mes: asked, send_date: 'January 2, 2024 10:01am' },
        {
          name: 'Aria',
          is_user: false,
          mes: answered,
          swipes: ['Cold.', answered],
          swipe_id: 1,
          send_date: 'January 2, 2024 10:02am',
        },
      ),
      { passedOver: { UNREADABLE_MESSAGE: 1, OTHER_BRANCH: 1 } },
    ],
    [
      'Qwen',
      {
        data: [
          {
            id: 'q1',
            title: 'Lake',
            chat: {
              history: {
                currentId: 'b',
                messages: {
                  a: { id: 'a', parentId: null, role: 'user', content: asked },
                  b: {
                    id: 'b',
                    parentId: 'a',
                    role: 'assistant',
                    content: '',
                    content_list: [
                      { phase: 'think', content: 'Hm.' },
                      { phase: 'answer', content: answered },
                    ],
                  },
                },
              },
            },
          },
        ],
      },
      { title: 'Lake', passedOver: { REASONING: 1 } },
    ],
    [
      'Ollama’s requests',
      {
        model: 'qwen3',
        messages: [
          { ...plain[0], images: ['aGk='] },
          { ...plain[1], thinking: 'Hm.' },
        ],
      },
      { metadata: { models: ['qwen3'] }, passedOver: { IMAGE: 1, REASONING: 1 } },
    ],
    [
      'answers with thoughts in their text',
      [plain[0], { role: 'assistant', content: `<think>\nHm.\n</think>\n\n${answered}` }],
      { passedOver: { REASONING: 1 } },
    ],
  ])('%s is imported', async (_name, file, { passedOver = {}, ...expected }: any) => {
    const { report, conversations } = await importNew(file);
    expect(conversations).toMatchObject([expected]);
    expect(said(conversations[0])).toEqual(talk);
    expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0 });
    expect(counted(report)).toEqual(passedOver);
  });

  it('Gemini in Google Takeout is parted where nothing was asked for half an hour', async () => {
    const entry = (minute: number, title: string, html?: string) => ({
      header: 'Gemini Apps',
      products: ['Gemini Apps'],
      title,
      time: new Date(Date.UTC(2025, 4, 2, 8, minute)).toISOString(),
      ...(html ? { safeHtmlItem: [{ html }] } : {}),
    });
    const { report, conversations } = await importNew([
      entry(63, 'Prompted And at night?', '<p>Never.</p>'),
      { header: 'Search', title: 'Searched for figs', time: '2025-05-02T08:20:00Z' },
      { ...entry(29, 'Prompted In winter?', '<p>Less &amp; later.</p>'), attachedFiles: ['fig.jpg'] },
      entry(1, 'Used an assistant feature'),
      entry(0, 'Prompted When do I water a fig?', '<p>Twice a <b>week</b>:</p><ul><li>at six</li><li>at ten</li></ul>'),
    ]);
    expect(conversations.map(said)).toEqual([
      [
        ['USER', 'When do I water a fig?'],
        ['ASSISTANT', 'Twice a week:\n\n- at six\n- at ten'],
        ['USER', 'In winter?'],
        ['ASSISTANT', 'Less & later.'],
      ],
      [
        ['USER', 'And at night?'],
        ['ASSISTANT', 'Never.'],
      ],
    ]);
    expect(report.passedOver).toEqual([
      { what: 'UNREADABLE_MESSAGE', count: 2, names: ['Used an assistant feature', 'Searched for figs'] },
      { what: 'ATTACHMENT', count: 1, names: ['fig.jpg'] },
    ]);
  });
});

describe('what tools were asked', () => {
  it.each<[string, unknown]>([
    [
      'parts of the AI SDK',
      [
        { role: 'user', parts: [{ type: 'text', text: asked }] },
        {
          role: 'assistant',
          parts: [
            { type: 'step-start' },
            { type: 'reasoning', text: 'Hm.' },
            { type: 'tool-warmth', toolCallId: 'c1', input: { at: 'pier' }, output: { c: 22 } },
            { type: 'text', text: answered },
          ],
        },
      ],
    ],
    [
      'Gemini’s contents',
      {
        contents: [
          { role: 'user', parts: [{ text: asked }] },
          {
            role: 'model',
            parts: [
              { text: 'Hm.', thought: true },
              { functionCall: { id: 'c1', name: 'warmth', args: { at: 'pier' } } },
            ],
          },
          { role: 'user', parts: [{ functionResponse: { id: 'c1', name: 'warmth', response: { c: 22 } } }] },
          { role: 'model', parts: [{ text: answered }] },
        ],
      },
    ],
    [
      'Gemini CLI',
      {
        sessionId: 'x',
        messages: [
          { type: 'user', content: asked },
          {
            type: 'gemini',
            content: '',
            thoughts: [{ subject: 'Hm.' }],
            toolCalls: [
              {
                id: 'c1',
                name: 'warmth',
                args: { at: 'pier' },
                result: [{ functionResponse: { id: 'c1', response: { c: 22 } } }],
              },
            ],
          },
          { type: 'gemini', content: answered },
        ],
      },
    ],
    [
      'Claude Code',
      lines(
        { type: 'user', uuid: 'a', parentUuid: null, sessionId: 's', message: { role: 'user', content: asked } },
        {
          type: 'assistant',
          uuid: 'b',
          parentUuid: 'a',
          message: {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'Hm.' },
              { type: 'tool_use', id: 'c1', name: 'warmth', input: { at: 'pier' } },
            ],
          },
        },
        {
          type: 'user',
          uuid: 'c',
          parentUuid: 'b',
          message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: { c: 22 } }] },
        },
        {
          type: 'assistant',
          uuid: 'd',
          parentUuid: 'c',
          message: { role: 'assistant', content: [{ type: 'text', text: answered }] },
        },
      ),
    ],
    [
      'Codex',
      lines(
        {
          type: 'response_item',
          payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text: asked }] },
        },
        { type: 'response_item', payload: { type: 'reasoning', summary: [], content: null } },
        {
          type: 'response_item',
          payload: { type: 'function_call', name: 'warmth', call_id: 'c1', arguments: '{"at":"pier"}' },
        },
        { type: 'response_item', payload: { type: 'function_call_output', call_id: 'c1', output: { c: 22 } } },
        {
          type: 'response_item',
          payload: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answered }] },
        },
      ),
    ],
  ])('comes with %s', async (_name, file) => {
    const { report, conversations } = await importNew(file);
    expect(conversations).toHaveLength(1);
    expect(conversations[0].messages).toMatchObject([
      { role: 'USER', content: asked },
      {
        role: 'ASSISTANT',
        toolCalls: [{ id: 'c1', type: 'function', function: { name: 'warmth', arguments: '{"at":"pier"}' } }],
      },
      { role: 'TOOL', toolCallId: 'c1', toolResult: { c: 22 } },
      { role: 'ASSISTANT', content: answered },
    ]);
    expect(counted(report)).toEqual({ REASONING: 1 });
  });

  it('is answered by what follows at once, in ChatGPT, and citations are no text', async () => {
    const node = (id: string, parent: string | null, role: string, text: string, recipient = 'all') => ({
      [id]: {
        id,
        parent,
        message: { id, author: { role }, recipient, content: { content_type: 'text', parts: [text] } },
      },
    });
    const mapping = {
      ...node('a', null, 'assistant', '{}', 'web'),
      ...node('b', 'a', 'tool', 'page'),
      ...node('c', 'b', 'assistant', 'So it is. \uE200cite\uE202turn0search1\uE201'),
      ...node('d', 'c', 'tool', 'picture'),
    };
    const { conversations } = await importNew([{ conversation_id: 'x', mapping, current_node: 'd' }]);
    expect(conversations[0].messages).toMatchObject([
      { role: 'ASSISTANT', toolCalls: [{ id: 'a' }] },
      { role: 'TOOL', content: 'page', toolCallId: 'a' },
      { role: 'ASSISTANT', content: 'So it is.' },
      { role: 'TOOL', content: 'picture', toolCallId: null },
    ]);
  });
});

describe('what cannot be imported is refused by its name', () => {
  const bytes = (begin: string) => Buffer.from(`${begin}\0\0\0`, 'latin1');
  it.each<[RegExp, unknown]>([
    [/ZIP archive: unpack it/, bytes('PK\x03\x04')],
    [/gzip/, bytes('\x1F\x8B\x08')],
    [/PDF/, bytes('%PDF-1.7')],
    [/HTML.*JSON/, '\n<!DOCTYPE html><html><body>You said:</body></html>'],
    [/WhatsApp/, '1/2/24, 10:01 - Noa: hi\n1/2/24, 10:02 - Gil: ho\n'],
    [/WhatsApp/, '\u200E[02.01.2024, 10:01:07] נועה: היי\n'],
    [
      /Telegram/,
      {
        name: 'Noa',
        type: 'personal_chat',
        messages: [{ id: 1, type: 'message', from: 'Noa', from_id: 'user5', text: 'hi' }],
      },
    ],
    [
      /Telegram/,
      {
        chats: {
          list: [{ name: 'Noa', messages: [{ type: 'message', from: 'Noa', from_id: 'user5', text: ['hi'] }] }],
        },
      },
    ],
    [
      /Discord/,
      { channel: {}, messages: [{ type: 'Default', content: 'hi', author: { id: '4', name: 'noa', isBot: false } }] },
    ],
    [/Messenger or Instagram/, { messages: [{ sender_name: 'Noa', timestamp_ms: 1_704_189_600_000, content: 'hi' }] }],
    [/Google Chat/, { messages: [{ creator: { name: 'Noa', email: 'noa@example.com' }, text: 'hi' }] }],
    [/Slack/, [{ type: 'message', user: 'U1', text: 'hi', ts: '1704189600.000100' }]],
    [
      /Teams or Skype/,
      { conversations: [{ id: '19:x', MessageList: [{ messagetype: 'RichText', content: 'hi', from: '8:noa' }] }] },
    ],
  ])('%s', async (name, file) => {
    const { job, conversations } = await importNew(file);
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
    expect(job.error.message).toMatch(name);
    expect(conversations).toEqual([]);
  });

  it('and costs only itself', async () => {
    const chat = { name: 'Gil', messages: [{ from: 'Gil', from_id: 'user6', text: 'hi' }] };
    const { report, conversations } = await importNew([{ messages: plain }, chat]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(report).toMatchObject({
      found: 2,
      notImported: 1,
      problems: [{ index: 1, title: 'Gil', reason: expect.stringMatching(/Telegram/) }],
    });
  });
});

/** Reads a file, as the job does: what was said in each conversation, and what was passed over. */
function readAll(file: unknown) {
  const omissions = new Omissions();
  const read = conversationsIn(file).map((source) => readConversation(source, omissions.omit));
  return {
    formats: read.map((conversation) => conversation?.format),
    titles: read.map((conversation) => conversation?.title),
    said: read.map((conversation) => conversation && said(conversation)),
    passedOver: counted({ passedOver: omissions.list() }),
  };
}

const parse = (file: unknown) =>
  parseExport({
    bytes: Buffer.from(JSON.stringify(file)),
    jobId: '0198c0de-0000-7000-8000-000000000000',
    importedAt: 0,
  });

describe('a conversation that looks like a message', () => {
  it.each<[string, object]>([
    ['type', { type: 'assistant', messages: plain }],
    ['role', { role: 'tutor', messages: plain }],
    ['role, and messages under another name', { role: 'assistant', turns: plain }],
    ['role, and a tree of messages', { role: 'assistant', mapping: { a: { message: { author: { role: 'user' } } } } }],
    ['user', { user: 'noa', turns: plain }],
    ['user, and pairs', { user: 'noa', turns: [{ user: asked, agent: answered }] }],
  ])('by its %s is none', (_name, source) => {
    const conversation = { id: 'c1', title: 'Lake', ...source };
    for (const count of [1, 2]) {
      const read = readAll({ conversations: Array(count).fill(conversation) });
      expect(read.titles).toEqual(Array(count).fill('Lake'));
      if (!('mapping' in source)) expect(read.said).toEqual(Array(count).fill(talk));
    }
  });

  it('is one beside what is a message', () => {
    const message = { id: 'm', title: 'Note', role: 'user', content: 'Hm.' };
    const read = readAll({ conversations: [message, { title: 'Lake', messages: plain }] });
    expect(read.said).toEqual([null, talk]);
  });

  it('and says something is read in its place in a tree', () => {
    const list = [
      { id: 'a', parent: null, ...plain[0] },
      { id: 'b', parent: 'a', ...plain[1], messages: [] },
      { id: 'c', parent: 'b', role: 'user', content: 'Thanks.' },
    ];
    expect(readAll({ messages: list }).said).toEqual([[...talk, ['USER', 'Thanks.']]]);
  });

  it('is found beside messages of which there are none', () => {
    for (const about of [{}, { conversationId: 'c1' }, { user: 'noa' }]) {
      expect(readAll({ ...about, messages: [], conversations: [{ messages: plain }] }).said).toEqual([talk]);
      expect(readAll({ ...about, messages: [] }).said).toEqual([[]]);
    }
  });
});

describe('chat messages of OpenAI are no export of', () => {
  it.each<[string, object]>([
    ['LM Studio', { messages: [plain[0], { ...plain[1], versions: [{ role: 'assistant', content: 'Cold.' }] }] }],
    ['LM Studio, by what has no role', { messages: [...plain, { versions: [{ content: 'Cold.' }] }] }],
    ['Gemini', { activities: [], messages: plain }],
    ['Gemini, by one entry', { activities: [{ header: 'Gemini', title: 'x', time: 'y' }], messages: plain }],
    ['Grok', { conversation: {}, responses: [], messages: plain }],
    ['llama.cpp', { conv: {}, messages: plain }],
    ['AI Studio', { chunkedPrompt: { chunks: [] }, messages: plain }],
  ])('%s', (_name, source) => {
    const read = readAll({ id: 'o1', title: 'Lake', ...source });
    expect(read).toMatchObject({ formats: ['OPENAI'], titles: ['Lake'], said: [talk] });
  });

  it('Takeout, where one of them looks like an entry', () => {
    expect(readAll([...plain, { header: 'Gemini', title: 'x', time: 'y' }]).said).toEqual([talk]);
  });
});

describe('a list in which some messages name the one before', () => {
  const turns = ['one', 'two', 'three', 'four'].map((content, index) => ({
    id: `m${index}`,
    role: index % 2 === 0 ? 'user' : 'assistant',
    content,
  }));
  const all = turns.map(({ role, content }) => [role.toUpperCase(), content]);
  const named = turns.map((turn, index) => ({ ...turn, parentId: index === 0 ? null : `m${index - 1}` }));

  it('is read whole', () => {
    for (let first = 1; first < turns.length; first += 1) {
      const list = turns.map((turn, index) => (index < first ? turn : { ...turn, ...named[index] }));
      expect(readAll(list)).toMatchObject({ said: [all], passedOver: {} });
    }
  });

  it('is a tree where a message says that it is the first', () => {
    const other = { id: 'n', role: 'user', content: 'uno', parentId: null };
    expect(readAll([...named, other])).toMatchObject({ said: [[['USER', 'uno']]], passedOver: { OTHER_BRANCH: 4 } });
  });

  const claudeCode = (parent: string | null, { id, role, content }: (typeof turns)[number], more: object = {}) => ({
    type: role,
    uuid: id,
    parentUuid: parent,
    timestamp: `2026-01-02T10:00:0${id.slice(1)}Z`,
    message: { role, content },
    ...more,
  });

  it('is read past what is no message', () => {
    const [one, two, three, four] = turns as [any, any, any, any];
    const queue = { type: 'queue-operation', timestamp: '2026-01-02T11:00:00Z' };
    const progress = { type: 'progress', uuid: 'p', parentUuid: 'm1', timestamp: '2026-01-02T12:00:00Z' };
    const begin = [claudeCode(null, one), claudeCode('m0', two)];
    for (const list of [
      [...begin, claudeCode('m1', three), claudeCode('m2', four), queue],
      [queue, ...begin, queue, claudeCode('m1', three), claudeCode('m2', four)],
      [...begin, progress, claudeCode('p', three), claudeCode('m2', four)],
      [...begin, claudeCode('m1', three), claudeCode('m2', four), progress],
    ]) {
      const others = list.length - turns.length;
      expect(readAll(list)).toMatchObject({ said: [all], passedOver: { UNREADABLE_MESSAGE: others } });
    }
  });

  it('is read past where Claude Code has made it shorter', () => {
    const [one, two, three, four] = turns as [any, any, any, any];
    const list = [
      claudeCode(null, one),
      claudeCode('m0', two),
      claudeCode(null, three, { logicalParentUuid: 'm1' }),
      claudeCode('m2', four),
    ];
    expect(readAll(list)).toMatchObject({ said: [all], passedOver: {} });
  });
});

it('a list whose times go back is turned round, unless an answer would come first', () => {
  const at = (second: number, message: object) => ({ ...message, created_at: 1_735_800_000 + second });
  const [question, answer] = plain as [object, object];
  expect(readAll([at(2, question), at(1, answer)]).said).toEqual([talk]);
  expect(readAll([at(2, answer), at(1, question)]).said).toEqual([talk]);
  const greeting = { role: 'assistant', content: 'Hi.' };
  expect(readAll([at(3, answer), at(2, question), at(1, greeting)]).said).toEqual([[['ASSISTANT', 'Hi.'], ...talk]]);
});

describe('an answer that begins with <think>', () => {
  const answerOf = (content: string) => readAll([plain[0], { role: 'assistant', content }]);

  it.each([
    '<think> is a tag that models write.\nIt has an end.',
    '<think> begins a thought, `</think>` ends it.',
    '`<think>` is a tag that models write; `</think>` ends it.',
    '<thinking> is not </think>.',
  ])('and is about it is kept whole: %s', (content) => {
    expect(answerOf(content)).toMatchObject({
      said: [
        [
          ['USER', asked],
          ['ASSISTANT', content],
        ],
      ],
      passedOver: {},
    });
  });

  it.each([
    [`<think>Hm.</think>${answered}`, [...talk]],
    [`<think>So: \`</think>\` it is.</think>\n\n${answered}`, [...talk]],
    ['<think>\nHm, the lake', [['USER', asked]]],
  ])('and is a thought is passed over: %s', (content, expected) => {
    expect(answerOf(content)).toMatchObject({ said: [expected], passedOver: { REASONING: 1 } });
  });
});

describe('marks in a text', () => {
  it('of ChatGPT without an end cost nothing but what they are', () => {
    const text = 'Kept \uE200cite\uE202x … not lost \uE200cite\uE202turn0\uE201 end';
    const message = { author: { role: 'assistant' }, content: { content_type: 'text', parts: [text] } };
    expect(readAll([{ mapping: { a: { id: 'a', message } } }]).said).toEqual([
      [['ASSISTANT', 'Kept \uE200cite\uE202x … not lost end']],
    ]);
  });

  it('of Open WebUI are told from details that were said', () => {
    const details = '<details><summary>More</summary>At six.</details>';
    const text = `${details}\n<details id="a" type="reasoning" done="true">Hm.</details>\n\nAt ten. ${details}`;
    const messages = { b: { id: 'b', parentId: null, role: 'assistant', content: text } };
    expect(readAll([{ chat: { history: { currentId: 'b', messages } } }])).toMatchObject({
      said: [[['ASSISTANT', `${details}\nAt ten. ${details}`]]],
      passedOver: { REASONING: 1 },
    });
  });
});

describe('a chat of people one of whom is called as a model is', () => {
  const message = (id: number, from: string, text: string) => ({ id, type: 'message', from, from_id: `u${id}`, text });
  const chat = { name: 'ChatGPT', messages: [message(1, 'Noa', asked), message(2, 'ChatGPT', answered)] };

  it('is refused by its name', () => {
    expect(parse(chat)).toMatchObject({ refused: expect.stringMatching(/Telegram/) });
    expect(parse([{ messages: plain }, chat])).toMatchObject({
      notImported: 1,
      problems: [{ index: 1, title: 'ChatGPT', reason: expect.stringMatching(/Telegram/) }],
    });
  });

  it('is none where one message among others is of such a chat', () => {
    expect(parse({ messages: [...plain, message(1, 'Noa', 'hi')] })).toMatchObject({ notImported: 0 });
  });
});

describe('what cannot be read costs only itself, and is counted', () => {
  const lost = { title: 'lost', msgs: 'none' };
  it.each<[string, unknown]>([
    ['in a wrapper', { export: { items: [{ messages: plain }, lost] } }],
    [
      'among entries of Takeout',
      [
        { header: 'Gemini Apps', title: 'Prompted Hi', time: '2025-05-02T08:00:00Z', safeHtmlItem: [{ html: 'Ho.' }] },
        lost,
      ],
    ],
  ])('%s', (_name, file) => {
    expect(parse(file)).toMatchObject({ found: 2, notImported: 1, problems: [{ index: 1, title: 'lost' }] });
  });
});

describe('entries of Takeout', () => {
  const entry = (minute: number, title: string, html: string) => ({
    header: 'Gemini Apps',
    title: `Prompted ${title}`,
    time: `2025-05-02T08:${String(minute).padStart(2, '0')}:00Z`,
    safeHtmlItem: [{ html }],
  });

  it('are read in the order of their times, whichever the file has', () => {
    const entries = ['one', 'two', 'three', 'four'].map((title, index) => entry(index * 2, title, 'Yes.'));
    const [one, two, three, four] = entries;
    for (const file of [entries, entries.toReversed(), [three, one, four, two]]) {
      const questions = readAll(file).said.map((messages) => messages.filter(([role]: string[]) => role === 'USER'));
      expect(questions).toEqual([['one', 'two', 'three', 'four'].map((title) => ['USER', title])]);
    }
  });

  it('of the same time are in the order that the others have', () => {
    const entries = [entry(1, 'one', 'a'), entry(2, 'two', 'b'), entry(2, 'three', 'c')];
    const expected = readAll(entries).said;
    expect(expected[0].map(([, text]: string[]) => text)).toEqual(['one', 'a', 'two', 'b', 'three', 'c']);
    expect(readAll(entries.toReversed()).said).toEqual(expected);
  });

  it('have the cells of a table apart', () => {
    const html = '<table><tr><th>Who</th><th>Age</th></tr><tr><td>Ann</td><td>41</td></tr></table>Done.';
    expect(readAll([entry(1, 'Who?', html)]).said[0].at(-1)).toEqual(['ASSISTANT', 'Who\tAge\n\nAnn\t41\n\nDone.']);
  });
});

/** A tree of messages: the parent of each, as an index, and which one is shown last. */
const anyTree = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .chain((picks) =>
    fc.tuple(fc.constant(picks.map((pick, index) => (index === 0 ? null : pick % index))), fc.nat(picks.length - 1)),
  );

describe('a tree of messages', () => {
  it('is imported by its branch, in whichever words it is written and in whatever order', () => {
    fc.assert(
      fc.property(anyTree, fc.boolean(), ([parents, last], isReversed) => {
        const branch: number[] = [];
        for (let at: number | null = last; at !== null; at = parents[at] as number | null) branch.unshift(at);
        const depth = (index: number): number => (parents[index] === null ? 0 : 1 + depth(parents[index] as number));
        const isUser = (index: number) => depth(index) % 2 === 0;
        const order = parents.map((_parent, index) => index);
        if (isReversed) order.reverse();
        const parentOf = (index: number) => (parents[index] === null ? null : `m${parents[index]}`);
        const list = order.map((index) => ({
          id: `m${index}`,
          parent: parentOf(index),
          role: isUser(index) ? 'user' : 'assistant',
          content: `text ${index}`,
        }));
        const responses = list.map(({ id, parent, role, content }) => ({
          response: { _id: id, parent_response_id: parent, sender: role === 'user' ? 'human' : role, message: content },
        }));
        const fragments = list.map(({ id, parent, role, content }) => [
          id,
          { id, parent, message: { fragments: [{ type: role === 'user' ? 'REQUEST' : 'RESPONSE', content }] } },
        ]);
        for (const source of [
          { conv: { id: 'x', currNode: `m${last}` }, messages: list },
          { conversation: { id: 'x', leaf_response_id: `m${last}` }, responses },
          { id: 'x', mapping: Object.fromEntries(fragments), current_message_id: `m${last}` },
        ]) {
          const omissions = new Omissions();
          const read = readConversation(source, omissions.omit);
          expect(read?.messages.map(({ role, content }) => [role, content])).toEqual(
            branch.map((index) => [isUser(index) ? 'USER' : 'ASSISTANT', `text ${index}`]),
          );
          const others = parents.length - branch.length;
          expect(omissions.list()).toEqual(others === 0 ? [] : [{ what: 'OTHER_BRANCH', count: others, names: [] }]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('any JSON', () => {
  it.each([
    ['{"a":[', ']}'],
    ['{"data":[', ']}'],
    ['[{"response":', '}]'],
    ['{"messages":[', ']}'],
  ])('of thousands of levels of %s is read or refused', (open, close) => {
    for (const inside of ['1', JSON.stringify({ messages: plain })]) {
      const document = JSON.parse(open.repeat(5000) + inside + close.repeat(5000));
      const read = conversationsIn(document).map((source) => readConversation(source, () => {}));
      expect(read.flatMap((conversation) => conversation?.messages ?? [])).toEqual([]);
    }
  });

  it('is read or refused, and no message of it is lost without a word', () => {
    const word = fc.constantFrom('user', 'assistant', 'human', 'constructor', 'text', 'x', '');
    const key = fc.constantFrom(
      'role',
      'from',
      'type',
      'content',
      'parts',
      'value',
      'messages',
      'mapping',
      'id',
      'parent',
      'message',
      'response',
      'data',
      'conv',
      'versions',
      'text',
      'responses',
      'conversation',
      'chunkedPrompt',
      'chunks',
      'activities',
      'fragments',
      'tool_calls',
      'timestamp',
      'toString',
      'versions',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        word,
        fc.constantFrom(null, 0, -1, true),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (document) => {
        const omissions = new Omissions();
        for (const source of conversationsIn(document)) {
          const read = readConversation(source, omissions.omit);
          for (const { role, content } of read?.messages ?? []) {
            expect(['USER', 'ASSISTANT', 'SYSTEM', 'TOOL']).toContain(role);
            expect(content).toBeTypeOf('string');
          }
        }
      }),
      { numRuns: 5000 },
    );
  });
});
