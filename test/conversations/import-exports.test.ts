import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { chatGptConversation, chatGptNode, chatGptText, importExport } from '../support/exports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const Conversations = `{ conversations(first: 8, orderBy: CREATED_ASC) { edges { node {
  title pinned archived sourceId createdAt lastMessageAt metadata messageCount
  messages(first: 20) { edges { node { role content sentAt model toolCalls toolCallId toolResult } } } } } } }`;

async function conversationsOf(client: Client) {
  const { conversations } = await client.ask(Conversations);
  return conversations.edges.map(({ node }: any) => ({
    ...node,
    messages: node.messages.edges.map((edge: any) => edge.node),
  }));
}

/** Imports a file for a new user: the report of the job, and what is there then. */
async function importNew(file: unknown) {
  const ann = await app.user();
  const job = await importExport(app.parley.url, ann, file);
  return { ann, job, report: job.result, conversations: await conversationsOf(ann) };
}

const said = (conversation: any) => conversation.messages.map(({ role, content }: any) => [role, content]);
const countOf = (report: any, what: string) => report.passedOver.find((each: any) => each.what === what)?.count ?? 0;

describe('an export of ChatGPT', () => {
  const tool = { author: { role: 'tool', name: 'python' } };
  const assistant = (model_slug = 'gpt-4o') => ({ author: { role: 'assistant' }, metadata: { model_slug } });
  const harbour = {
    title: 'הנמל של חיפה',
    conversation_id: 'a1',
    create_time: 1_700_000_000.25,
    update_time: 1_700_009_000,
    is_archived: true,
    is_starred: true,
    current_node: 'n6',
    mapping: {
      ...chatGptNode('root', null),
      ...chatGptNode('system', 'root', { author: { role: 'system' }, content: { content_type: 'text', parts: [''] } }),
      ...chatGptNode('context', 'system', {
        content: { content_type: 'user_editable_context', user_profile: 'a sailor' },
        metadata: { is_visually_hidden_from_conversation: true },
      }),
      ...chatGptNode('n1', 'context', {
        create_time: 1_700_000_001.5,
        content: {
          content_type: 'multimodal_text',
          parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' }, 'כמה אוניות?'],
        },
        metadata: {
          attachments: [
            { name: 'harbour.jpg', mime_type: 'image/jpeg' },
            { name: 'ships.csv', mime_type: 'text/csv' },
          ],
        },
      }),
      ...chatGptNode('thoughts', 'n1', { ...assistant('o3'), content: { content_type: 'thoughts', thoughts: [] } }),
      ...chatGptNode('n2', 'thoughts', {
        ...assistant('o3'),
        recipient: 'python',
        content: { content_type: 'code', language: 'python', text: 'len(ships)' },
      }),
      ...chatGptNode('n3', 'n2', { ...tool, content: { content_type: 'execution_output', text: '12' } }),
      ...chatGptNode('n4', 'n3', { ...assistant('o3'), create_time: 1_700_000_009, ...chatGptText('Twelve.') }),
      ...chatGptNode('n4b', 'n3', { ...assistant(), ...chatGptText('Eleven.') }),
      ...chatGptNode('n5', 'n4', { ...chatGptText('And now?') }),
      ...chatGptNode('n6', 'n5', { ...assistant(), ...chatGptText('Thirteen.') }),
    },
  };

  it('brings the branch that is shown, with its tools, and reports what it passes over', async () => {
    const { report, conversations } = await importNew([harbour]);
    expect(report).toMatchObject({
      found: 1,
      conversations: 1,
      messages: 6,
      alreadyThere: 0,
      notImported: 0,
      problems: [],
    });
    expect(conversations).toMatchObject([
      {
        title: 'הנמל של חיפה',
        pinned: true,
        archived: true,
        sourceId: 'CHATGPT:a1',
        createdAt: '2023-11-14T22:13:20.250Z',
        lastMessageAt: '2023-11-14T22:13:29.000Z',
        metadata: { importedFrom: 'CHATGPT', models: ['o3', 'gpt-4o'] },
        messageCount: 6,
        messages: [
          { role: 'USER', content: 'כמה אוניות?', sentAt: '2023-11-14T22:13:21.500Z', model: null },
          {
            role: 'ASSISTANT',
            content: '',
            toolCalls: [{ id: 'n2', type: 'function', function: { name: 'python', arguments: 'len(ships)' } }],
          },
          { role: 'TOOL', content: '12', toolCallId: 'n2' },
          { role: 'ASSISTANT', content: 'Twelve.', model: 'o3' },
          { role: 'USER', content: 'And now?' },
          { role: 'ASSISTANT', content: 'Thirteen.', model: 'gpt-4o' },
        ],
      },
    ]);
    expect(report.passedOver).toEqual(
      expect.arrayContaining([
        { what: 'IMAGE', count: 1, names: ['harbour.jpg'] },
        { what: 'ATTACHMENT', count: 1, names: ['ships.csv'] },
        { what: 'SYSTEM_MESSAGE', count: 1, names: [] },
        { what: 'HIDDEN_MESSAGE', count: 1, names: [] },
        { what: 'REASONING', count: 1, names: [] },
        { what: 'OTHER_BRANCH', count: 1, names: [] },
      ]),
    );
  });

  it('is read where its tree is broken: a cycle, missing parents, two roots, no current node', async () => {
    const cycle = { ...chatGptNode('x', 'y', chatGptText('one')), ...chatGptNode('y', 'x', chatGptText('two')) };
    const orphan = chatGptNode('x', 'gone', chatGptText('only'));
    const roots = {
      ...chatGptNode('x', null, { ...chatGptText('old'), create_time: 5 }),
      ...chatGptNode('y', null, { ...chatGptText('new'), create_time: 9 }),
    };
    const { report, conversations } = await importNew([
      { id: 'cycle', create_time: 1, mapping: cycle, current_node: 'y' },
      { id: 'orphan', create_time: 2, mapping: orphan, current_node: 'nowhere' },
      { id: 'roots', create_time: 3, mapping: roots },
    ]);
    expect(conversations.map(said)).toEqual([
      [
        ['USER', 'one'],
        ['USER', 'two'],
      ],
      [['USER', 'only']],
      [['USER', 'new']],
    ]);
    expect(countOf(report, 'OTHER_BRANCH')).toBe(1);
  });

  it('is read where only parents know their children', async () => {
    const { mapping, ...rest } = chatGptConversation('one', 3);
    const nodes = Object.values(mapping) as { id: string; parent: string | null }[];
    const unlinked = nodes.map(({ parent: _, ...node }) => ({
      ...node,
      children: nodes.flatMap(({ id, parent }) => (parent === node.id ? [id] : [])),
    }));
    const { report, conversations } = await importNew([
      { ...rest, mapping: Object.fromEntries(unlinked.map((node) => [node.id, node])) },
    ]);
    expect(said(conversations[0]).map(([role]: [string]) => role)).toEqual(['USER', 'ASSISTANT', 'USER']);
    expect(report).toMatchObject({ messages: 3, passedOver: [] });
  });

  it('costs a conversation that cannot be read only itself', async () => {
    const { job, report, conversations } = await importNew([
      chatGptConversation('good', 2),
      { title: 'Broken', mapping: { a: { message: { author: null, content: 7 } } } },
      'no conversation',
      { title: 'Empty', mapping: {} },
      chatGptConversation('good', 2),
    ]);
    expect(job.status).toBe('SUCCEEDED');
    expect(report).toMatchObject({ found: 5, conversations: 1, notImported: 4 });
    expect(report.problems.map(({ index, title }: any) => [index, title])).toEqual([
      [1, 'Broken'],
      [2, null],
      [3, 'Empty'],
      [4, 'About good'],
    ]);
    expect(conversations).toHaveLength(1);
  });
});

describe('an export of Claude', () => {
  const message = (uuid: string, sender: string, more: object) => ({
    uuid,
    sender,
    created_at: '2025-03-01T10:00:00.123456Z',
    text: '',
    attachments: [],
    files: [],
    ...more,
  });

  it('brings its parts: text, what tools were asked and returned', async () => {
    const { report, conversations } = await importNew([
      {
        uuid: 'c1',
        name: 'Tides',
        created_at: '2025-03-01T09:59:00Z',
        updated_at: '2025-03-01T10:05:00Z',
        chat_messages: [
          message('1', 'human', {
            text: 'When is high tide?',
            attachments: [{ file_name: 'chart.pdf', extracted_content: 'x' }],
          }),
          message('2', 'assistant', {
            text: 'ignored',
            content: [
              { type: 'thinking', thinking: 'hm' },
              { type: 'text', text: 'I look it up.' },
              { type: 'tool_use', id: 'toolu_1', name: 'tides', input: { port: 'Haifa' } },
              {
                type: 'tool_result',
                tool_use_id: 'toolu_1',
                content: [{ type: 'text', text: '04:12' }, { type: 'image' }],
              },
              { type: 'text', text: 'At 04:12.' },
            ],
          }),
          message('3', 'assistant', { content: [] }),
        ],
      },
    ]);
    expect(conversations).toMatchObject([
      {
        title: 'Tides',
        sourceId: 'CLAUDE:c1',
        createdAt: '2025-03-01T09:59:00.000Z',
        messages: [
          { role: 'USER', content: 'When is high tide?', sentAt: '2025-03-01T10:00:00.123Z' },
          {
            role: 'ASSISTANT',
            content: 'I look it up.',
            toolCalls: [
              { id: 'toolu_1', type: 'function', function: { name: 'tides', arguments: '{"port":"Haifa"}' } },
            ],
          },
          { role: 'TOOL', content: '04:12', toolCallId: 'toolu_1' },
          { role: 'ASSISTANT', content: 'At 04:12.', toolCalls: null },
        ],
      },
    ]);
    for (const what of ['REASONING', 'IMAGE', 'ATTACHMENT', 'EMPTY_MESSAGE']) expect(countOf(report, what)).toBe(1);
  });

  it('with branches brings the last one', async () => {
    const parent_message_uuid = '00000000-0000-4000-8000-000000000000';
    const { report, conversations } = await importNew([
      {
        uuid: 'c2',
        name: '',
        chat_messages: [
          message('1', 'human', { text: 'a', parent_message_uuid }),
          message('2', 'assistant', { text: 'b', parent_message_uuid: '1' }),
          message('3', 'human', { text: 'c', parent_message_uuid, created_at: '2025-03-01T11:00:00Z' }),
          message('4', 'assistant', { text: 'd', parent_message_uuid: '3', created_at: '2025-03-01T11:00:01Z' }),
        ],
      },
    ]);
    expect(said(conversations[0])).toEqual([
      ['USER', 'c'],
      ['ASSISTANT', 'd'],
    ]);
    expect(conversations[0].title).toBeNull();
    expect(countOf(report, 'OTHER_BRANCH')).toBe(2);
  });
});

describe('an export of LibreChat', () => {
  const user = (messageId: string, parentMessageId: string, text: string, more: object = {}) => ({
    ...{
      messageId,
      parentMessageId,
      text,
      sender: 'User',
      isCreatedByUser: true,
      createdAt: '2024-06-01T08:00:00.000Z',
    },
    ...more,
  });
  const ROOT = '00000000-0000-0000-0000-000000000000';
  const reply = {
    ...{
      messageId: 'm2',
      parentMessageId: 'm1',
      sender: 'Claude',
      isCreatedByUser: false,
      model: 'claude-3',
      text: '',
    },
    createdAt: '2024-06-01T08:00:05.000Z',
    content: [
      { type: 'think', think: 'hm' },
      { type: 'text', text: { value: 'Let me see.' } },
      { type: 'tool_call', tool_call: { id: 't1', name: 'clock', args: '{}', output: '08:00' } },
      { type: 'text', text: 'It is eight.' },
    ],
  };
  const expected = [
    ['USER', 'What time is it?'],
    ['ASSISTANT', 'Let me see.'],
    ['TOOL', '08:00'],
    ['ASSISTANT', 'It is eight.'],
  ];

  it('is read as a list', async () => {
    const { report, conversations } = await importNew({
      ...{ conversationId: 'l1', title: 'Time', endpoint: 'anthropic', branches: false, recursive: false },
      messages: [
        user('m1', ROOT, 'What time is it?', { files: [{ filename: 'watch.png', type: 'image/png' }] }),
        reply,
      ],
    });
    expect(conversations).toMatchObject([
      { title: 'Time', sourceId: 'LIBRECHAT:l1', metadata: { models: ['claude-3'] } },
    ]);
    expect(said(conversations[0])).toEqual(expected);
    expect(report.passedOver).toContainEqual({ what: 'IMAGE', count: 1, names: ['watch.png'] });
  });

  it('is read as a tree, by its newest branch', async () => {
    const other = { ...reply, messageId: 'm0', createdAt: '2024-06-01T08:00:01.000Z' };
    const { report, conversations } = await importNew({
      ...{ conversationId: 'l2', title: 'Time', branches: true, recursive: true },
      messagesTree: [
        user('m1', ROOT, 'What time is it?', {
          children: [
            { ...reply, children: [] },
            { ...other, children: [] },
          ],
        }),
      ],
    });
    expect(said(conversations[0])).toEqual(expected);
    expect(countOf(report, 'OTHER_BRANCH')).toBe(1);
  });
});

describe('an export of Open WebUI', () => {
  const at = 1_718_000_000;
  const history = {
    currentId: 'b2',
    messages: {
      a: {
        id: 'a',
        parentId: null,
        childrenIds: ['b1', 'b2'],
        role: 'user',
        content: 'שלום',
        timestamp: at,
        files: [{ type: 'file', name: 'notes.txt' }],
      },
      b1: {
        id: 'b1',
        parentId: 'a',
        childrenIds: [],
        role: 'assistant',
        content: 'Hi.',
        model: 'llama3',
        timestamp: at + 1,
      },
      b2: {
        id: 'b2',
        parentId: 'a',
        childrenIds: [],
        role: 'assistant',
        content: 'Hello.',
        model: 'llama3',
        timestamp: at + 2,
      },
    },
  };

  it('brings the branch of currentId', async () => {
    const { report, conversations } = await importNew([
      {
        id: 'w1',
        title: 'Greeting',
        chat: { title: 'Greeting', models: ['llama3'], history },
        created_at: at,
        updated_at: at + 9,
        pinned: true,
        archived: false,
      },
      { id: 'w2', chat: { history: { messages: {}, currentId: null } } },
    ]);
    expect(conversations).toMatchObject([
      {
        title: 'Greeting',
        pinned: true,
        archived: false,
        sourceId: 'OPEN_WEBUI:w1',
        createdAt: '2024-06-10T06:13:20.000Z',
      },
    ]);
    expect(said(conversations[0])).toEqual([
      ['USER', 'שלום'],
      ['ASSISTANT', 'Hello.'],
    ]);
    expect(report).toMatchObject({ found: 2, conversations: 1, notImported: 1 });
    expect(report.passedOver).toContainEqual({ what: 'ATTACHMENT', count: 1, names: ['notes.txt'] });
  });

  it('takes out of an answer what was thought, and what tools were asked', async () => {
    const answerWith = (content: string, second: number) => ({
      created_at: at + second,
      chat: {
        messages: [
          { role: 'user', content: 'כמה?' },
          { role: 'assistant', content },
        ],
      },
    });
    const call =
      '<details type="tool_calls" done="true" id="call_1" name="depth" arguments="&quot;{\\&quot;at\\&quot;:3}&quot;" result="&quot;14 &amp; more&quot;">\n<summary>Tool Executed</summary>\n</details>';
    const { report, conversations } = await importNew([
      answerWith(
        `<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> Hm.\n</details>\nOne moment.\n${call}\nארבע־עשרה.`,
        0,
      ),
      answerWith('<think>\nHm.\n</think>\n\nTwelve.', 1),
      answerWith('<details><summary>Table</summary>Ten.</details>', 2),
    ]);
    expect(conversations.map(said)).toEqual([
      [
        ['USER', 'כמה?'],
        ['ASSISTANT', 'One moment.'],
        ['TOOL', '14 & more'],
        ['ASSISTANT', 'ארבע־עשרה.'],
      ],
      [
        ['USER', 'כמה?'],
        ['ASSISTANT', 'Twelve.'],
      ],
      [
        ['USER', 'כמה?'],
        ['ASSISTANT', '<details><summary>Table</summary>Ten.</details>'],
      ],
    ]);
    expect(conversations[0].messages[1].toolCalls).toEqual([
      { id: 'call_1', type: 'function', function: { name: 'depth', arguments: '{"at":3}' } },
    ]);
    expect(countOf(report, 'REASONING')).toBe(2);
  });
});

describe('chat messages of OpenAI', () => {
  const calls = [{ id: 'call_9', type: 'function', function: { name: 'depth', arguments: '{"at":"pier 3"}' } }];
  const messages = [
    { role: 'developer', content: 'Be short.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'How deep?' },
        { type: 'image_url', image_url: { url: 'data:' } },
      ],
    },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'call_9', content: [{ type: 'text', text: '14.50' }] },
    { role: 'tool', tool_call_id: 'call_9', content: { metres: 14 } },
    { role: 'assistant', content: '' },
    { role: 'ASSISTANT', content: 'Fourteen and a half.' },
    { role: 'narrator', content: 'x' },
  ];
  const expected = [
    { role: 'SYSTEM', content: 'Be short.' },
    { role: 'USER', content: 'How deep?' },
    { role: 'ASSISTANT', content: '', toolCalls: calls },
    { role: 'TOOL', content: '14.50', toolCallId: 'call_9', toolResult: null },
    { role: 'TOOL', content: '', toolCallId: 'call_9', toolResult: { metres: 14 } },
    { role: 'ASSISTANT', content: 'Fourteen and a half.' },
  ];

  it.each([
    ['a list', messages],
    ['an object', { title: 'Depth', model: 'gpt-4o', messages }],
    ['several', { conversations: [{ id: 'o1', messages }] }],
    ['lists', [messages]],
    ['lines', `${messages.map((message) => JSON.stringify(message)).join('\n')}\n`],
    ['a line for each conversation', [{ messages }, {}].map((each) => JSON.stringify(each)).join('\r\n')],
  ])('are imported as %s', async (_name, file) => {
    const { report, conversations } = await importNew(file);
    expect(conversations).toMatchObject([{ messages: expected }]);
    for (const what of ['IMAGE', 'EMPTY_MESSAGE', 'UNREADABLE_MESSAGE']) expect(countOf(report, what)).toBe(1);
  });
});

describe('one odd item', () => {
  const asked = { role: 'user', content: 'מה השעה?' };
  const answered = { role: 'assistant', content: 'Noon.' };
  const whole = [
    ['USER', 'מה השעה?'],
    ['ASSISTANT', 'Noon.'],
  ];

  it.each<[string, unknown, string]>([
    ['nothing', null, 'UNREADABLE_MESSAGE'],
    ['a word', 'intro', 'UNREADABLE_MESSAGE'],
    ['a message of nobody', { content: 'intro' }, 'UNREADABLE_MESSAGE'],
    ['a message of what all objects have', { role: 'constructor', content: 'intro' }, 'UNREADABLE_MESSAGE'],
    ['what was thought', { type: 'reasoning', summary: [] }, 'REASONING'],
    ['a line of a log', { user: 'noa', message: 'hi' }, 'UNREADABLE_MESSAGE'],
  ])('that is %s costs only itself, wherever it stands', async (_name, odd, what) => {
    for (const messages of [
      [odd, asked, answered],
      [asked, odd, answered],
      [asked, answered, odd],
    ]) {
      for (const file of [messages, { messages }, { data: messages }]) {
        const { report, conversations } = await importNew(file);
        expect(conversations.map(said)).toEqual([whole]);
        expect(report).toMatchObject({ found: 1, notImported: 0 });
        expect(countOf(report, what)).toBe(1);
      }
    }
  });

  it('is a line of JSON lines that is cut off: it is told with its place', async () => {
    const lines = ['one', 'two', 'שלוש'].map((content) => JSON.stringify({ messages: [{ role: 'user', content }] }));
    for (const broken of [0, 1, 2]) {
      const file = lines.map((line, index) => (index === broken ? line.slice(0, -9) : line)).join('\n');
      const { report, conversations } = await importNew(file);
      expect(conversations).toHaveLength(2);
      expect(report).toMatchObject({ found: 3, conversations: 2, notImported: 1 });
      expect(report.problems).toEqual([{ index: broken, title: null, reason: 'This line is no JSON.' }]);
    }
  });
});

describe('a conversation that names its user', () => {
  const messagesOf = (...texts: string[]) =>
    texts.map((text, index) => ({ messageId: `m${index}`, isCreatedByUser: index % 2 === 0, text }));
  const [hi, bye] = [messagesOf('Hi.', 'Hello.'), messagesOf('שלום', 'להתראות')];

  it.each<[string, object[]]>([
    ['LibreChat', [hi, bye].map((messages, index) => ({ conversationId: `c${index}`, user: '64ab0', messages }))],
    [
      'chat messages',
      [hi, bye].map((messages) => ({
        user: '64ab0',
        messages: messages.map(({ isCreatedByUser, text }) => ({
          role: isCreatedByUser ? 'user' : 'assistant',
          content: text,
        })),
      })),
    ],
  ])('is one of %s, and no message', async (_name, list) => {
    for (const file of [list, { conversations: list }, { conversations: [list[0]] }]) {
      const { report, conversations } = await importNew(file);
      const expected = [
        [
          ['USER', 'Hi.'],
          ['ASSISTANT', 'Hello.'],
        ],
        [
          ['USER', 'שלום'],
          ['ASSISTANT', 'להתראות'],
        ],
      ].slice(0, report.found);
      expect(report.found).toBe(Array.isArray(file) ? 2 : file.conversations.length);
      expect(conversations.map(said).sort()).toEqual(expected.sort());
    }
  });

  it('is one among messages, too', async () => {
    const { report } = await importNew([
      { role: 'user', content: 'Hi.' },
      { user: '64ab0', messages: [] },
    ]);
    expect(report.found).toBe(2);
  });
});

describe('the log of a chat between people', () => {
  it.each<[string, unknown]>([
    ['names beside messages', ['נועה', 'Gil'].map((user) => ({ user, message: `hello from ${user}` }))],
    ['Slack', [{ type: 'message', user: 'U024', text: 'hi', ts: '1700000000.000100' }]],
    ['agents', [{ agent: 'desk-2', body: 'How can I help?' }]],
    ['an object with messages', { messages: [{ user: 'noa', text: 'hi' }] }],
  ])('as %s is refused, as nobody in it is a model: no name becomes a message', async (_name, file) => {
    const { job, conversations } = await importNew(file);
    expect(conversations).toEqual([]);
    if (job.status === 'FAILED') expect(job.error.code).toBe('BAD_USER_INPUT');
    else expect(job.result).toMatchObject({ found: 1, conversations: 0, notImported: 1 });
  });

  it('does not touch pairs', async () => {
    const { conversations } = await importNew([{ user: 'Hi.' }, { user: 'And?', agent: 'Well.' }]);
    expect(said(conversations[0])).toEqual([
      ['USER', 'Hi.'],
      ['USER', 'And?'],
      ['ASSISTANT', 'Well.'],
    ]);
  });
});

describe('a file', () => {
  it('that is sent again doubles nothing, and says so; somebody else imports it, too', async () => {
    const file = [
      chatGptConversation('one', 4),
      [{ role: 'user', content: 'without an id' }],
      { messages: [{ role: 'user', content: 'twin' }] },
    ];
    const { ann, report } = await importNew(file);
    expect(report).toMatchObject({ conversations: 3, alreadyThere: 0 });
    const again = await importExport(app.parley.url, ann, [...file, chatGptConversation('two', 2)]);
    expect(again.result).toMatchObject({ found: 4, conversations: 1, messages: 2, alreadyThere: 3 });
    expect(await conversationsOf(ann)).toHaveLength(4);
    expect((await importNew(file)).report).toMatchObject({ conversations: 3 });
  });

  it.each([
    ['no JSON', '{"conversations": ['],
    ['a broken document', '{\n"messages": [\n{"role": "user", "content": "a"},\n{"role": "user", "content": "b"}\n'],
    ['no text in UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    [
      'Hebrew in Windows-1255',
      Buffer.from('[{"role":"user","content":"\xf9\xec\xe5\xed \xec\xeb\xe5\xec\xed"}]', 'latin1'),
    ],
    ['nothing that is known', { users: [{ name: 'x' }] }],
    ['no conversation', []],
  ])('that holds %s fails its job, in words that say what to send', async (_name, file) => {
    const { job, conversations } = await importNew(file);
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
    expect(job.error.message).toMatch(/ChatGPT, Claude, LibreChat or Open WebUI/);
    expect(conversations).toEqual([]);
  });

  it('with NUL, halves of surrogate pairs, a long text and exact numbers is stored', async () => {
    const long = `${'x'.repeat(199_999)}🚢 end`;
    const { conversations } = await importNew(
      `[{"role":"user","content":"a\\u0000b\\ud800"},{"role":"user","content":${JSON.stringify(long)}},
        {"role":"tool","tool_call_id":"t","content":{"id":9007199254740993}}]`,
    );
    const [nul, first, second, tool] = conversations[0].messages;
    expect(nul.content).toBe('a\uFFFDb\uFFFD');
    expect(first.content + second.content).toBe(long);
    expect(tool.role).toBe('TOOL');
  });

  it.each([
    ['a stray byte', Buffer.from('[{"role":"user","content":"a\xffb"}]', 'latin1'), 'a\uFFFDb', 1],
    [
      'two letters of Hebrew that were cut',
      Buffer.concat([
        Buffer.from('[{"role":"user","content":"שלום לכולם, מה שלומכם היום, חברים '),
        Buffer.from([0xd7, 0x20, 0xd7]),
        Buffer.from('"}]'),
      ]),
      'שלום לכולם, מה שלומכם היום, חברים \uFFFD \uFFFD',
      2,
    ],
  ])('in UTF-8 with %s is read, and told', async (_name, file, content, count) => {
    const { report, conversations } = await importNew(file);
    expect(conversations[0].messages).toMatchObject([{ content }]);
    expect(report.passedOver).toEqual([{ what: 'UNREADABLE_CHARACTER', count, names: [] }]);
  });

  it('in UTF-16 is read by its byte order mark', async () => {
    const { conversations } = await importNew(Buffer.from('\uFEFF[{"role":"user","content":"שלום"}]', 'utf16le'));
    expect(conversations[0].messages).toMatchObject([{ content: 'שלום' }]);
  });

  it('of many small conversations is imported whole, in slices', async () => {
    const { report } = await importNew(
      Array.from({ length: 1_000 }, (_, index) => chatGptConversation(`c${index}`, 4)),
    );
    expect(report).toMatchObject({ found: 1_000, conversations: 1_000, messages: 4_000 });
  });
});
