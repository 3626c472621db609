import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openLog } from '#adapters/log.ts';
import type { Model } from '#adapters/model/model.ts';
import type { ModelReport } from '#adapters/model/model-messages.ts';
import { createModelClient } from '#domain/core/model-clients.ts';
import {
  createGate,
  failsWith,
  MODEL_NAME,
  type Script,
  says,
  stalls,
  type Turn,
  useModelServer,
} from '../support/model-server.ts';
import { until } from '../support/until.ts';
import { skipPauses } from './skip-pauses.ts';

const server = await useModelServer();

const TIMEOUT_MS = 1_000;
const log = openLog('silent');
const pauses = skipPauses(log);
let model: Model;
beforeEach(async () => {
  model = await modelAt();
  server.chats.length = 0;
});

const modelAt = (apiKey: string | null = 'sk-secret', timeoutMs = TIMEOUT_MS) =>
  createModelClient(
    { baseUrl: server.url, name: 'asked-for', alternatives: [], apiKey, timeoutMs, firstTokenTimeoutMs: 60_000 },
    log,
  );

type Heard = { text: string; usage?: ModelReport; error?: unknown };

/** All that it says, and how it ended. */
async function hear({ signal = new AbortController().signal, from = model } = {}): Promise<Heard> {
  const words = from.stream([{ role: 'user', content: 'Who?' }], { signal });
  let text = '';
  try {
    for (;;) {
      const { done, value } = await words.next();
      if (done) return { text, usage: value };
      text += value;
    }
  } catch (error) {
    return { text, error };
  }
}

/** Resolves when no request is open any more. */
const untilLetGo = () =>
  until(
    async () => server.open(),
    (open) => open === 0,
  );
const UNAVAILABLE = expect.objectContaining({ code: 'UNAVAILABLE' });
const REFUSED = expect.objectContaining({ code: 'MODEL_REFUSED' });
const UNCOUNTED = { model: MODEL_NAME, tokensInput: null, tokensOutput: null, reasoning: null };
type Step = (turn: Turn) => void;
const inTurn =
  (...steps: Step[]): Script =>
  (turn) => {
    for (const step of steps) step(turn);
  };
const beginning: Step = (turn) => turn.say('Some ', 'words');
const finish: Step = (turn) => turn.event({ choices: [{ finish_reason: 'stop' }] });
const end: Step = (turn) => turn.end();
const close: Step = (turn) => turn.close();
const event =
  (data: unknown): Step =>
  (turn) =>
    turn.event(data);
const raw =
  (bytes: string, contentType?: string): Step =>
  (turn) =>
    void turn.raw(bytes, contentType);

describe('a model', () => {
  it('is asked as OpenAI is, and answers piece by piece', async () => {
    const speech = createGate('One ', 'two ', 'three.');
    server.answer(speech.script);
    const words = model.stream(
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Count.' },
      ],
      { signal: new AbortController().signal },
    );
    for (const piece of ['One ', 'two ', 'three.']) {
      speech.open(1);
      expect(await words.next()).toEqual({ done: false, value: piece });
    }
    expect(await words.next()).toEqual({
      done: true,
      value: { model: MODEL_NAME, tokensInput: 11, tokensOutput: 7, reasoning: null },
    });
    const { headers, ...asked } = await server.waitForChat(1);
    expect(asked).toEqual({
      model: 'asked-for',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Count.' },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(headers.authorization).toBe('Bearer sk-secret');
    expect(server.chats).toHaveLength(1);
  });

  it('is asked without a key where none is configured, whatever the environment holds', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-another');
    vi.stubEnv('OPENAI_ORG_ID', 'org-of-another');
    server.answer(says('Yes.'));
    expect((await hear({ from: await modelAt(null) })).text).toBe('Yes.');
    const { headers } = await server.waitForChat(1);
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('openai-organization');
    vi.unstubAllEnvs();
  });

  it('is asked without options by the second request on, where it refuses them', async () => {
    server.answer((turn) => (turn.request.stream_options ? turn.fail(400) : says('Yes.')(turn)));
    expect(await hear()).toEqual({ text: 'Yes.', usage: UNCOUNTED });
    expect((await hear()).text).toBe('Yes.');
    expect(server.chats.map(({ stream_options }) => Boolean(stream_options))).toEqual([true, false, false]);
  });

  it('has no usage where it tells none, or nonsense', async () => {
    server.answerNext((turn) => {
      turn.say('Yes.');
      turn.end({ usage: null });
    });
    expect(await hear()).toEqual({ text: 'Yes.', usage: UNCOUNTED });
    server.answerNext((turn) => {
      turn.say('Yes.');
      turn.end({ usage: { prompt_tokens: -3, completion_tokens: 1e30 } });
    });
    expect(await hear()).toEqual({ text: 'Yes.', usage: UNCOUNTED });
  });

  it('lets go of the endpoint when its reader stops', async () => {
    const speech = createGate('One ', 'two.');
    server.answer(speech.script);
    const words = model.stream([{ role: 'user', content: 'Count.' }], { signal: new AbortController().signal });
    speech.open(1);
    await words.next();
    await words.return(undefined as never);
    await untilLetGo();
  });
});

describe('before its first word, it is asked again', () => {
  it.each([408, 409, 429, 500, 503])('where it answers with %i', async (status) => {
    server.answer(says('At last.'));
    server.answerNext(failsWith(status));
    expect((await hear()).text).toBe('At last.');
    expect(server.chats).toHaveLength(2);
  });

  it.each<[string, Script]>([
    ['ends at once', close],
    ['ends without a word', end],
    ['hangs up', (turn) => turn.cut()],
    ['answers with a page', inTurn(raw('<!doctype html><h1>Welcome</h1>', 'text/html'), close)],
    ['answers with half of JSON', raw('data: {"choices":[{"del\n\n')],
    ['answers with another shape', event({ choices: 'none' })],
    ['answers with a list', event([1, 2])],
    ['answers with a number for text', event({ choices: [{ delta: { content: 7 } }] })],
    ['answers with an error in the stream', event({ error: { message: 'overloaded' } })],
  ])('where it %s', async (_what, script) => {
    server.answer(says('At last.'));
    server.answerNext(script);
    expect((await hear()).text).toBe('At last.');
    expect(server.chats).toHaveLength(2);
  });

  it('where it says nothing', async () => {
    vi.useRealTimers();
    server.answer(says('At last.'));
    server.answerNext(stalls);
    expect((await hear()).text).toBe('At last.');
    expect(server.chats).toHaveLength(2);
  });

  it('a second time', async () => {
    server.answer(says('At last.'));
    server.answerNext(failsWith(503), failsWith(503));
    expect((await hear()).text).toBe('At last.');
    expect(server.chats).toHaveLength(3);
  });

  it('but not a third time', async () => {
    server.answer(failsWith(503));
    expect(await hear()).toEqual({ text: '', error: UNAVAILABLE });
    expect(server.chats).toHaveLength(3);
  });

  it('as late as it asks for, but not by a worker that waits for minutes', async () => {
    vi.useRealTimers();
    server.answer(says('At last.'));
    server.answerNext(failsWith(429, { headers: { 'retry-after': '1' } }));
    const startedAt = performance.now();
    expect((await hear()).text).toBe('At last.');
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    server.answerNext(failsWith(429, { headers: { 'retry-after': '120' } }));
    expect((await hear()).error).toEqual(UNAVAILABLE);
    expect(server.chats).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 413, 422])('not where it refuses with %i', async (status) => {
    server.answer(failsWith(status, { message: 'sk-secret is no good' }));
    const { error } = await hear();
    expect(error).toEqual(REFUSED);
    expect(String(error)).not.toMatch(/sk-secret|no good/);
  });

  it('not where its account is empty, though it says 429', async () => {
    server.answer((turn) => turn.fail(429, { code: 'insufficient_quota' }));
    expect((await hear()).error).toEqual(REFUSED);
    expect(server.chats).toHaveLength(1);
  });
});

describe('after its first word', () => {
  beforeEach(() => void vi.useRealTimers());

  it.each<[string, Script]>([
    ['hangs up', (turn) => turn.cut()],
    ['falls silent', stalls],
    ['sends half of JSON', raw('data: {"choices":[{"del\n\n')],
    ['sends another shape', event({ choices: [{ delta: 'words' }] })],
    ['sends an error', event({ error: { message: 'sk-secret' } })],
  ])('it has broken off where it %s', async (_what, script) => {
    server.answer(inTurn(beginning, script));
    expect(await hear()).toEqual({ text: 'Some words', error: UNAVAILABLE });
    expect(server.chats).toHaveLength(1);
  });

  it.each<[string, Script, string]>([
    ['without [DONE]', inTurn(beginning, finish, close), 'Some words'],
    ['without an end of the stream', inTurn(beginning, finish), 'Some words'],
    [
      'with words that are null',
      inTurn(beginning, event({ choices: [{ delta: { content: null } }] }), end),
      'Some words',
    ],
    ['with events that say nothing', inTurn(beginning, event({ type: 'ping' }), raw(': here\n\n'), end), 'Some words'],
    ['at its longest', inTurn(beginning, (turn) => turn.end({ reason: 'length' })), 'Some words…'],
    ['with one huge piece', says('x'.repeat(5_000_000)), 'x'.repeat(5_000_000)],
  ])('it may end %s', async (_how, script, text) => {
    server.answer(script);
    expect(await hear({ from: await modelAt('sk-secret', 5_000) })).toEqual({ text, usage: expect.anything() });
    expect(server.chats).toHaveLength(1);
  });

  it('it is not asked again where a filter stops it, or where it may say nothing at all', async () => {
    server.answer(inTurn(beginning, (turn) => turn.end({ reason: 'content_filter' })));
    expect(await hear()).toEqual({ text: 'Some words', error: REFUSED });
    server.answer((turn) => turn.end({ reason: 'length' }));
    expect(await hear()).toEqual({ text: '', error: REFUSED });
    expect(server.chats).toHaveLength(2);
  });

  it('has an end: it does not go on for more than five minutes', async () => {
    const speech = createGate('One ', 'two ', 'three.');
    server.answer(speech.script);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const words = model.stream([{ role: 'user', content: 'Count.' }], { signal: new AbortController().signal });
    speech.open(1);
    await words.next();
    vi.advanceTimersByTime(299_000);
    speech.open(1);
    expect(await words.next()).toEqual({ done: false, value: 'two ' });
    vi.advanceTimersByTime(1_000);
    await expect(words.next()).rejects.toEqual(UNAVAILABLE);
    vi.useRealTimers();
  });

  it('a reader that takes its time is no silence', async () => {
    server.answer(says('One ', 'two.'));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const words = model.stream([{ role: 'user', content: 'Count.' }], { signal: new AbortController().signal });
    await words.next();
    vi.advanceTimersByTime(2 * TIMEOUT_MS);
    expect(await words.next()).toEqual({ done: false, value: 'two.' });
    await words.return(undefined as never);
    vi.useRealTimers();
  });
});

describe('aborting', () => {
  beforeEach(() => void vi.useRealTimers());

  const STOPPED = new Error('stopped');

  it.each<[string, Script]>([
    ['while it has said nothing', stalls],
    ['in the middle of its words', beginning],
  ])('ends the request at once, %s', async (_when, script) => {
    server.answer(script);
    const stop = new AbortController();
    const patient = await modelAt('sk-secret', 60_000);
    const heard = hear({ signal: stop.signal, from: patient });
    await server.waitForChat(1);
    await nextTurn();
    stop.abort(STOPPED);
    expect((await heard).error).toBe(STOPPED);
    await untilLetGo();
    expect(patient.circuit.state()).toBe('closed');
  });

  it('ends the pause before the next request', async () => {
    server.answer(failsWith(503, { headers: { 'retry-after': '5' } }));
    const stop = new AbortController();
    const heard = hear({ signal: stop.signal });
    await until(
      async () => pauses.length,
      (times) => times === 1,
    );
    const abortedAt = performance.now();
    stop.abort(STOPPED);
    expect((await heard).error).toBe(STOPPED);
    expect(performance.now() - abortedAt).toBeLessThan(2_000);
    expect(server.chats).toHaveLength(1);
  });
});

describe('the circuit', () => {
  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

  /** Five requests in a row fail: three of the first reply, two of the second. */
  async function open() {
    server.answer(failsWith(503));
    await hear();
    expect(model.circuit.state()).toBe('closed');
    await hear();
    expect(model.circuit.state()).toBe('open');
    expect(server.chats).toHaveLength(5);
  }

  it('opens after five failures in a row, and then nothing is asked', async () => {
    await open();
    expect((await hear()).error).toEqual(UNAVAILABLE);
    expect(server.chats).toHaveLength(5);
  });

  it('stays closed while one of five is answered, and for what is refused', async () => {
    server.answer(says('Yes.'));
    for (let round = 0; round < 3; round += 1) {
      server.answerNext(failsWith(503), failsWith(503));
      expect((await hear()).text).toBe('Yes.');
    }
    server.answer(failsWith(401));
    for (let round = 0; round < 6; round += 1) await hear();
    expect(model.circuit.state()).toBe('closed');
  });

  it('lets one request through after half a minute, and closes where that is answered', async () => {
    await open();
    const states: string[] = [];
    model.circuit.onChange(() => states.push(model.circuit.state()));
    later(29);
    expect((await hear()).error).toEqual(UNAVAILABLE);
    later(2);
    const speech = createGate('Here ', 'I am.');
    server.answer(speech.script);
    const first = hear();
    await server.waitForChat(6);
    expect((await hear()).error).toEqual(UNAVAILABLE);
    speech.open();
    expect((await first).text).toBe('Here I am.');
    expect((await hear()).text).toBe('Here I am.');
    expect(states).toEqual(['half-open', 'closed']);
  });

  it('opens again where that fails, or was stopped before its first word', async () => {
    await open();
    later(31);
    expect((await hear()).error).toEqual(UNAVAILABLE);
    expect(model.circuit.state()).toBe('open');
    expect(server.chats).toHaveLength(6);
    later(31);
    server.answer(stalls);
    const stop = new AbortController();
    const heard = hear({ signal: stop.signal });
    await server.waitForChat(7);
    stop.abort();
    await heard;
    expect(model.circuit.state()).toBe('open');
  });
});
