import type { Deps } from '#domain/core/deps.ts';
import { listIrregularForms } from '#domain/text/irregular-forms.ts';
import { listRelatedWords } from '#domain/text/related-words.ts';
import { SEARCH_STOP_WORDS } from '#domain/text/stop-words.ts';
import { normalizeSearchWord, SEARCH_WORDS } from '#domain/text/tokenizers.ts';
import type { Corpus } from './corpus.ts';
import { IRREGULAR, RELATED, ROW_BUDGET, TERMS_PARAMETERS, termsStatement } from './terms-statement.ts';

/** A word of the query, with every lexeme in rows that it stands for, and how much each counts: 1 as the stem does. */
export type Term = {
  word: string;
  lexemes: string[];
  weights: number[];
  /** The tsquery of its lexemes. */
  query: string;
  /** In how many rows it is, where it is in too many to look at them all; else 0: they are counted. */
  expected: number;
  /** In how many rows it is, about. */
  rows: number;
  /** Whether it says little of what is asked for, beside the other words: a stop word, or a symbol. */
  isWeak: boolean;
};

export type Analysis = {
  terms: Term[];
  /** How many rows there are, about. */
  size: number;
  /** A tsquery: which rows are worth ranking. */
  source: string;
  /** Whether these are looked for in the whole index, or among the newest rows. */
  inWholeIndex: boolean;
};

/** The Hebrew prefixes ה ו ב ל מ ש כ, and how they combine. */
const PREFIXES = 'ה ו ב ל מ ש כ וה וב ול ומ וש וכ שה שב של שמ שכ כש כשה מה לכש מש ושה ושב ושל ומה'.split(' ');

/** Hebrew endings of nouns, verbs and what belongs to somebody, in the letters that `search_normal` writes. */
const ENDINGS = 'ה ת ות י ימ יימ יה ית ו נו ני כמ המ הנ תי תמ יו יכ'.split(' ');

/** Words of a query at most for which others are looked for: those that are asked for (MAX_TERMS) are among the first ones. */
const MAX_EXPANDED = 200;

/** Returns a word, and where it is a Hebrew one, with each prefix of one letter. */
const withPrefixes = (word: string) =>
  /^[א-ת]/.test(word) ? ['', ...PREFIXES.filter(({ length }) => length === 1)].map((prefix) => prefix + word) : [word];

type Row = Term & {
  isCommon: boolean;
  common: string | null;
  rowsWithAllCommon: number;
  size: number;
  sampled: number;
};

/** Returns what a query asks for, in the words of the rows it is asked of; null where it has no word. */
export async function analyseQuery(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  query: string,
): Promise<Analysis | null> {
  const words = new Set(query.match(SEARCH_WORDS)?.map(normalizeSearchWord));
  const others = [...words].slice(0, MAX_EXPANDED).flatMap((word) => [
    ...listIrregularForms(word).map((form) => ({ word, form, weight: IRREGULAR })),
    ...listRelatedWords(word)
      .flatMap(withPrefixes)
      .map((form) => ({ word, form, weight: RELATED })),
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

/** Rows with a rare word, and rows with all the common ones; where there are too many of either, the newest with any word. */
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
