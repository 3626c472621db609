import { describe, expect, it } from 'vitest';
import { heardPart } from '#domain/sales/calls/talk/heard-part.ts';

describe('what was heard of a reply', () => {
  it.each([
    [
      'So that would be Monday, at 10:30. Is that right?',
      'So that would be Monday at 10:30',
      'So that would be Monday, at 10:30.',
    ],
    ['Your meeting is confirmed.', 'your  meeting is confir', 'Your meeting is'],
    ['Your meeting is confirmed.', 'Your meeting is confirmed.', 'Your meeting is confirmed.'],
    ['Your meeting is confirmed.', '', ''],
    ['Café? Yes.', 'cafe\u0301', 'Café?'],
    ['אפשר ביום שני, 30 בנובמבר, בשעה 9:00.', 'אפשר ביום שני 30', 'אפשר ביום שני, 30'],
    ['שָׁלוֹם, דנה. נוח לכם?', '\u200fשלום דנה', 'שָׁלוֹם, דנה.'],
    ['הפגישה נקבעה.', 'הפגישה נקב', 'הפגישה'],
    ['ניפגש ב-10:00 ב־Zoom?', 'ניפגש ב 10:00', 'ניפגש ב-10:00'],
  ])('%s, played: %s', (said, played, heard) => {
    expect(heardPart(said, played)).toBe(heard);
  });

  it.each(['Something else', 'Your meeting is confirmed. And more', 'Your meetings'])(
    'is not known of other words: %s',
    (played) => expect(heardPart('Your meeting is confirmed.', played)).toBeNull(),
  );
});
