import { beforeAll, describe, expect, it } from 'vitest';
import { parseExport } from '#domain/conversations/import/parse-export.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

const LETTERS = 200_000;
const fill = (unit: string) => unit.repeat(Math.ceil(LETTERS / unit.length));
const answer = (content: unknown) => ({ id: 'b', author: { role: 'assistant' }, role: 'assistant', content });

/** A file of one answer, as text. */
const FILES = {
  ChatGPT: (text: string) =>
    JSON.stringify({ mapping: { b: { id: 'b', message: answer({ content_type: 'text', parts: [text] }) } } }),
  'Open WebUI': (text: string) => JSON.stringify({ chat: { history: { messages: { b: answer(text) } } } }),
  OpenAI: (text: string) => JSON.stringify([answer(text)]),
  Gemini: (text: string) =>
    JSON.stringify([
      { header: 'Gemini Apps', title: 'Prompted Hi', time: '2025-05-02T08:00:00Z', safeHtmlItem: [{ html: text }] },
    ]),
  lines: (text: string) => text,
};

const parse = (file: string) =>
  parseExport({ bytes: Buffer.from(file), jobId: '0198c0de-0000-7000-8000-000000000000', importedAt: 0 });

describe('two hundred thousand letters', () => {
  const harmless = FILES.OpenAI(fill('we went on and talked '));
  const measureTalks = () =>
    cpuSecondsOf(() => {
      for (let time = 0; time < 100; time += 1) parse(harmless);
    });
  let allowed: number;
  beforeAll(async () => {
    allowed = await measureTalks();
  });

  it.each<[keyof typeof FILES, string, string?]>([
    ['ChatGPT', '\uE200'],
    ['ChatGPT', ' \uE200cite\uE202'],
    ['ChatGPT', '\uE200entity\uE202["a","b"]\uE201'],
    ['ChatGPT', '\uE202', '\uE200url'],
    ['Open WebUI', '<details type="reasoning" '],
    ['Open WebUI', '<details type="reasoning">'],
    ['Open WebUI', '<details>'],
    ['Open WebUI', 'a', '<details type="tool_calls" '],
    ['Open WebUI', 'a="', '<details type="tool_calls" '],
    ['Open WebUI', '<details type="tool_calls" id="c" name="n"></details>'],
    ['Open WebUI', ' ', '<details type="reasoning"></details'],
    ['OpenAI', '<think>'],
    ['OpenAI', '`</think>', '<think>'],
    ['OpenAI', ' ', '<think>'],
    ['Gemini', ' ', 'a'],
    ['Gemini', '\t '],
    ['Gemini', '<a '],
    ['Gemini', '<br /'],
    ['Gemini', '/', '<br '],
    ['Gemini', ' ', '</td'],
    ['Gemini', '\n'],
    ['Gemini', '&amp'],
    ['lines', '}', '{'],
    ['lines', '} \t\r', '{'],
    ['lines', ' \n', '{}'],
    ['lines', ' ', '{}\n'],
    ['lines', '{\n'],
    ['lines', 'a\n'],
    ['lines', 'a,b\n', 'role,content\n'],
    ['lines', '""', 'role,content\na,"'],
  ])('of %s, made of %j, take less than a hundred times as many of a talk', async (format, unit, begin = '') => {
    const hostile = FILES[format](`${begin}${fill(unit)}b`);
    let seconds = await cpuSecondsOf(() => parse(hostile));
    // Again, side by side, where it is slow: the first time, its code is not compiled yet, or the machine has become slower.
    for (let time = 1; time <= 2 && seconds >= allowed; time += 1) {
      allowed = await measureTalks();
      seconds = await cpuSecondsOf(() => parse(hostile));
    }
    expect(seconds).toBeLessThan(allowed);
  });
});
