import { describe, expect, it } from 'vitest';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const BYTES = 20 * 2 ** 20;
const fill = (begin: string, unit: string, end = '') =>
  begin + unit.repeat(Math.floor((BYTES - begin.length - end.length) / unit.length)) + end;

/** Far more than the loop may be kept, 50 ms: a machine that does other work delays it, too. */
const MAX_DELAY_SECONDS = 1;

async function longestDelay(): Promise<number> {
  const { text } = await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]);
}

const [SRT, TEXT, JSON_TYPE] = ['application/x-subrip', 'text/plain', 'application/json'];

describe('twenty megabytes', () => {
  it.each([
    ['a million cues', SRT, () => fill('', '1\n0:0 --> 0:1\na\n'), /up to 50,000 segments/],
    [
      'spans in one caption',
      TEXT,
      () => fill('<tt><p begin="1s">', '<span begin="1s" podcasts:unit="word">a</span>'),
      /"segments":\d+/,
    ],
    ['lists in lists', JSON_TYPE, () => '['.repeat(BYTES / 2) + ']'.repeat(BYTES / 2), /more than 50000 levels/],
    ['objects in objects', JSON_TYPE, () => fill('', '{"a":'), /more than 50000 levels/],
    [
      'documents in a list',
      JSON_TYPE,
      () => fill('[', '{"a":{"b":[{"start":1,"text":"x"}]}},', '{}]'),
      /No segment with text/,
    ],
  ])('of %s are read or refused, and nobody waits for that', async (_what, type, make, answer) => {
    const ann = await app.user();
    const body = make();
    await longestDelay(); // begins the measurement anew
    const { text } = await httpRequest(`${app.parley.url}/episodes?title=Large`, {
      method: 'POST',
      headers: { ...bearer(ann.key), 'content-type': type },
      body,
    });
    expect(await longestDelay()).toBeLessThan(MAX_DELAY_SECONDS);
    expect(text).toMatch(answer);
    expect(await ann.ask<any>('{ episodes(first: 1) { totalCount } }')).toBeDefined();
  });
});
