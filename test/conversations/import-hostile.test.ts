import { describe, expect, it } from 'vitest';
import { counted, importNew, said } from '../support/exports.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const fill = (begin: string, unit: string, end: string, bytes: number) =>
  begin + unit.repeat(Math.floor((bytes - begin.length - end.length) / unit.length)) + end;

describe('a file that is odd, and legal,', () => {
  it('keeps messages apart whose numbers are beyond 2^53', async () => {
    const file = `{"messages":[{"id":9007199254740993,"parentId":null,"role":"user","content":"a"},
      {"id":9007199254740992,"parentId":null,"role":"user","content":"other"},
      {"id":9007199254740994,"parentId":9007199254740993,"role":"assistant","content":"b"}]}`;
    const { report, conversations } = await importNew(app, file);
    expect(conversations.map(said)).toEqual([
      [
        ['USER', 'a'],
        ['ASSISTANT', 'b'],
      ],
    ]);
    expect(counted(report)).toEqual({ OTHER_BRANCH: 1 });
  });

  it('keeps conversations apart whose numbers are beyond 2^53', async () => {
    const line = (id: string, role: string) => `{"chat_id":${id},"role":"${role}","content":"${id}"}\n`;
    const ids = ['123456789012345678901', '123456789012345678902'];
    const file = ids.flatMap((id) => [line(id, 'user'), line(id, 'assistant')]).join('');
    const { conversations } = await importNew(app, file);
    expect(conversations.map(({ sourceId }: any) => sourceId).sort()).toEqual(ids.map((id) => `OPENAI:${id}`));
  });

  it('tells of fields that stand twice, and names of what all objects have are names', async () => {
    const file = `[{"id":"__proto__","title":"a","title":"b","__proto__":{"role":"x"},"messages":[
      {"role":"user","content":"lost","content":"kept: {\\"a\\":1}","constructor":{"x":1}},
      {"role":"assistant","content":"b","__proto__":{"content":"c"}}]}]`;
    const { report, conversations } = await importNew(app, file);
    expect(conversations).toMatchObject([{ title: 'b', sourceId: 'OPENAI:__proto__' }]);
    expect(said(conversations[0])).toEqual([
      ['USER', 'kept: {"a":1}'],
      ['ASSISTANT', 'b'],
    ]);
    expect(counted(report)).toEqual({ REPEATED_FIELD: 2 });
  });

  it('has models whose names are no text', async () => {
    const file =
      '[{"role":"user","content":"a\\ud800\\u0000"},{"role":"assistant","content":"b","model":"m\\udc00\\u0000"}]';
    const { conversations } = await importNew(app, file);
    expect(conversations).toMatchObject([
      { metadata: { models: ['m\uFFFD\uFFFD'] }, messages: [{ content: 'a\uFFFD\uFFFD' }, { model: 'm\uFFFD\uFFFD' }] },
    ]);
  });

  it('that ends in the middle of a letter is read up to there, or refused in words', async () => {
    const whole = Buffer.from(
      '{"role":"user","content":"שלום"}\n{"role":"assistant","content":"שלום"}\n{"role":"user","content":"של',
    );
    const { report, conversations } = await importNew(app, whole.subarray(0, -1));
    expect(conversations.map(said)).toEqual([
      [
        ['USER', 'שלום'],
        ['ASSISTANT', 'שלום'],
      ],
    ]);
    expect(counted(report)).toEqual({ UNREADABLE_CHARACTER: 1, UNREADABLE_MESSAGE: 1 });
    const document = Buffer.from('[{"role":"user","content":"של');
    const { job } = await importNew(app, document.subarray(0, -1));
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
  });
});

/** Far more than the loop may be kept, 50 ms: a machine that does other work delays it, too. */
const MAX_DELAY_SECONDS = 1;

async function longestDelay(): Promise<number> {
  const { text } = await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]);
}

describe('a large file', () => {
  const MB = 2 ** 20;
  it.each([
    ['of one line', () => fill('', 'a', '', 50 * MB), /send the JSON of the same export/],
    [
      'of a hundred thousand conversations',
      () => fill('[', '{"messages":[{"role":"user","content":"a"}]},', '{}]', 45 * 100_000),
      /at most 20000/,
    ],
    ['of a table', () => fill('role,content\n', 'user,a\n', '', 50 * MB), /at most 500000 rows/],
    ['of lists in lists', () => '['.repeat(9 * MB) + ']'.repeat(9 * MB), /There are no conversations here/],
    ['of lines that are no JSON', () => fill('{\n', '{\n', '', 20 * MB), /at most 10000000 values/],
    [
      'that names one block of a message again and again',
      () =>
        fill(
          '{"indexedDB":{"topics":[{"messages":[',
          '{"role":"user","blocks":["b","b","b","b"]},',
          `{}]}],"message_blocks":[{"id":"b","type":"main_text","content":"${'y'.repeat(2000)}"}]}}`,
          20 * MB,
        ),
      /"messages":1,/,
    ],
  ])('%s is read or refused, and nobody waits for that', async (_what, make, message) => {
    const file = make();
    await longestDelay(); // begins the measurement anew
    const { job } = await importNew(app, file);
    expect(JSON.stringify(job)).toMatch(message);
    expect(await longestDelay()).toBeLessThan(MAX_DELAY_SECONDS);
  });
});
