import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openLog } from '#adapters/log.ts';
import type { ModelReport } from '#adapters/model/model-messages.ts';
import { createModelClient } from '#domain/core/model-clients.ts';
import { failsWith, type Script, says, useModelServer } from '../support/model-server.ts';
import { skipPauses } from './skip-pauses.ts';

const server = await useModelServer();
const log = openLog('silent');
const open = (limits: { timeoutMs?: number; firstTokenTimeoutMs?: number } = {}) =>
  createModelClient(
    {
      baseUrl: server.url,
      name: 'asked-for',
      alternatives: [],
      apiKey: null,
      timeoutMs: 2_000,
      firstTokenTimeoutMs: 10_000,
      ...limits,
    },
    log,
  );
const pauses = skipPauses(log);
beforeEach(() => {
  server.chats.length = 0;
});

type Answer = { text: string; error?: unknown } & Partial<ModelReport>;

/** All that is said, what is known of it, and how it failed. */
async function ask(from = open()): Promise<Answer> {
  const model = await from;
  const words = model.stream([{ role: 'user', content: 'Who?' }], { signal: new AbortController().signal });
  let text = '';
  try {
    for (;;) {
      const { done, value } = await words.next();
      if (done) return { text, ...value };
      text += value;
    }
  } catch (error) {
    return { text, error };
  }
}

async function askFor(content: string, model: Awaited<ReturnType<typeof open>>): Promise<void> {
  const words = model.stream([{ role: 'user', content }], { signal: new AbortController().signal });
  await words.next().catch(() => null);
}

const UNAVAILABLE = expect.objectContaining({ code: 'UNAVAILABLE' });
const REFUSED = expect.objectContaining({ code: 'MODEL_REFUSED' });

/** Sends a body in one piece, and ends it. */
const sends =
  (body: string, contentType?: string): Script =>
  async (turn) => {
    await turn.raw(body, contentType);
    turn.close();
  };
/** Sends a body in pieces of so many bytes, each by itself. */
const drips =
  (body: string, size: number): Script =>
  async (turn) => {
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += size) await turn.raw(bytes.subarray(at, at + size));
    turn.close();
  };
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, finish_reason: string | null = null) =>
  data({ choices: [{ index: 0, delta: fields, finish_reason }] });
const stream = (...deltas: object[]) => `${deltas.map((fields) => delta(fields)).join('')}data: [DONE]\n\n`;
const spoken = (...pieces: string[]) => stream(...pieces.map((content) => ({ content })));

describe('an answer has ended', () => {
  it.each<[string, string]>([
    ['with [DONE] and no reason', `${delta({ content: 'Whole.' })}data: [DONE]\n\n`],
    ['with [DONE] behind a reason that is empty', `${delta({ content: 'Whole.' }, '')}data: [DONE]\n\n`],
    ['with the body', delta({ content: 'Whole.' })],
    ['with [DONE], no event parted from the next by an empty line', spoken('Who', 'le.').replaceAll('\n\n', '\n')],
    ['with the body, its last event without an empty line', delta({ content: 'Whole.' }).trimEnd()],
    ['with the reason, whatever comes behind it', `${delta({ content: 'Whole.' }, 'stop')}data: {"er`],
    ['with the reason in the event of its last word', delta({ content: 'Whole.' }, 'stop')],
    [
      'with the last of several reasons, as Gemini gives one in each chunk',
      `${delta({ content: 'Wh' }, 'stop')}${delta({ content: 'ol' }, 'stop')}${delta({ content: 'e.' }, 'stop')}data: [DONE]\n\n`,
    ],
    [
      'with the body, though a reason came before',
      `${delta({ content: 'Who' })}${delta({}, 'stop')}${delta({ content: 'le.' })}`,
    ],
    [
      'with a reason, though the message in its event repeats the whole answer',
      `${delta({ content: 'Who' })}${delta({ content: 'le.' })}${data({ choices: [{ message: { content: 'Whole.' }, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
    ],
    [
      'with the reason, though the whole answer is repeated behind it',
      `${delta({ content: 'Who' })}${delta({ content: 'le.' }, 'stop')}${data({ choices: [{ message: { content: 'Whole.' }, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
    ],
    [
      'with [DONE], though a message in an event of its own repeats the whole answer',
      `${delta({ content: 'Whole.' })}${data({ choices: [{ message: { content: 'Whole.' } }] })}data: [DONE]\n\n`,
    ],
    [
      'not with a reason before its first word, as Open WebUI gives one for reasoning',
      `${delta({ content: '' }, 'stop')}${delta({ reasoning_content: '' }, 'stop')}${delta({ content: 'Whole.' })}${delta({}, 'stop')}`,
    ],
    ['behind calls of tools that nobody has asked for', `${delta({ content: 'Whole.' })}${delta({}, 'tool_calls')}`],
  ])('%s', async (_, body) => {
    server.answer(sends(body));
    expect(await ask()).toMatchObject({ text: 'Whole.', reasoning: null });
    expect(server.chats).toHaveLength(1);
  });

  it.each<[string, Script]>([
    ['in the middle of the body', (turn) => turn.raw(delta({ content: 'Half' })).then(turn.cut)],
    ['in the middle of an event', sends(`${delta({ content: 'Half' })}data: {"choices":[{"del`)],
    [
      'after text that follows a reason',
      (turn) => turn.raw(`${delta({ content: 'Ha' }, 'stop')}${delta({ content: 'lf' })}`).then(turn.cut),
    ],
  ])('but not where it is cut off %s', async (_, script) => {
    server.answer(script);
    expect(await ask()).toEqual({ text: 'Half', error: UNAVAILABLE });
  });

  it.each<[string, string, string]>([
    [
      'in messages, of which one is all that was said before',
      `${['ha', 'ha', '!'].map((content) => data({ choices: [{ message: { content } }] })).join('')}data: [DONE]\n\n`,
      'haha!',
    ],
    [
      'in white space behind the reason',
      `${delta({ content: 'Whole.' }, 'stop')}${delta({ content: '\n' })}`,
      'Whole.\n',
    ],
  ])('%s', async (_, body, text) => {
    server.answer(sends(body));
    expect(await ask()).toMatchObject({ text, reasoning: null });
  });

  it.each([
    ['content_filter', REFUSED],
    ['error', UNAVAILABLE],
  ])('but not where %s follows the reason, in an event without text', async (reason, error) => {
    server.answer(sends(`${delta({ content: 'Half' }, 'stop')}${delta({}, reason)}data: [DONE]\n\n`));
    expect(await ask()).toEqual({ text: 'Half', error });
  });

  it('with the reason, though the connection breaks behind it', async () => {
    server.answer((turn) => turn.raw(delta({ content: 'Whole.' }, 'stop')).then(turn.cut));
    expect(await ask()).toMatchObject({ text: 'Whole.' });
  });

  it('has no text where only tools are called', async () => {
    server.answer(sends(delta({ content: null, tool_calls: [{ index: 0, function: { name: 'x' } }] }, 'tool_calls')));
    expect(await ask()).toEqual({ text: '', error: UNAVAILABLE });
  });
});

const USAGE = { usage: { prompt_tokens: 5, completion_tokens: 2 } };
const WHOLE = { model: 'm-1', choices: [{ message: { role: 'assistant', content: 'Blue.' }, finish_reason: 'stop' }] };

describe('a response is understood', () => {
  const lines = (end: string) =>
    [
      ': hello',
      '',
      'event: message',
      'id: 1',
      `data:${JSON.stringify({ choices: [{ delta: { content: 'Bl' } }] })}`,
      '',
    ]
      .concat(['retry: 3', 'data: {"choices":[{"delta":', 'data: {"content":"ue."}}]}', '', 'data: [DONE]', '', ''])
      .join(end);

  it.each<[string, Script]>([
    ['with LF', sends(lines('\n'))],
    ['with CRLF', sends(lines('\r\n'))],
    ['with CR alone', sends(lines('\r'))],
    ['with CRLF that is cut apart', drips(lines('\r\n'), 1)],
    ['behind a byte order mark', drips(`\ufeff${spoken('Blue.')}`, 2)],
    ['with an empty first list of choices', sends(data({ choices: [], prompt_filter_results: [] }) + spoken('Blue.'))],
    [
      'with nulls',
      sends(data({ choices: [{ delta: null }] }) + stream({ role: 'assistant', content: null }, { content: 'Blue.' })),
    ],
    ['with events that keep it alive', sends(`event: ping\ndata: now\n\ndata:\n\n${spoken('Blue.')}`)],
    ['with its usage alone at the end', sends(delta({ content: 'Blue.' }, 'stop') + data({ choices: [], ...USAGE }))],
    ['as one JSON document', sends(JSON.stringify(WHOLE), 'application/json')],
    ['as one JSON document on many lines', drips(JSON.stringify(WHOLE, null, 2), 7)],
    [
      'as JSON lines',
      sends(
        `${JSON.stringify({ choices: [{ delta: { content: 'Bl' } }] })}\n${JSON.stringify({ choices: [{ delta: { content: 'ue.' } }] })}\n`,
        'application/x-ndjson',
      ),
    ],
    [
      'as Ollama says it',
      sends(
        `${JSON.stringify({ message: { content: 'Blue.' }, done: false })}\n${JSON.stringify({ message: { content: '' }, done: true, done_reason: 'stop' })}`,
      ),
    ],
    [
      'in parts',
      sends(stream({ content: [{ type: 'text', text: 'Bl' }] }, { content: { type: 'output_text', text: 'ue.' } })),
    ],
    [
      'in parts among others',
      sends(stream({ content: [{ type: 'reference', reference_ids: [1] }, 'Bl', { type: 'text', text: 'ue.' }] })),
    ],
    ['among events that are no JSON', sends(`data: undefined\n\ndata: ping\n\ndata: OK\n\n${spoken('Bl', 'ue.')}`)],
    ['with an end in small letters', sends(`${delta({ content: 'Blue.' })}data: [done]\n\ndata: {"er`)],
    ['with an end in quotes', sends(`${delta({ content: 'Blue.' })}data: "[DONE]"\n\ndata: {"er`)],
    ['as a list of one document', sends(JSON.stringify([WHOLE]))],
    [
      'as a list of events on many lines',
      drips(
        JSON.stringify(
          ['Bl', 'ue.'].map((content) => ({ choices: [{ delta: { content } }] })),
          null,
          2,
        ),
        5,
      ),
    ],
    ['with marks around it', sends(spoken('<|channel|>fin', 'al<|message|>Blue.<|ret', 'urn|>'))],
    [
      'with marks before the one who speaks',
      drips(spoken('<|start|>assistant<|channel|>final<|message|>Blue.<|end|>'), 3),
    ],
    ['with the mark of ChatML behind it', sends(spoken('Blue.<|im', '_end|>'))],
    ['with the mark of Llama behind it', drips(spoken('Blue.<|eot_id|>'), 3)],
    [
      'as completions that are no chat’s',
      sends(
        data({ choices: [{ index: 0, text: 'Blue', finish_reason: null }] }) +
          data({ choices: [{ text: '.', finish_reason: 'stop' }] }),
      ),
    ],
    [
      'twice, in a text and in a delta',
      sends(data({ choices: [{ index: 0, text: 'Blue.', delta: { content: 'Blue.' }, finish_reason: 'eos' }] })),
    ],
    [
      'among answers that nobody asked for',
      sends(
        data({ choices: [{ index: 1, delta: { content: 'Red.' } }] }) +
          data({
            choices: [
              { index: 1, delta: { content: 'Red.' } },
              { index: 0, delta: { content: 'Blue.' }, finish_reason: 'stop' },
            ],
          }),
      ),
    ],
    ['as a refusal', sends(stream({ content: '', refusal: 'Blue.' }))],
    [
      'beside calls of tools',
      sends(stream({ content: 'Blue.', tool_calls: [{ index: 0, function: { arguments: '{}' } }] })),
    ],
  ])('%s', async (_, script) => {
    server.answer(script);
    expect(await ask()).toMatchObject({ text: 'Blue.', reasoning: null });
    expect(server.chats).toHaveLength(1);
  });

  it.each<[string, Script]>([
    [
      'of OpenAI',
      sends(`${delta({ content: 'Blue.' }, 'stop')}${data({ model: 'm-1', choices: [], ...USAGE })}data: [DONE]\n\n`),
    ],
    ['of a whole document', sends(JSON.stringify({ ...WHOLE, ...USAGE }))],
    [
      'of Ollama',
      sends(`{"model":"m-1","message":{"content":"Blue."},"done":true,"prompt_eval_count":5,"eval_count":2}\n`),
    ],
  ])('with the figures %s', async (_, script) => {
    server.answer(script);
    expect(await ask()).toMatchObject({ text: 'Blue.', model: 'm-1', tokensInput: 5, tokensOutput: 2 });
  });

  it.each([1, 2, 3, 5, 7])('in Hebrew, in pieces of %i bytes that end inside of characters', async (size) => {
    server.answer(drips(spoken('<think>מה הצבע?', '</think>', '\n\nכחול, 😀 ', 'כמו הים.'), size));
    expect(await ask()).toMatchObject({ text: 'כחול, 😀 כמו הים.', reasoning: 'מה הצבע?' });
  });
});

describe('what a model thinks is no part of the answer', () => {
  const THOUGHT = 'Sky, then sea.';
  it.each<[string, string]>([
    ['in tags', spoken(`<think>\n${THOUGHT}\n</think>\n\nBlue.`)],
    ['in tags cut apart', spoken('\n', '<th', 'ink', '>Sky, ', 'then sea.<', '/thi', 'nk>', '\n', '\nBl', 'ue.')],
    ['in other tags', spoken(`<Thinking>${THOUGHT}</Thinking>Blue.`)],
    [
      'in tags that come often',
      spoken('<think>Sky, ', '</think>', '<think></think>'.repeat(20_000), '<think>then sea.</think>Blue.'),
    ],
    ['in tags with attributes', spoken('<think dura', `tion="3">${THOUGHT}</th`, 'ink>Blue.')],
    ['in tags for reasoning', spoken('<reason', `ing>${THOUGHT}</reasoning>`, '\nBlue.')],
    [
      'in a comment of gpt-oss',
      spoken(
        `<|channel|>commentary<|message|>${THOUGHT}<|end|>`,
        '<|start|>assistant<|channel|>final<|message|>Blue.<|return|>',
      ),
    ],
    ['as Magistral has it', spoken('[TH', `INK]${THOUGHT}[/THI`, 'NK]', 'Blue.')],
    ['as Seed has it', spoken(`<seed:think>${THOUGHT}</seed:think>Blue.`)],
    ['as Kimi has it', spoken(`◁think▷${THOUGHT}◁/think▷`, 'Blue.')],
    [
      'as gpt-oss has it',
      spoken(
        '<|channel|>analysis<|message|>',
        `${THOUGHT}<|end|><|start|>`,
        'assistant<|channel|>final<|message|>Blue.',
      ),
    ],
    ['in one piece, up to a tag that nothing opens', spoken(`${THOUGHT}\n</think>\n\n`, 'Blue.')],
    [
      'in a whole document, up to a tag that nothing opens',
      JSON.stringify({ choices: [{ message: { content: `${THOUGHT}</think>Blue.` } }] }),
    ],
    [
      'in a field, with a tag that nothing opens before the answer',
      stream({ reasoning_content: THOUGHT }, { content: '\n</think>' }, { content: '\n\nBlue.' }),
    ],
    ['in tags that come twice', spoken('<think>Sky, ', '</think>\n<think>', 'then sea.</think>', 'Blue.')],
    [
      'as DeepSeek has it',
      stream(
        { content: null, reasoning_content: 'Sky, ' },
        { reasoning_content: 'then sea.' },
        { content: '\n\nBlue.' },
      ),
    ],
    ['as Groq and vLLM have it', stream({ reasoning: THOUGHT }, { content: 'Blue.', reasoning: null })],
    [
      'as OpenRouter has it',
      stream(
        { content: '', reasoning: THOUGHT, reasoning_details: [{ type: 'reasoning.text', text: THOUGHT }] },
        { content: 'Blue.' },
      ),
    ],
    [
      'in details alone',
      stream(
        {
          reasoning_details: [
            { type: 'reasoning.summary', summary: 'Sky, ' },
            { type: 'reasoning.encrypted', data: 'x' },
          ],
        },
        { reasoning_details: [{ text: 'then sea.' }] },
        { content: 'Blue.' },
      ),
    ],
    [
      'as Mistral has it',
      stream(
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: THOUGHT }] }] },
        { content: [{ type: 'text', text: 'Blue.' }] },
      ),
    ],
    [
      'in a whole document',
      JSON.stringify({ choices: [{ message: { content: 'Blue.', reasoning_content: THOUGHT } }] }),
    ],
    [
      'as Ollama has it',
      `{"message":{"content":"","thinking":"${THOUGHT}"}}\n{"message":{"content":"Blue."},"done":true}`,
    ],
  ])('%s', async (_, body) => {
    server.answer(sends(body));
    expect(await ask()).toMatchObject({ text: 'Blue.', reasoning: THOUGHT });
  });

  const start = (channel: string) => `<|start|>assistant<|channel|>${channel}<|message|>`;
  const blocks = [
    `<|channel|>analysis<|message|>Sky.<|end|>${start('commentary to=functions.look <|constrain|>json')}{}<|call|>`,
    `<|start|>functions.look to=assistant<|channel|>commentary<|message|>Sea.<|end|>${start('analysis')}So blue.`,
    `<|end|>${start('final <|constrain|>text')}Blue.<|return|>`,
  ].join('');
  it.each([1, 2, 3, 5, 8, 13, 400])('in several channels of gpt-oss, in pieces of %i characters', async (size) => {
    const pieces = Array.from({ length: Math.ceil(blocks.length / size) }, (_, at) =>
      blocks.slice(at * size, (at + 1) * size),
    );
    server.answer(sends(spoken(...pieces)));
    expect(await ask()).toMatchObject({ text: 'Blue.', reasoning: 'Sky.\n\n{}\n\nSea.\n\nSo blue.' });
  });

  it.each<[string, string, string, string]>([
    [
      'in a field that keeps the marks',
      stream(
        { reasoning_content: '<|channel|>ana' },
        { reasoning_content: 'lysis<|message|>Sky.<|e' },
        { reasoning_content: 'nd|>' },
        { content: '<|start|>assist' },
        { content: 'ant<|channel|>final<|message|>Blue.' },
      ),
      'Blue.',
      'Sky.',
    ],
    [
      'between two parts of an answer',
      spoken(
        `${start('analysis')}Sky.<|end|>${start('final')}Blue`,
        `<|end|>${start('analysis')}Sea.`,
        `<|end|>${start('final')}.`,
      ),
      'Blue.',
      'Sky.\n\nSea.',
    ],
    [
      'up to a header that is cut off',
      spoken(`${start('analysis')}Sky.<|end|>${start('final')}Blue.<|end|><|start|>assistant<|chan`),
      'Blue.',
      'Sky.',
    ],
    [
      'though the answer quotes marks in code',
      spoken(`${start('analysis')}Sky.<|end|>${start('final')}\`<|end|>${start('final')}\``, ' a < b.'),
      `\`<|end|>${start('final')}\` a < b.`,
      'Sky.',
    ],
  ])('in channels of gpt-oss, %s', async (_, body, text, reasoning) => {
    server.answer(sends(body));
    expect(await ask()).toMatchObject({ text, reasoning });
  });

  it.each([
    ['in code', '```html\n<think>quoted</think>\n```'],
    ['in a sentence', 'The tag <think> begins a thought, </think> ends it.'],
    ['behind a thought', '<b>Blue</b> <think>quoted</think>', '<think>Hm.</think>'],
    ['that ends nothing', 'The marks <|return|> and <|end|> end an answer; a < b.'],
    ['in a sentence about ChatML', 'A turn ends with <|im_end|> there.'],
    ['with attributes, that is another', '<thinker name="x">Rodin</thinker>'],
    ['that is another', '<thinker>Rodin</thinker>'],
    ['that is a word of its own', '<thought experiment> A cat in a box.'],
    ['that is a word of its own, in Hebrew', '<thought ניסוי> חתול בתיבה.'],
    ['that ends a block of code', 'It ends so:\n```\n<|start|>system\n<|end|>'],
    ['that ends code in a line', 'המודל מסיים ב `x` וב `<|end|>'],
    ['that is never whole', '<thin'],
    ['of Harmony, at its beginning', '<|channel|> is a mark of Harmony; <|message|> ends a header.'],
    ['that nothing opens, in a line', 'Write </think> to end a thought.'],
    ['that nothing opens, in code', '`</think>` ends it.\n```\nHm.\n</think>\n```\n'],
  ])('but a tag is %s', async (_, text, thought = '') => {
    server.answer(sends(spoken(...thought, ...text)));
    expect(await ask()).toMatchObject({ text });
  });

  describe('where the prompt opens it', () => {
    const UNOPENED = spoken('המשתמש ', 'רוצה צבע.', '\n</thi', 'nk>', '\n\n', 'כחול.');
    const ANSWER = { text: 'כחול.', reasoning: 'המשתמש רוצה צבע.' };

    it('the request that shows it is made again, and the next ones hold it back', async () => {
      const model = open();
      server.answer(sends(UNOPENED));
      expect(await ask(model)).toEqual({ text: expect.stringContaining('המשתמש רוצה צבע.'), error: UNAVAILABLE });
      expect(await ask(model)).toMatchObject(ANSWER);
      expect(await ask(model)).toMatchObject(ANSWER);
      expect(server.chats).toHaveLength(3);
    });

    it('until a response has none', async () => {
      const model = open();
      server.answer(sends(UNOPENED));
      await ask(model);
      server.answer(sends(spoken('Blue', ' and ', 'green.')));
      expect(await ask(model)).toMatchObject({ text: 'Blue and green.', reasoning: null });
      server.answer(sends(UNOPENED));
      expect(await ask(model)).toMatchObject({ error: UNAVAILABLE });
    });
  });

  it('where it never ends, and there is no answer', async () => {
    server.answer(sends(spoken('<think>', 'Sky, then', ' sea')));
    expect(await ask()).toEqual({ text: '', error: UNAVAILABLE });
    server.answer(sends(delta({ content: '<think>Sky' }) + delta({}, 'length')));
    expect(await ask()).toEqual({ text: '', error: REFUSED });
  });

  it('and is kept as far as 50,000 characters', async () => {
    server.answer(
      sends(stream(...Array.from({ length: 20 }, () => ({ reasoning: 'x'.repeat(5_000) })), { content: 'Blue.' })),
    );
    expect(await ask()).toMatchObject({ text: 'Blue.', reasoning: `${'x'.repeat(50_000)}…` });
  });
});

describe('silence', () => {
  beforeEach(() => void vi.useRealTimers());
  const comments =
    (count: number, then: Script): Script =>
    async (turn) => {
      for (let n = 0; n < count; n += 1) {
        await turn.raw(': PROCESSING\n\n');
        await sleep(100);
      }
      await then(turn);
    };

  it('is none while comments come', async () => {
    server.answer(comments(15, says('Blue.')));
    expect(await ask(open({ timeoutMs: 1_000 }))).toMatchObject({ text: 'Blue.' });
    expect(server.chats).toHaveLength(1);
  });

  it('is none while events without a word come, or a model thinks', async () => {
    server.answer(async (turn) => {
      for (let n = 0; n < 15; n += 1) {
        await turn.raw(n % 2 ? delta({ reasoning: 'Hm. ' }) : delta({}));
        await sleep(100);
      }
      says('Blue.')(turn);
    });
    expect(await ask(open({ timeoutMs: 1_000, firstTokenTimeoutMs: 1_000 }))).toMatchObject({ text: 'Blue.' });
    expect(server.chats).toHaveLength(1);
  });

  it('ends an answer that has had a reason for its end', async () => {
    server.answer((turn) => turn.raw(delta({ content: 'Blue.' }, 'stop')));
    expect(await ask(open({ timeoutMs: 60_000 }))).toMatchObject({ text: 'Blue.' });
    expect(server.chats).toHaveLength(1);
  });

  it('ends an answer behind white space that follows the reason', async () => {
    server.answer((turn) => turn.raw(`${delta({ content: 'Blue.' }, 'stop')}${delta({ content: ' ' })}`));
    expect(await ask(open({ timeoutMs: 60_000 }))).toMatchObject({ text: 'Blue. ', reasoning: null });
    expect(server.chats).toHaveLength(1);
  });

  it('is what comments are in the long run', async () => {
    server.answer(says('Blue.'));
    server.answerNext(comments(1_000, () => {}));
    expect(await ask(open({ timeoutMs: 1_000, firstTokenTimeoutMs: 1_200 }))).toMatchObject({ text: 'Blue.' });
    expect(server.chats).toHaveLength(2);
  });
});

describe('an endpoint that does not come to an end', () => {
  const floods =
    (piece: string, beginning = '', status = 200): Script =>
    async (turn) => {
      let gone = false;
      void turn.gone.then(() => (gone = true));
      void turn.raw(beginning, 'text/event-stream', status);
      while (!gone) await Promise.race([turn.raw(piece), turn.gone]);
    };

  it.each<[string, Script]>([
    ['with one line', floods('x'.repeat(100_000), 'data: {"choices":[{"delta":{"content":"')],
    ['with one event', floods(`data: ${'x'.repeat(100_000)}\n`)],
    ['with one document', floods(`${'x'.repeat(100_000)}\n`, '{\n')],
    ['with what it thinks', floods(delta({ reasoning: 'x'.repeat(100_000) }))],
  ])('is left, %s', async (_, script) => {
    server.answer(script);
    expect(await ask(open({ timeoutMs: 60_000, firstTokenTimeoutMs: 60_000 }))).toEqual({ text: '', error: REFUSED });
    expect(server.chats).toHaveLength(1);
  });

  it('is asked again where its error has no end', async () => {
    server.answer(says('Blue.'));
    server.answerNext(floods('x'.repeat(100_000), '', 500));
    expect(await ask(open({ timeoutMs: 60_000 }))).toMatchObject({ text: 'Blue.' });
  });
});

describe('an error', () => {
  const errors = (error: unknown, name?: string): string =>
    `${name ? `event: ${name}\n` : ''}${data(error)}data: [DONE]\n\n`;

  it.each<[string, string]>([
    ['code', errors({ error: { message: 'Too long.', code: 'context_length_exceeded' } })],
    ['type', errors({ error: { message: 'No.', type: 'exceed_context_size_error', n_ctx: 4096 } })],
    [
      'words',
      errors({
        error: { message: "This model's maximum context length is 4096 tokens.", type: 'BadRequestError', code: 400 },
      }),
    ],
    ['kind', errors({ error: { message: 'No.', type: 'invalid_request_error', code: null } })],
    ['number', errors({ error: { message: 'No.', code: 404 } })],
    ['number in letters', errors({ error: { message: 'No.', type: 'None', code: '401' } })],
    ['missing envelope', errors({ object: 'error', message: 'No.', type: 'NotFoundError', code: 404 })],
    ['choice', errors({ choices: [{ delta: {}, error: { code: 402, message: 'Add credits.' } }] })],
    ['event', errors({ type: 'error', error: { type: 'authentication_error', message: 'No.' } }, 'error')],
    ['filter', errors({ error: { code: 'content_filter', message: 'Filtered.' } })],
    ['text', errors({ error: 'the input length exceeds the context length' })],
    ['field', 'error: {"code":400,"message":"No.","type":"invalid_request_error"}\n\n'],
    [
      'text with its type beside it',
      errors({ error: '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000', error_type: 'validation' }),
    ],
    ['missing everything', errors({ detail: 'The prompt exceeds the limit of 4096 tokens' })],
    [
      'words of another',
      errors({
        error: { code: 400, message: 'Provider returned error', metadata: { raw: '{"error":"input is too long"}' } },
      }),
    ],
    ['own part of a chunk', errors({ choices: [], x_groq: { error: 'maximum context reached' } })],
    ['document', JSON.stringify({ error: { message: 'No.', code: 'model_not_found' } })],
    ['line', `${JSON.stringify({ error: 'prompt is too long' })}\n`],
    ['words, whatever the number', errors({ error: { message: 'context_length_exceeded', code: 502 } })],
    [
      'words of another in JSON',
      errors({
        error: { code: 502, message: 'Provider error', metadata: { raw: { code: 'context_length_exceeded' } } },
      }),
    ],
    ['exception', errors({ error: { message: 'litellm.ContextWindowExceededError: no', code: 500 } })],
    ['advice', errors({ error: { message: 'Please reduce the length of the messages.', code: 400 } })],
    ['count', errors({ error: { message: 'Too many tokens in prompt', code: 500 } })],
    ['figures', errors({ error: { message: 'Input length 9000 exceeds 4096', code: 500 } })],
    ['template', errors({ error: { message: 'Jinja Exception: roles must alternate', code: 500 } })],
  ])('in a stream that will not pass by itself, as its %s says, is final at once', async (_, body) => {
    server.answer(sends(body));
    expect(await ask()).toEqual({ text: '', error: REFUSED });
    expect(server.chats).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['code', errors({ error: { message: 'Slow down.', code: 'rate_limit_exceeded' } })],
    ['type', errors({ type: 'error', error: { type: 'overloaded_error' } }, 'error')],
    [
      'number',
      errors({
        error: { code: 502, message: 'Provider down.' },
        choices: [{ delta: { content: '' }, finish_reason: 'error' }],
      }),
    ],
    ['text', errors({ error: 'an error was encountered while running the model' })],
    ['event', `event: error\ndata: upstream closed\n\n`],
    ['event without data', 'event: error\n\n'],
    ['words', errors({ message: 'Busy.', code: 503 })],
    ['end', delta({}, 'insufficient_system_resource')],
    ['reason', delta({}, 'error')],
  ])('in a stream that may pass, as its %s says, is asked about again', async (_, body) => {
    server.answer(says('Blue.'));
    server.answerNext(sends(body));
    expect(await ask()).toMatchObject({ text: 'Blue.' });
    expect(server.chats).toHaveLength(2);
  });

  it('breaks off what was being said', async () => {
    server.answer(sends(delta({ content: 'Half' }) + errors({ error: { code: 'context_length_exceeded' } })));
    expect(await ask()).toEqual({ text: 'Half', error: REFUSED });
  });

  it.each([
    ['seconds with a fraction', { 'retry-after': '1.2' }, 1_200],
    ['milliseconds', { 'retry-after-ms': '1250.5', 'retry-after': '60' }, 1_251],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:01 GMT' }, 1_000],
  ])('that asks for a pause in %s gets it', async (_, headers, pauseMs) => {
    vi.setSystemTime('2026-01-01T00:00:00Z');
    server.answer(says('Blue.'));
    server.answerNext(failsWith(429, { headers }));
    expect(await ask()).toMatchObject({ text: 'Blue.' });
    expect(pauses).toEqual([pauseMs]);
  });

  it('of a pause that is over, or is none, is asked about as any other', async () => {
    for (const after of ['Wed, 21 Oct 2015 07:28:00 GMT', 'soon', '-1', '']) {
      server.answer(says('Blue.'));
      server.answerNext(failsWith(503, { headers: { 'retry-after': after } }));
      expect(await ask()).toMatchObject({ text: 'Blue.' });
    }
  });
});

describe('the circuit', () => {
  it.each<[string, Script, string]>([
    [
      'stays closed for prompts that are refused',
      sends(data({ error: { code: 'context_length_exceeded' } })),
      'closed',
    ],
    [
      'stays closed for prompts that end in an error',
      sends(data({ error: 'the runner does not like this' })),
      'closed',
    ],
    ['stays closed for prompts that are answered by nothing', sends('data: [DONE]\n\n'), 'closed'],
    ['stays closed for prompts that are answered by nonsense', sends(data({ choices: 7 })), 'closed'],
    ['stays closed for a prompt that the server breaks at', failsWith(500), 'closed'],
    ['stays closed for a template that breaks', failsWith(500, { message: 'Jinja Exception: no' }), 'closed'],
    ['opens for an endpoint that is overloaded', sends(data({ error: { code: 429 } })), 'open'],
    ['opens for an endpoint that fails', failsWith(502), 'open'],
    ['opens for an endpoint that hangs up', (turn) => turn.raw(': here\n\n').then(turn.cut), 'open'],
  ])('%s', async (_, script, state) => {
    const model = await open();
    server.answer(script);
    for (let round = 0; round < 3; round += 1) await ask(Promise.resolve(model));
    expect(model.circuit.state()).toBe(state);
  });

  it('opens for errors inside the server when several prompts meet them', async () => {
    const model = await open();
    server.answer(failsWith(500));
    for (const content of ['one', 'שתיים', 'three', 'four']) await askFor(content, model);
    expect(model.circuit.state()).toBe('closed');
    await askFor('five', model);
    expect(model.circuit.state()).toBe('open');
  });
});
