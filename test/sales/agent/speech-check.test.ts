import { describe, expect, it } from 'vitest';
import { createSpeechCheck } from '#domain/sales/agent/by-model/speech-check.ts';
import type { AgentState, CallContext } from '#domain/sales/agent/machine.ts';
import { phrasingOf } from '#domain/sales/agent/phrasing.ts';
import type { LineKey } from '#domain/sales/agent/sentences/lines.ts';
import { initialState, line } from '#domain/sales/agent/steps.ts';

const context: CallContext = {
  names: { owner: 'Acme 360', lead: 'דנה לוי', topic: 'our new price list' },
  direction: 'OUTBOUND',
  language: 'en',
  now: new Date('2026-11-29T07:00:00Z'),
  zone: 'Asia/Jerusalem',
  zoneIsSure: true,
  callsAgain: true,
  isOpen: () => true,
};
const TIMES = ['2026-12-01T08:30:00.000Z', '2026-12-02T09:00:00.000Z'];

function phrasing(language: 'en' | 'he', ...keys: LineKey[]) {
  const state: AgentState = { ...initialState(language), language };
  const say = keys.map((key) =>
    line(key, ...TIMES.slice(0, { offerTwo: 2, either: 2, offerOne: 1, askHour: 1 }[key as 'either'] ?? 0)),
  );
  return phrasingOf({ state, say, next: 'listen', effects: [], need: null }, context);
}

/** What is let through of words of a model that come letter by letter, and whether all of it may be said. */
function judge(language: 'en' | 'he', key: LineKey, text: string) {
  const check = createSpeechCheck(phrasing(language, key) as NonNullable<ReturnType<typeof phrasing>>);
  const said = Array.from(text, (letter) => check.push(letter)).join('') + check.end();
  return { said, passes: !check.hasFailed() };
}

const FREE: LineKey[] = ['qualify', 'interest', 'price', 'provider', 'sendInfo', 'offerTwo', 'offerOne'];
const MORE: LineKey[] = ['askHour', 'askTime', 'askDay', 'either', 'past', 'askCallBack', 'goOn', 'passOn'];
const REST: LineKey[] = ['anythingElse', 'taken', 'closed', 'waiting', 'notUnderstood'];

describe('what a model may say', () => {
  it.each(['en', 'he'] as const)('is at least what is written, with its times (%s)', (language) => {
    for (const key of [...FREE, ...MORE, ...REST]) {
      const given = phrasing(language, key);
      expect({ key, ...judge(language, key, given?.template as string) }).toEqual({
        key,
        said: given?.written,
        passes: true,
      });
    }
  });

  it('is in its own words, with times only in their slots', () => {
    expect(judge('en', 'offerTwo', 'Great! How about {2}, or rather {1}?')).toEqual({
      said: 'Great! How about Wednesday, December 2 at 11:00 AM, or rather Tuesday, December 1 at 10:30 AM?',
      passes: true,
    });
    expect(judge('he', 'offerOne', 'נהדר! אולי ב{1}?').said).toBe('נהדר! אולי ביום שלישי, 1 בדצמבר, בשעה 10:30?');
  });

  it.each([
    ['en', 'interest', 'It is only 99 a month. Shall we meet?', 'It is only '],
    ['en', 'interest', 'It costs twenty dollars, shall we meet?', 'It costs '],
    ['en', 'interest', 'Shall we meet tomorrow?', 'Shall we meet '],
    ['en', 'interest', 'Shall we meet on Monday?', 'Shall we meet on '],
    ['en', 'interest', 'Your meeting is booked, alright?', 'Your meeting is '],
    ['en', 'interest', 'Would נפגש suit you?', 'Would '],
    ['en', 'offerTwo', 'How about {1} or {1}?', /or $/],
    ['en', 'offerTwo', 'How about {3}?', 'How about '],
    ['en', 'interest', '**Shall** we meet?', ''],
    ['he', 'interest', 'אפשר להיפגש מחר?', 'אפשר להיפגש '],
    ['he', 'interest', 'זה עולה מאה שקלים, ניפגש?', 'זה עולה '],
    ['he', 'interest', 'ניפגש for coffee?', 'ניפגש '],
    ['he', 'interest', 'הפגישה נקבעה, בסדר?', 'הפגישה '],
  ] as const)('ends before what it may not say (%s, %s: %s)', (language, key, text, before) => {
    const { said, passes } = judge(language, key, text);
    expect(passes).toBe(false);
    if (typeof before === 'string') expect(said).toBe(before);
    else expect(said).toMatch(before);
  });

  it.each([
    ['interest', 'We could meet.'],
    ['goOn', 'What else?'],
    ['offerTwo', 'How about {1}?'],
    ['interest', ''],
    ['interest', `${'So '.repeat(200)}?`],
    ['interest', 'a'.repeat(5_000)],
  ] as const)('asks what is asked, names all times, and is short (%s: %s)', (key, text) => {
    expect(judge('en', key, text).passes).toBe(false);
  });

  it.each(['greeting', 'confirm', 'booked', 'askRefusal', 'who', 'robot', 'refused'] as const)(
    'is never %s, which says who calls or what was agreed on',
    (key) => {
      expect(phrasing('en', key)).toBeNull();
      expect(phrasing('en', 'goOn', key)).toBeNull();
    },
  );
});
