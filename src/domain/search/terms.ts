import type { Deps } from '#domain/core/deps.ts';
import { listIrregularForms } from '#domain/text/irregular-forms.ts';
import { listRelatedWords } from '#domain/text/related-words.ts';
import { SEARCH_STOP_WORDS } from '#domain/text/stop-words.ts';
import { normalizeSearchWord, SEARCH_WORDS } from '#domain/text/tokenizers.ts';
import type { Corpus } from './corpus.ts';
import { IRREGULAR, RELATED, ROW_BUDGET, TERMS_PARAMETERS, termsStatement } from './terms-statement.ts';

/** A word of the query with all its lexemes, and the weight of each relative to that of the stem, 1. */
export type Term = {
  word: string;
  lexemes: string[];
  weights: number[];
  /** The tsquery of its lexemes. */
  query: string;
  /** The estimated number of rows that have it, if those are too many to read; 0 if they are read and counted. */
  expected: number;
  /** The approximate number of rows that have it. */
  rows: number;
  /** Whether it says little about what is asked for, compared with the other words: a stop word, or a symbol. */
  isWeak: boolean;
};

export type Analysis = {
  terms: Term[];
  /** The approximate number of rows in the corpus. */
  size: number;
  /** A tsquery for the rows that are worth ranking. */
  source: string;
  /** Whether these are retrieved from the whole index, or only from the newest rows. */
  inWholeIndex: boolean;
};

/** The Hebrew prefixes ה ו ב ל מ ש כ, and their combinations. */
const PREFIXES = 'ה ו ב ל מ ש כ וה וב ול ומ וש וכ שה שב של שמ שכ כש כשה מה לכש מש ושה ושב ושל ומה'.split(' ');

/** Hebrew endings of nouns, verbs and possessives, in the letters that `search_normal` writes. */
const ENDINGS = 'ה ת ות י ימ יימ יה ית ו נו ני כמ המ הנ תי תמ יו יכ'.split(' ');

/**
 * For how many words of a query forms and related words are looked up: the MAX_TERMS words that are searched for are among the first ones.
 */
const MAX_EXPANDED = 200;

/** Returns a word, and for a Hebrew word also its forms with each one-letter prefix. */
const withPrefixes = (word: string) =>
  /^[א-ת]/.test(word) ? ['', ...PREFIXES.filter(({ length }) => length === 1)].map((prefix) => prefix + word) : [word];

/**
 * Negated verbs that mean one word, which is looked for with its related words, these verbs among them. Alone they mean the opposite, or
 * other things: to suffer, or to stand up.
 */
const CANNOT_STAND =
  /(?<!\p{L})(?:(?:can['’]?t|cannot|can not) (?<subject>\p{L}+ )?stand(?! (?:up|still|straight|upright|tall|alone|by|on|in|at|near|next|behind|for (?:long|more|\d))(?!\p{L}))|לא סובל(?:ת|ים|ות)?)(?!\p{L})/giu;
const hate = (negated: string, subject = '') => (/[א-ת]/.test(negated) ? 'שונא' : `${subject}hate`);

type Row = Term & {
  isCommon: boolean;
  common: string | null;
  rowsWithAllCommon: number;
  size: number;
  sampled: number;
};

/** Returns what a query asks for, in the words of the rows that are searched; null if it has no words. */
export async function analyseQuery(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  asked: string,
): Promise<Analysis | null> {
  const query = asked.replace(CANNOT_STAND, hate);
  const words = new Set(query.match(SEARCH_WORDS)?.map(normalizeSearchWord));
  const others = [...words].slice(0, MAX_EXPANDED).flatMap((word) => [
    ...listIrregularForms(word).map((form) => ({ word, form, weight: IRREGULAR })),
    ...listRelatedWords(word)
      .flatMap(withPrefixes)
      .map((form) => ({ word, form, weight: query !== asked && form.includes(' ') ? IRREGULAR : RELATED })),
  ]);
  const values = {
    query,
    stopWords: SEARCH_STOP_WORDS,
    prefixes: PREFIXES,
    endings: ENDINGS,
    otherWords: others.map(({ word }) => word),
    otherForms: others.map(({ form }) => form),
    otherWeights: others.map(({ weight }) => weight),
  };
  const parameters = [...scope, ...TERMS_PARAMETERS.map((name) => values[name])];
  const rows = await deps.database.sql<Row>(termsStatement(corpus), parameters, 'anew');
  const [first] = rows;
  return first ? { terms: rows, size: first.size, ...chooseSource(rows, first) } : null;
}

/**
 * Chooses the rows with a rare word and those with all common words; if these are too many, only the rows with a rare word; if no word is
 * rare, the newest rows with any word.
 */
function chooseSource(
  terms: readonly Row[],
  { common, rowsWithAllCommon, size, sampled }: Row,
): Pick<Analysis, 'source' | 'inWholeIndex'> {
  const rare = terms.filter(({ isCommon, isWeak }) => !isCommon && !isWeak);
  const anyOf = (queries: readonly string[]) => queries.map((query) => `(${query})`).join(' | ');
  const queries = rare.map(({ query }) => query);
  if (common === null) return { source: anyOf(queries), inWholeIndex: sampled < size };
  const used = rare.reduce((sum, { rows }) => sum + rows, 0);
  if (used + rowsWithAllCommon <= ROW_BUDGET) return { source: anyOf([...queries, common]), inWholeIndex: true };
  if (rare.length > 0) return { source: anyOf(queries), inWholeIndex: true };
  return { source: anyOf(terms.filter(({ isWeak }) => !isWeak).map(({ query }) => query)), inWholeIndex: false };
}
