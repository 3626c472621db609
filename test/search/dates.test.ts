import { describe, expect, it } from 'vitest';
import { findDates } from '#domain/search/dates.ts';

const NOW = new Date('2026-03-18T10:00:00Z'); // A Wednesday.
const rangeOf = (query: string) => {
  const dates = findDates(query, NOW);
  return dates && [dates.from, dates.to].map((date) => date.toISOString().slice(0, 10));
};

describe('the time that a query speaks of', () => {
  it.each([
    ['what did we decide last night', '2026-03-17', '2026-03-18'],
    ['what I ate this morning', '2026-03-18', '2026-03-19'],
    ['everything from the past month', '2026-02-16', '2026-03-19'],
    ['in the last 10 days', '2026-03-08', '2026-03-19'],
    ['my mood over the past two weeks', '2026-03-04', '2026-03-19'],
    ['what was I reading a year ago', '2025-02-01', '2025-05-01'],
    ['3 years ago', '2023-01-01', '2024-01-01'],
    ['this Friday', '2026-03-20', '2026-03-21'],
    ['last Friday', '2026-03-13', '2026-03-14'],
    ['the summer of 2019', '2019-01-01', '2020-01-01'],
    ['מה אכלתי הבוקר', '2026-03-18', '2026-03-19'],
    ['מה אמרת אמש', '2026-03-17', '2026-03-18'],
    ['מה עשיתי בחודש האחרון', '2026-02-16', '2026-03-19'],
    ['ב-10 הימים האחרונים', '2026-03-08', '2026-03-19'],
    ['לפני שבוע', '2026-03-08', '2026-03-15'],
    ['לפני חודש', '2026-02-01', '2026-03-01'],
    ['לפני שנה', '2025-02-01', '2025-05-01'],
    ['לפני שנתיים', '2024-01-01', '2025-01-01'],
    ['היום', '2026-03-18', '2026-03-19'],
    ['מה קרה ב3 במאי', '2025-05-03', '2025-05-04'],
    ['ב-3 במאי 2024', '2024-05-03', '2024-05-04'],
    ['what happened on 29 February', '2024-02-29', '2024-03-01'],
    ['March 1', '2026-03-01', '2026-03-02'],
    ['what happened on 12/31/2024', '2024-12-31', '2025-01-01'],
    ['what happened on 31/12/2024?', '2024-12-31', '2025-01-01'],
    ['מה היה ב-31.12.2024', '2024-12-31', '2025-01-01'],
    ['מה היה ב31.12.24', '2024-12-31', '2025-01-01'],
    ['notes of 31-12-2024', '2024-12-31', '2025-01-01'],
    ['notes of 3/4/2024', '2024-04-03', '2024-04-04'],
    ['notes of 2/29/24', '2024-02-29', '2024-03-01'],
    ['the order of 3/4/2024', '2024-04-03', '2024-04-04'],
    ['invoice 3/4/2024', '2024-04-03', '2024-04-04'],
    ['2024/12/31', '2024-12-31', '2025-01-01'],
    ['2024.1.5', '2024-01-05', '2024-01-06'],
    ['31/31/2024', '2024-01-01', '2025-01-01'],
  ])('%j is from %s until before %s', (query, from, to) => expect(rangeOf(query)).toEqual([from, to]));

  it.each([
    'מתי היום הולדת של רות',
    'the code of room 2031',
    'bus 1985',
    'I walked 2000 steps',
    'חדר 2019',
    'may I ask',
    'version 3.2.21',
    'the address 10.1.2.24',
    'open 24/7',
  ])('%j speaks of none', (query) => expect(rangeOf(query)).toBeNull());
});
