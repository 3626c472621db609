import type { Deps } from '#domain/core/deps.ts';
import { normalizeSearchWord, SEARCH_WORDS } from '#domain/text/tokenizers.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import type { Corpus } from './corpus.ts';
import type { Dates } from './dates.ts';
import { RANK_PARAMETERS, rankStatement } from './rank-statement.ts';
import type { Analysis, Term } from './terms.ts';
import { queryUnprepared } from './unprepared.ts';

/** A row that was found, and what its score is made of: (words + neighbours) × boost × recency × importance. */
export type Ranked = {
  id: string;
  /** Its conversation or episode; null for a memory of none. */
  parent: string | null;
  score: number;
  /** The BM25 of its own words. */
  words: number;
  /** What it takes from the rows around it. */
  neighbours: number;
  /** The factor for its speaker, where the query names one, and for its role. */
  boost: number;
  recency: number;
  importance: number;
  /** How much of the query the row that covers most of it has, by weight of the words: 0 to 1. The same in every row. */
  coverage: number;
};

/** What a query asks for beside its words, and how many rows are wanted: at most MAX_RANKED are to be had. */
export type RankOptions = { dates: Dates | null; roles: readonly MessageRole[]; limit: number };

/**
 * How much more a word that no row has counts in what has to be covered: it shows that something else is asked for. Hebrew
 * words have more forms than are known here. Without it, the questions without an answer that find nothing fall from 80 to 40 % in
 * podcast B and from 60 to 30 % in Hebrew memories; with 2 in Hebrew, those with an answer that find one fall from 92 to 90 %.
 */
const MISSING = { hebrew: 1.5, other: 2 };

/** Returns the rows that answer best, by BM25 of their words and what their neighbours say; of equals, the greater id first. */
export function rank(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  { terms, size, source, inWholeIndex }: Analysis,
  { dates, roles, limit }: RankOptions,
): Promise<Ranked[]> {
  const variants = terms.flatMap(({ lexemes, weights }, index) =>
    lexemes.map((lexeme, at) => ({ term: index + 1, lexeme, weight: weights[at] })),
  );
  const dateWords = new Set((dates?.phrase.match(SEARCH_WORDS) ?? []).map(normalizeSearchWord));
  const isOfDate = ({ word }: Term) => dateWords.has(word);
  const dateQueries = terms.filter(isOfDate).map(({ query }) => `(${query})`);
  const values: Record<(typeof RANK_PARAMETERS)[number], unknown> = {
    source,
    term: variants.map(({ term }) => term),
    lexeme: variants.map(({ lexeme }) => lexeme),
    weight: variants.map(({ weight }) => weight),
    expected: terms.map(({ expected }) => expected),
    missing: terms.map((term) => (isOfDate(term) ? 0 : MISSING[/[א-ת]/.test(term.word) ? 'hebrew' : 'other'])),
    dated: dateQueries.join(' & ') || null,
    size,
    from: dates?.from ?? null,
    to: dates?.to ?? null,
    roles,
    limit,
  };
  return queryUnprepared<Ranked>(deps, rankStatement(corpus, inWholeIndex ? `${corpus.table} d` : corpus.newest), [
    ...scope,
    ...RANK_PARAMETERS.map((name) => values[name]),
  ]);
}
