import { describe, expect, it } from 'vitest';
import { answered, asked, counted, importNew as importFor, lines, said, talk } from '../support/exports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const importNew = (file: unknown) => importFor(app, file);

const [question, answer, worse] = [
  { role: 'user', content: asked },
  { role: 'assistant', content: answered },
  { role: 'assistant', content: 'Cold.' },
];

/** A turn of ShareGPT. */
const turn = (from: string, value: string) => ({ from, value });

describe('a training set', () => {
  it.each<[string, object, object?]>([
    ['of Alpaca', { instruction: asked, input: '', output: answered }],
    ['of Alpaca with a system prompt', { instruction: asked, output: answered, system: 'x' }, { SYSTEM_MESSAGE: 1 }],
    ['of Dolly', { instruction: asked, context: '', response: answered, category: 'open_qa' }],
    ['of ms-swift', { query: asked, response: answered, history: [] }],
    ['of XTuner', { conversation: [{ system: 'x', input: asked, output: answered }] }, { SYSTEM_MESSAGE: 1 }],
    ['of UltraChat', { data: [asked, answered] }],
    ['of prompts and completions', { prompt: asked, completion: answered }],
  ])('%s is a conversation for each line', async (_name, item, passedOver = {}) => {
    const { report, conversations } = await importNew(lines(item, item));
    expect(report).toMatchObject({ found: 2, conversations: 2, notImported: 0 });
    expect(conversations.map(said)).toEqual([talk, talk]);
    expect(conversations).toMatchObject([{ metadata: { importedFrom: 'TRAINING_SET' } }, {}]);
    expect(counted(report)).toEqual(Object.fromEntries(Object.entries(passedOver).map(([what]) => [what, 2])));
  });

  it('has the earlier turns before the last one, and what an instruction applies to below it', async () => {
    const { conversations } = await importNew([
      { instruction: 'Translate.', input: 'lake', output: 'אגם', history: [[asked, answered]] },
      { query: 'And now?', response: 'Colder.', history: [[asked, answered]] },
    ]);
    const [first, second] = conversations
      .map(said)
      .sort((one: any, other: any) => other[2][1].length - one[2][1].length);
    expect(first).toEqual([...talk, ['USER', 'Translate.\n\nlake'], ['ASSISTANT', 'אגם']]);
    expect(second).toEqual([...talk, ['USER', 'And now?'], ['ASSISTANT', 'Colder.']]);
  });

  it('is read from a table, too', async () => {
    const { report, conversations } = await importNew(
      `instruction,input,output\n"${asked}",,${answered}\n"${asked}",,Cold.`,
    );
    expect(report).toMatchObject({ found: 2, conversations: 2 });
    expect(conversations.map(said)).toContainEqual(talk);
  });
});

describe('of two answers, the preferred one is imported, and the other is counted', () => {
  it.each<[string, unknown]>([
    ['texts', { prompt: asked, chosen: answered, rejected: 'Cold.' }],
    ['lists of messages', { prompt: asked, chosen: [question, answer], rejected: [question, worse] }],
    ['answers to a list of messages', { prompt: [question], chosen: [answer], rejected: [worse] }],
    [
      'answers within a conversation of ShareGPT',
      { conversations: [turn('human', asked)], chosen: turn('gpt', answered), rejected: turn('gpt', 'Cold.') },
    ],
    [
      'transcripts',
      {
        chosen: `\n\nHuman: ${asked}\n\nAssistant: ${answered}`,
        rejected: `\n\nHuman: ${asked}\n\nAssistant: Cold.`,
      },
    ],
    [
      'conversations of two models',
      {
        question_id: 'q1',
        model_a: 'small',
        model_b: 'large',
        winner: 'model_b',
        conversation_a: [question, worse],
        conversation_b: [question, answer],
      },
    ],
    [
      'responses of two models as JSON texts',
      {
        id: 1,
        prompt: JSON.stringify([asked]),
        response_a: JSON.stringify([answered]),
        response_b: JSON.stringify(['Cold.']),
        winner_model_a: 1,
        winner_model_b: 0,
      },
    ],
  ])('as %s', async (_name, item) => {
    for (const file of [item, [item], lines(item as object)]) {
      const { report, conversations } = await importNew(file);
      expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0 });
      expect(conversations.map(said)).toEqual([talk]);
      expect(counted(report)).toEqual({ OTHER_BRANCH: 1 });
    }
  });

  it('with the model that gave it', async () => {
    const vote = { model_a: 'small', model_b: 'large', winner: 'model_b' };
    const pair = { ...vote, conversation_a: [question, worse], conversation_b: [question, answer] };
    const { conversations } = await importNew([pair]);
    expect(conversations[0].messages[1]).toMatchObject({ content: answered, model: 'large' });
  });

  it('and of a tie the first', async () => {
    const pair = { winner: 'tie', conversation_a: [question, answer], conversation_b: [question, worse] };
    const { conversations } = await importNew([pair]);
    expect(conversations.map(said)).toEqual([talk]);
  });
});

describe('chats of applications on one’s own computer:', () => {
  it('AnythingLLM, as a table, a conversation for each workspace', async () => {
    const { report, conversations } = await importNew(
      [
        'id,username,workspace,prompt,response,sent_at,rating',
        `2,noa,Lakes,"${asked}","${answered}",2026-01-01 10:00:02,GOOD`,
        `3,noa,Hills,"${asked}","{""text"":""${answered}"",""sources"":[]}",2026-01-01 10:00:03,--`,
        '1,noa,Lakes,שלום,Hello,2026-01-01 10:00:01,--',
      ].join('\n'),
    );
    expect(report).toMatchObject({ found: 2, conversations: 2, passedOver: [] });
    expect(conversations.map(said)).toEqual([[['USER', 'שלום'], ['ASSISTANT', 'Hello'], ...talk], talk]);
  });

  it('text-generation-webui', async () => {
    const { conversations } = await importNew({
      internal: [
        ['<|BEGIN-VISIBLE-CHAT|>', 'Hello'],
        [asked, answered],
      ],
      visible: [
        ['', 'Hello'],
        [asked, answered],
      ],
      metadata: { user_1: { timestamp: 'Jan 1, 2026 10:00' } },
    });
    expect(conversations.map(said)).toEqual([[['ASSISTANT', 'Hello'], ...talk]]);
    expect(conversations[0].messages[1].sentAt).toBe('2026-01-01T10:00:00.000Z');
  });

  it('Cline, with what its tools did', async () => {
    const ts = Date.parse('2026-01-01T10:00:00.000Z');
    const { report, conversations } = await importNew([
      { ts, type: 'say', say: 'task', text: asked, images: [] },
      { ts: ts + 1, type: 'say', say: 'api_req_started', text: '{"request":"…"}' },
      { ts: ts + 2, type: 'say', say: 'reasoning', text: 'Hm.' },
      { ts: ts + 3, type: 'say', say: 'tool', text: '{"tool":"readFile","path":"lake.txt"}' },
      { ts: ts + 4, type: 'ask', ask: 'command', text: 'cat lake.txt' },
      { ts: ts + 5, type: 'say', say: 'command_output', text: '22' },
      { ts: ts + 6, type: 'ask', ask: 'followup', text: '{"question":"Which lake?","options":["a"]}' },
      { ts: ts + 7, type: 'say', say: 'user_feedback', text: 'צפוני' },
      { ts: ts + 8, type: 'say', say: 'completion_result', text: answered },
      { ts: ts + 9, type: 'ask', ask: 'completion_result', text: '' },
    ]);
    expect(conversations.map(said)).toEqual([
      [
        ['USER', asked],
        ['ASSISTANT', ''],
        ['ASSISTANT', ''],
        ['TOOL', '22'],
        ['ASSISTANT', 'Which lake?'],
        ['USER', 'צפוני'],
        ['ASSISTANT', answered],
      ],
    ]);
    const [, read, command, output] = conversations[0].messages;
    expect(read.toolCalls).toMatchObject([{ function: { name: 'readFile', arguments: '{"path":"lake.txt"}' } }]);
    expect(command.toolCalls).toMatchObject([{ id: output.toolCallId, function: { name: 'command' } }]);
    expect(counted(report)).toEqual({ HIDDEN_MESSAGE: 2, REASONING: 1 });
  });

  it('Cline’s history of its model', async () => {
    const { report, conversations } = await importNew([
      { role: 'user', content: [{ type: 'text', text: asked }], ts: 1767261600000 },
      { role: 'assistant', content: [{ type: 'text', text: answered }], ts: 1767261601000 },
    ]);
    expect(conversations.map(said)).toEqual([talk]);
    expect(report.passedOver).toEqual([]);
  });
});
