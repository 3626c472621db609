import { describe, expect, it } from 'vitest';
import {
  answered,
  asked,
  chatGptNode,
  chatGptText,
  counted,
  importNew as importFor,
  lines,
  said,
  talk,
} from '../support/exports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const importNew = (file: unknown) => importFor(app, file);

const [question, answer] = [
  { role: 'user', content: asked },
  { role: 'assistant', content: answered },
];

/** When a call began, and seconds after that. */
const begin = Date.parse('2026-01-01T10:00:00.000Z');
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();

const call = { id: 't1', type: 'function', function: { name: 'book', arguments: '{"day":"2026-01-02"}' } };

/** What tools were asked in a call, and what they returned, within what was said. */
const withTool = [
  { role: 'ASSISTANT', content: 'Hello.' },
  { role: 'USER', content: asked },
  { role: 'ASSISTANT', content: '', toolCalls: [call] },
  { role: 'TOOL', content: 'booked', toolCallId: 't1' },
  { role: 'ASSISTANT', content: answered },
];

const words = (start: number) => [{ word: 'x', start, end: start + 0.4 }];

describe('a log of calls of', () => {
  it.each<[string, unknown, object]>([
    [
      'Vapi',
      [
        {
          id: 'call1',
          createdAt: at(0),
          transcript: 'AI: Hello.',
          messages: [
            { role: 'bot', message: 'Hello.', time: begin + 1000, endTime: begin + 2000, secondsFromStart: 1 },
            { role: 'user', message: asked, time: begin + 2000, secondsFromStart: 2 },
            { role: 'tool_calls', message: '', time: begin + 3000, toolCalls: [call] },
            { role: 'tool_call_result', name: 'book', time: begin + 4000, result: 'booked', toolCallId: 't1' },
            { role: 'bot', message: answered, time: begin + 5000, secondsFromStart: 5 },
          ],
          artifact: { messages: [{ role: 'bot', message: 'Hello.' }] },
        },
      ],
      { sourceId: 'OPENAI:call1', messages: [1, 2, 3, 4, 5].map((seconds) => ({ sentAt: at(seconds) })) },
    ],
    [
      'Retell',
      {
        call_id: 'call1',
        start_timestamp: begin,
        transcript: 'Agent: Hello.',
        transcript_object: [{ role: 'agent', content: 'Hello.', words: words(1) }],
        transcript_with_tool_calls: [
          { role: 'agent', content: 'Hello.', words: words(1) },
          { role: 'user', content: asked, words: words(2) },
          { role: 'tool_call_invocation', tool_call_id: 't1', name: 'book', arguments: '{"day":"2026-01-02"}' },
          { role: 'tool_call_result', tool_call_id: 't1', content: 'booked' },
          { role: 'agent', content: answered, words: words(5) },
        ],
      },
      { sourceId: 'OPENAI:call1', messages: [1, 2, 2, 2, 5].map((seconds) => ({ sentAt: at(seconds) })) },
    ],
    [
      'ElevenLabs',
      {
        conversation_id: 'call1',
        metadata: { start_time_unix_secs: begin / 1000 },
        transcript: [
          { role: 'agent', message: 'Hello.', tool_calls: [], tool_results: [], time_in_call_secs: 1 },
          { role: 'user', message: asked, time_in_call_secs: 2 },
          {
            role: 'agent',
            message: null,
            tool_calls: [
              { type: 'client', request_id: 't1', tool_name: 'book', params_as_json: '{"day":"2026-01-02"}' },
            ],
            tool_results: [{ type: 'client', request_id: 't1', tool_name: 'book', result_value: 'booked' }],
            time_in_call_secs: 3,
          },
          { role: 'agent', message: answered, time_in_call_secs: 5 },
        ],
      },
      { sourceId: 'OPENAI:call1', messages: [1, 2, 3, 3, 5].map((seconds) => ({ sentAt: at(seconds) })) },
    ],
  ])('%s is imported with its times, and with what tools did', async (_name, file, { messages, ...about }: any) => {
    const { report, conversations } = await importNew(file);
    expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0, passedOver: [] });
    expect(conversations).toMatchObject([about]);
    expect(conversations[0].messages).toMatchObject(
      withTool.map((message, index) => ({ ...message, ...messages[index] })),
    );
  });

  it.each<[string, unknown, object?]>([
    [
      'Bland',
      {
        call_id: 'b1',
        transcripts: [
          { id: 1, text: asked, user: 'user', c_id: 'b1', created_at: at(1) },
          { id: 2, text: answered, user: 'assistant', c_id: 'b1', created_at: at(2) },
          { id: 3, text: 'Ended the call', user: 'agent-action', c_id: 'b1', created_at: at(3) },
        ],
      },
      { UNREADABLE_MESSAGE: 1 },
    ],
    [
      'Rasa',
      {
        sender_id: 's1',
        events: [
          { event: 'action', name: 'action_listen', timestamp: begin / 1000 },
          { event: 'user', text: asked, timestamp: begin / 1000 + 1, parse_data: { intent: { name: 'ask' } } },
          { event: 'bot', text: answered, timestamp: begin / 1000 + 2, data: {} },
        ],
      },
      { UNREADABLE_MESSAGE: 1 },
    ],
    [
      'Google’s Conversational Insights',
      {
        entries: [
          { start_timestamp_usec: begin * 1000, role: 'CUSTOMER', text: asked, user_id: 1 },
          { start_timestamp_usec: begin * 1000 + 1e6, role: 'AUTOMATED_AGENT', text: answered, user_id: 2 },
        ],
      },
    ],
    [
      'Amazon Connect',
      {
        Participants: [{ ParticipantId: 'a', ParticipantRole: 'AGENT' }],
        Transcript: [
          { ParticipantRole: 'CUSTOMER', Content: asked, AbsoluteTime: at(1), Type: 'MESSAGE' },
          { ParticipantRole: 'AGENT', Content: answered, AbsoluteTime: at(2), Type: 'MESSAGE' },
        ],
      },
    ],
    [
      'the Bot Framework',
      [
        { type: 'message', timestamp: at(1), from: { id: 'u', name: 'You', role: 'user' }, text: asked },
        { type: 'typing', timestamp: at(2), from: { id: 'b', role: 'bot' } },
        { type: 'message', timestamp: at(2), from: { id: 'b', name: 'Lakebot', role: 'bot' }, text: answered },
      ],
      { EMPTY_MESSAGE: 1 },
    ],
  ])('%s is imported by its roles', async (_name, file, passedOver = {}) => {
    const { report, conversations } = await importNew(file);
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual(passedOver);
  });
});

it.each([
  { user: 'assistant', text: answered },
  { event: 'user', text: answered },
])('a log in which somebody is called as a role is, or something as a user, is refused: %j', async (message) => {
  const { job } = await importNew([{ user: 'noa', text: asked }, message]);
  expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
});

describe('what was asked of a model and what it answered', () => {
  const completion = (...messages: object[]) => ({
    id: 'x',
    object: 'chat.completion',
    model: 'gpt-4o',
    choices: messages.map((message, index) => ({ index, message })),
  });
  it.each<[string, unknown, object?]>([
    ['a request and its response', lines({ request: { messages: [question] }, response: completion(answer) })],
    ['messages and choices', { ...completion(answer), messages: [question] }],
    [
      'the response of a batch',
      lines({
        custom_id: 'r',
        request: { body: { messages: [question] } },
        response: { status_code: 200, body: completion(answer) },
      }),
    ],
    [
      'a preference',
      {
        input: { messages: [question] },
        preferred_output: [answer],
        non_preferred_output: [{ role: 'assistant', content: 'Cold.' }],
      },
      { OTHER_BRANCH: 1 },
    ],
    [
      'answers within a question',
      lines({
        message_tree_id: 't1',
        prompt: {
          message_id: 'q',
          role: 'prompter',
          text: asked,
          replies: [
            { message_id: 'a', role: 'assistant', text: 'Cold.', replies: [] },
            { message_id: 'b', role: 'assistant', text: answered, replies: [] },
          ],
        },
      }),
      { OTHER_BRANCH: 1 },
    ],
    ['tracing of all that was said', [{ inputs: { messages: [question] }, outputs: { messages: [question, answer] } }]],
    ['tracing', [{ id: 'trace', input: { messages: [question] }, output: answer }]],
    [
      'OpenAI’s responses',
      {
        input: asked,
        response: {
          object: 'response',
          model: 'gpt-4o',
          output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answered }] }],
        },
      },
    ],
    [
      'Gemini',
      {
        request: { contents: [{ role: 'user', parts: [{ text: asked }] }] },
        response: { candidates: [{ content: { role: 'model', parts: [{ text: answered }] } }] },
      },
    ],
    [
      'several choices',
      { request: { messages: [question] }, response: completion(answer, { role: 'assistant', content: 'Cold.' }) },
      { OTHER_BRANCH: 1 },
    ],
  ])('is one conversation: %s', async (_name, file, passedOver = {}) => {
    const { report, conversations } = await importNew(file);
    expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0 });
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual(passedOver);
  });
});

describe('what tools did is told in the words of', () => {
  const used = [
    ['USER', asked],
    ['ASSISTANT', '', [{ id: 'c1', function: { name: 'warmth', arguments: '{"at":"pier"}' } }]],
    ['TOOL', '', 'c1', { c: 22 }],
    ['ASSISTANT', answered],
  ];
  const givenOf = ({ role, content, toolCalls, toolCallId, toolResult }: any) =>
    role === 'TOOL'
      ? [role, content, toolCallId, toolResult]
      : [role, content, toolCalls?.map(({ id, function: of }: any) => ({ id, function: of }))].filter(
          (value) => value !== undefined,
        );

  it.each<[string, unknown, object?]>([
    [
      'Bedrock',
      {
        messages: [
          { role: 'user', content: [{ text: asked }, { image: { format: 'png', source: { bytes: '' } } }] },
          {
            role: 'assistant',
            content: [
              { reasoningContent: { reasoningText: { text: 'Hm.' } } },
              { toolUse: { toolUseId: 'c1', name: 'warmth', input: { at: 'pier' } } },
            ],
          },
          { role: 'user', content: [{ toolResult: { toolUseId: 'c1', content: [{ json: { c: 22 } }] } }] },
          { role: 'assistant', content: [{ text: answered }, { somethingNew: {} }] },
        ],
      },
      { IMAGE: 1, REASONING: 1, UNKNOWN_CONTENT: 1 },
    ],
    [
      'Gemini, as Python writes them',
      {
        contents: [
          { role: 'user', parts: [{ text: asked }] },
          { role: 'model', parts: [{ text: null, function_call: { id: 'c1', name: 'warmth', args: { at: 'pier' } } }] },
          { role: 'user', parts: [{ function_response: { id: 'c1', name: 'warmth', response: { c: 22 } } }] },
          { role: 'model', parts: [{ text: answered }] },
        ],
      },
    ],
    [
      'LangChain, which has a call twice',
      [
        { type: 'human', content: asked },
        {
          type: 'ai',
          content: [{ type: 'tool_use', id: 'c1', name: 'warmth', input: {} }],
          tool_calls: [{ id: 'c1', name: 'warmth', args: { at: 'pier' }, type: 'tool_call' }],
        },
        { type: 'tool', tool_call_id: 'c1', content: [{ type: 'json', json: { c: 22 } }] },
        { type: 'ai', content: answered, tool_calls: [] },
      ],
    ],
    [
      'the AI SDK, which had the text of parts beside them',
      [
        { role: 'user', content: asked },
        {
          role: 'assistant',
          content: answered,
          toolInvocations: [
            { state: 'result', toolCallId: 'c1', toolName: 'warmth', args: { at: 'pier' }, result: { c: 22 } },
          ],
          parts: [
            {
              type: 'tool-invocation',
              toolInvocation: {
                state: 'result',
                toolCallId: 'c1',
                toolName: 'warmth',
                args: { at: 'pier' },
                result: { c: 22 },
              },
            },
            { type: 'text', text: answered },
          ],
        },
      ],
    ],
    [
      'OpenCode',
      {
        info: { id: 's1', title: 'Lake' },
        messages: [
          { info: { role: 'user', time: { created: begin } }, parts: [{ type: 'text', text: asked }] },
          {
            info: { role: 'assistant', modelID: 'gpt-4o', time: { created: begin } },
            parts: [
              { type: 'step-start' },
              { type: 'tool', tool: 'warmth', callID: 'c1', state: { input: { at: 'pier' }, output: { c: 22 } } },
              { type: 'text', text: answered },
              { type: 'step-finish' },
            ],
          },
        ],
      },
    ],
    [
      'LobeChat, whose calls are tools',
      {
        messages: [
          { role: 'user', content: asked },
          { role: 'assistant', content: '', tools: [{ id: 'c1', apiName: 'warmth', arguments: '{"at":"pier"}' }] },
          { role: 'tool', tool_call_id: 'c1', content: { c: 22 } },
          { role: 'assistant', content: answered },
        ],
      },
    ],
    [
      'OpenAI’s responses',
      [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: asked }] },
        { type: 'custom_tool_call', call_id: 'c1', name: 'warmth', input: '{"at":"pier"}' },
        { type: 'custom_tool_call_output', call_id: 'c1', output: { c: 22 } },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answered }] },
      ],
    ],
  ])('%s', async (name, file, passedOver = {}) => {
    const { report, conversations } = await importNew(file);
    const expected = name.startsWith('LangChain')
      ? used.map(([role, content, ...more]) =>
          role === 'TOOL' ? [role, '{"c":22}', 'c1', null] : [role, content, ...more],
        )
      : used;
    expect(conversations[0].messages.map(givenOf)).toEqual(expected);
    expect(counted(report)).toEqual(passedOver);
  });
});

describe('a session of an agent for code', () => {
  it('of Claude Code is what its user has seen: agents below it and hidden messages are passed over', async () => {
    const line = (uuid: string, parentUuid: string | null, message: object, more: object = {}) => ({
      uuid,
      parentUuid,
      sessionId: 's1',
      isSidechain: false,
      type: 'user',
      message,
      ...more,
    });
    const { report, conversations } = await importNew(
      lines(
        { type: 'summary', summary: 'Lake', leafUuid: '3' },
        line('1', null, { role: 'user', content: 'caveat' }, { isMeta: true, timestamp: at(0) }),
        line('2', '1', question, { timestamp: at(1) }),
        line('a', null, { role: 'user', content: 'Look it up.' }, { isSidechain: true, timestamp: at(8) }),
        line('b', 'a', { role: 'assistant', content: 'Cold.' }, { isSidechain: true, timestamp: at(9) }),
        line('3', '2', answer, { type: 'assistant', timestamp: at(2) }),
      ),
    );
    expect(conversations).toMatchObject([{ title: 'Lake', sourceId: 'OPENAI:s1' }]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual({ OTHER_BRANCH: 2, HIDDEN_MESSAGE: 1, UNREADABLE_MESSAGE: 1 });
  });

  it('of Codex has the id of the session, and not what is told of where it runs', async () => {
    const item = (payload: object) => ({ type: 'response_item', timestamp: at(1), payload });
    const { report, conversations } = await importNew(
      lines(
        { type: 'session_meta', timestamp: at(0), payload: { id: 's1', cwd: '/' } },
        item({
          type: 'message',
          role: 'user',
          content: [{ type: 'input_text', text: '<environment_context>\n</environment_context>' }],
        }),
        item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: asked }] }),
        item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answered }] }),
      ),
    );
    expect(conversations).toMatchObject([{ sourceId: 'OPENAI:s1' }]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual({ HIDDEN_MESSAGE: 1, UNREADABLE_MESSAGE: 1 });
  });
});

describe('an export of', () => {
  it('ChatGPT has names, links and formulas that are shown in place of marks', async () => {
    const mark = (...held: string[]) => `\uE200${held.join('\uE202')}\uE201`;
    const text = `At ${mark('entity', '["place","Lake Hula","Galilee"]')}, by ${mark('url', 'the park', 'https://example.com/hula')} and ${mark('link_title', 'its page', 'turn0search1')}, \uE203it is warm\uE204 ${mark('cite', 'turn0search0', 'turn0search3')}: ${mark('genui', '{"math_block":{"content":"t=22"}}')} ${mark('shown', 'turn0x1')}${mark('i', 'turn0image0')}${mark('products', 'x')}`;
    const references = [{ matched_text: mark('shown', 'turn0x1'), type: 'alt_text', alt: '(measured)' }];
    const mapping = {
      ...chatGptNode('a', null, chatGptText(asked)),
      ...chatGptNode('b', 'a', {
        author: { role: 'assistant' },
        ...chatGptText(text),
        metadata: { content_references: references },
      }),
    };
    const { report, conversations } = await importNew([{ conversation_id: 'c', mapping, current_node: 'b' }]);
    expect(said(conversations[0])[1][1]).toBe(
      'At Lake Hula, by [the park](https://example.com/hula) and its page, it is warm: \\[t=22\\] (measured)',
    );
    expect(report.passedOver).toEqual([
      { what: 'IMAGE', count: 1, names: ['i'] },
      { what: 'UNKNOWN_CONTENT', count: 1, names: ['products'] },
    ]);
  });

  it('Claude has texts that were pasted as what was said, and files passed over', async () => {
    const message = { uuid: '1', sender: 'human', text: '', content: [{ type: 'text', text: '' }] };
    const pasted = { file_name: '', file_type: 'txt', extracted_content: asked };
    const { report, conversations } = await importNew([
      {
        uuid: 'c1',
        chat_messages: [
          { ...message, attachments: [pasted, { ...pasted, file_name: 'lake.csv' }] },
          { uuid: '2', sender: 'assistant', text: answered, content: [{ type: 'text', text: answered }] },
        ],
      },
    ]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(report.passedOver).toEqual([{ what: 'ATTACHMENT', count: 1, names: ['lake.csv'] }]);
  });

  it('OpenAI’s realtime sessions has the transcripts of what was said', async () => {
    const item = (role: string, type: string, transcript: string) => ({
      type: 'message',
      role,
      content: [{ type, transcript, audio: null }],
    });
    const { report, conversations } = await importNew([
      item('user', 'input_audio', asked),
      item('assistant', 'output_audio', answered),
    ]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual({ AUDIO: 2 });
  });

  it('Grok has no citations in its texts, and images in them are passed over', async () => {
    const card = (type: string) =>
      `<grok:render card_id="x" type="render_${type}"><argument name="id">0</argument></grok:render>`;
    const message = (sender: string, text: string) => ({ response: { sender, message: text } });
    const { report, conversations } = await importNew({
      conversations: [
        {
          conversation: { id: 'g1' },
          responses: [
            message('human', asked),
            message('assistant', `${answered}${card('inline_citation')}${card('searched_image')}`),
          ],
        },
      ],
    });
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual({ IMAGE: 1 });
  });

  it('SillyTavern has what is hidden from the model passed over', async () => {
    const { report, conversations } = await importNew(
      lines(
        { is_user: true, mes: asked },
        { is_user: false, is_system: true, mes: 'hidden' },
        { is_user: false, mes: answered },
      ),
    );
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual({ HIDDEN_MESSAGE: 1 });
  });

  it('HuggingChat has the branch that ends last, by the ancestors of its messages', async () => {
    const message = (id: string, from: string, content: string, ancestors: string[]) => ({
      id,
      from,
      content,
      ancestors,
    });
    const { report, conversations } = await importNew({
      conversations: [
        {
          title: 'Lake',
          messages: [
            message('q', 'user', asked, []),
            message('a', 'assistant', 'Cold.', ['q']),
            message('b', 'assistant', answered, ['q']),
          ],
        },
      ],
    });
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual({ OTHER_BRANCH: 1 });
  });

  it('Gemini in another language has prompts without what Takeout writes before each', async () => {
    const entry = (title: string, minutes: number) => ({
      header: 'Gemini-Apps',
      title: `Eingegebener Prompt: ${title}`,
      time: at(60 * minutes),
      products: ['Gemini-Apps'],
      safeHtmlItem: [{ html: `<p>${answered}</p>` }],
    });
    const { conversations } = await importNew([entry('Danke: gut!', 2), entry(asked, 1)]);
    expect(conversations.map(said)).toEqual([[...talk, ['USER', 'Danke: gut!'], ['ASSISTANT', answered]]]);
  });
});

describe('a chat of WhatsApp is refused by its name', () => {
  it.each([
    '[\u200F12.3.2024, 14:05:22] נועה: היי',
    '[2024/3/12 下午2:05:22] 雅: 你好',
    '2024. 3. 12. 오후 2:05, 노아 : 안녕',
    '١٢/٣/٢٠٢٤، ٢:٠٥ م - نور: مرحبا',
    '12/3/2024 kl. 14.05 - Ola: hei',
    '12/3/24, 2:05\u202Fp.\u00A0m. - Ana: hola',
  ])('%s', async (line) => {
    const ann = await app.user();
    const { job } = await importFor({ user: async () => ann, parley: app.parley }, `${line}\n${line}\n`);
    expect(job).toMatchObject({ status: 'FAILED', error: { message: expect.stringMatching(/WhatsApp/) } });
  });

  it('as one of Twilio, in which a bot takes part', async () => {
    const message = (author: string, body: string) => ({ sid: 'IM1', conversation_sid: 'CH1', author, body });
    const { job } = await importNew({ messages: [message('+972522345678', asked), message('bot', answered)] });
    expect(job).toMatchObject({ status: 'FAILED', error: { message: expect.stringMatching(/Twilio/) } });
  });
});
