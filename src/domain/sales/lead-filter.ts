import { checkText } from '#domain/core/validation.ts';
import { checkTags } from '#domain/memories/tags.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/**
 * Times of leads, each with the SQL of its lower (inclusive) or upper limit. A lead that was never called has no time of a last attempt.
 */
const TIME_LIMITS = {
  createdAfter: (moment: string) => `l.created_at >= ${moment}`,
  createdBefore: (moment: string) => `l.created_at < ${moment}`,
  updatedAfter: (moment: string) => `l.updated_at >= ${moment}`,
  updatedBefore: (moment: string) => `l.updated_at < ${moment}`,
  lastAttemptAfter: (moment: string) => `${LAST_ATTEMPT} >= ${moment}`,
  lastAttemptBefore: (moment: string) => `${LAST_ATTEMPT} < ${moment} AND l.last_attempt_at IS NOT NULL`,
};

/** The last attempt in an order: leads that were never called come before all others. The expression of the index `leads_last_attempt`. */
export const LAST_ATTEMPT = `coalesce(l.last_attempt_at, '-infinity'::timestamptz)`;

type TimeLimits = { [Name in keyof typeof TIME_LIMITS]?: Date | null | undefined };

/** A filter for leads; null matches any. */
export type LeadFilter = TimeLimits & {
  statuses: readonly LeadStatus[] | null;
  tagsAny: readonly string[] | null;
  /** Matches the name, the company or the number. */
  search: string | null;
};

/** The maximum length of a search text, in UTF-16 units. */
export const MAX_LEAD_SEARCH_LENGTH = 200;

/** Returns the filter with its tags normalized in the same way as stored tags. Throws BadUserInput. */
export function checkLeadFilter({ statuses, tagsAny, search, ...times }: LeadFilter): LeadFilter {
  return {
    ...times,
    statuses,
    tagsAny: tagsAny && checkTags('filter.tagsAny', tagsAny),
    search: search && plainSearch(checkText('filter.search', search, { min: 0, max: MAX_LEAD_SEARCH_LENGTH })),
  };
}

/**
 * Bidirectional marks and other invisible characters, which texts copied from chats have around numbers. Joiners are kept, because emoji
 * need them.
 */
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const plainSearch = (text: string): string => text.replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();

/** The variants of the two quotes in Hebrew abbreviations such as בע"מ and ג'ון, by keyboard and program. */
const QUOTES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/["״“”„]|''|׳׳/gu, ['"', '״', '”']],
  [/['׳’‘`´]/gu, ["'", '׳', '’']],
];

/** Returns a text with each variant of its quotes; all quotes of a spelling are from the same keyboard. */
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

/** Returns the digits of a partial telephone number, as in E.164, without leading zeros; null if the text is none. */
function phoneDigits(search: string): string | null {
  if (!/^[\p{Nd}\s()+./\p{Pd}]+$/u.test(search)) return null;
  const digits = search.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '');
  return digits === '' ? null : digits;
}

/** Adds a value to a statement and returns its placeholder, such as `$3::uuid`. */
type Bind = (value: unknown, type: string) => string;

/** Returns the conditions on leads `l` in SQL. */
export const leadConditions = ({ statuses, tagsAny, search, ...times }: LeadFilter, bind: Bind): string[] => [
  ...(statuses ? [`l.status = ANY(${bind(statuses, 'lead_status[]')})`] : []),
  ...(tagsAny ? [`l.tags && ${bind(tagsAny, 'text[]')}`] : []),
  ...(search ? [containsSearch(search, bind)] : []),
  ...timeConditions(times, bind),
];

function timeConditions(times: TimeLimits, bind: Bind): string[] {
  return (Object.keys(TIME_LIMITS) as (keyof TimeLimits)[]).flatMap((name) => {
    const moment = times[name];
    return moment ? [TIME_LIMITS[name](bind(moment, 'timestamptz'))] : [];
  });
}

/** Whether a filter has other conditions than tags. */
export const isNarrow = ({ tagsAny: _, ...others }: LeadFilter): boolean =>
  Object.values(others).some((condition) => condition != null && condition !== '');

/** A single digit may be the last character of a lead's texts, and the index has no entry that begins there. */
const LAST_CHARACTER = /^\d$/;

/** The condition that a lead's texts contain the search text, or its number contains the digits. */
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
