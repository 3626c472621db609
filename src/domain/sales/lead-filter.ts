import { checkText } from '#domain/core/validation.ts';
import { checkTags } from '#domain/memories/tags.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** Which leads are meant; null is any. */
export type LeadFilter = {
  statuses: readonly LeadStatus[] | null;
  tagsAny: readonly string[] | null;
  /** What the name, the company or the number contains. */
  search: string | null;
};

/** UTF-16 units of a text that is searched for. */
export const MAX_LEAD_SEARCH_LENGTH = 200;

/** Returns the filter with its tags spelt as stored ones are. Throws BadUserInput. */
export function checkLeadFilter({ statuses, tagsAny, search }: LeadFilter): LeadFilter {
  return {
    statuses,
    tagsAny: tagsAny && checkTags('filter.tagsAny', tagsAny),
    search: search && plainSearch(checkText('filter.search', search, { min: 0, max: MAX_LEAD_SEARCH_LENGTH })),
  };
}

/** Marks of direction, and others that nobody sees, as texts from chats have around numbers; joiners make emoji. */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const plainSearch = (text: string): string => text.replace(UNSEEN, '').replace(/\s+/gu, ' ').trim();

/** The quotes that keyboards and programs have for the two marks of Hebrew short forms, as in בע"מ and ג'ון. */
const QUOTES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/["״“”„]|''|׳׳/gu, ['"', '״', '”']],
  [/['׳’‘`´]/gu, ["'", '׳', '’']],
];

/** Returns a text with each of the spellings of its quotes, all of one keyboard. */
function spellingsOf(text: string): string[] {
  const [double, single] = QUOTES as [(typeof QUOTES)[0], (typeof QUOTES)[0]];
  const spellings = double[1].map((quote, index) =>
    text
      .replace(double[0], '\0')
      .replace(single[0], single[1][index] as string)
      .replaceAll('\0', quote),
  );
  return [...new Set([text, ...spellings])];
}

/**
 * Returns the digits of a text that is a part of a number, as they stand in E.164, which has no zeros in front; null where it
 * is no such part.
 */
function phoneDigits(search: string): string | null {
  if (!/^[\p{Nd}\s()+./\p{Pd}]+$/u.test(search)) return null;
  const digits = search.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '');
  return digits === '' ? null : digits;
}

/** Adds a value to a statement and returns its placeholder, as `$3::uuid`. */
type Bind = (value: unknown, type: string) => string;

/** Returns the conditions on leads `l` in SQL. */
export const leadConditions = ({ statuses, tagsAny, search }: LeadFilter, bind: Bind): string[] => [
  ...(statuses ? [`l.status = ANY(${bind(statuses, 'lead_status[]')})`] : []),
  ...(tagsAny ? [`l.tags && ${bind(tagsAny, 'text[]')}`] : []),
  ...(search ? [containsSearch(search, bind)] : []),
];

/** What may be the last character of a lead's texts, and so begin none of the parts by which the index finds them: a digit alone. */
const LAST_CHARACTER = /^\d$/;

/** The condition that a lead's texts contain what is searched for, or its number the digits of that. */
function containsSearch(search: string, bind: Bind): string {
  const contains = (part: string, sql: string) => {
    const compared = `strpos(l.search_text, ${sql}) > 0`;
    return LAST_CHARACTER.test(part) ? compared : `(l.search @@ grams_query(${sql}) AND ${compared})`;
  };
  const inTexts = spellingsOf(search)
    .map((spelling) => contains(spelling, `fold_text(${bind(spelling, 'text')})`))
    .join(' OR ');
  const number = phoneDigits(search);
  return number === null ? `(${inTexts})` : `(${inTexts} OR ${contains(number, bind(number, 'text'))})`;
}
