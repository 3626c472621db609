import type { Deps } from '#domain/core/deps.ts';
import { SEARCH_STOP_WORDS } from '#domain/text/stop-words.ts';
import { normalizeSearchWord, SEARCH_WORDS } from '#domain/text/tokenizers.ts';
import { wordSet } from '#domain/text/word-set.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import type { AnswerFeatures } from './answerability.ts';
import type { Corpus } from './corpus.ts';
import type { Dates } from './dates.ts';
import { RANK_PARAMETERS, rankStatement } from './rank-statement.ts';
import type { Analysis, Term } from './terms.ts';

/** A row that was found, and the parts of its score: (words + neighbours) × boost × recency × importance. */
export type Ranked = {
  id: string;
  /** Its conversation or episode; null for a memory without one. */
  parent: string | null;
  score: number;
  /** The BM25 score of its own words. */
  words: number;
  /** The shares that it takes from the rows around it. */
  neighbours: number;
  /** The factor for its speaker, if the query names one, and for its role. */
  boost: number;
  recency: number;
  importance: number;
  /** The same in every row. */
  features: AnswerFeatures;
};

/** What a query asks for apart from its words, and how many rows to return: at most MAX_RANKED. */
export type RankOptions = { dates: Dates | null; roles: readonly MessageRole[]; limit: number };

/**
 * The factor for a word that no row has, in what has to be covered: it shows that the query asks for something else. It is lower for
 * Hebrew, because Hebrew words have more forms than are known here. With 1.5 for all, the share of unanswerable questions that find nothing
 * falls from 72 to 60 % in the English tuning dialogues, as memories, and the share of answerable ones that find something rises from 85 to
 * 87 %.
 */
const MISSING = { hebrew: 1.5, other: 2 };

/**
 * The weight of a weak word (terms.ts) beside others: it separates rows that are otherwise equal. Chosen: 0 changes no figure of `npm run
 * bench:search`.
 */
const WEAK = 0.2;

/** Words that only qualify what is asked for, as normalized by `search_normal`. */
const QUALIFIERS = wordSet(
  'favourite favourites favorite favorites אהוב אהובה אהובימ אהובות האהוב האהובה האהובימ האהובות',
);

/**
 * The weight of a qualifier: less than that of other words, so that it covers nothing beside them. A favourite colour is no favourite food.
 */
const QUALIFYING = 0.9;

const STOP_WORDS: ReadonlySet<string> = new Set(SEARCH_STOP_WORDS);

/** Returns the rows that answer best, by the BM25 of their words and their neighbours' shares; ties by the greater id. */
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
  const values: Record<(typeof RANK_PARAMETERS)[number], unknown> = {
    source,
    term: variants.map(({ term }) => term),
    lexeme: variants.map(({ lexeme }) => lexeme),
    weight: variants.map(({ weight }) => weight),
    expected: terms.map(({ expected }) => expected),
    ...weighTerms(corpus, terms, dates),
    size,
    from: dates?.from ?? null,
    to: dates?.to ?? null,
    roles,
    limit,
  };
  const statement = rankStatement(corpus, inWholeIndex ? `${corpus.table} d` : corpus.newest);
  const parameters = [...scope, ...RANK_PARAMETERS.map((name) => values[name])];
  return deps.database.sql<Ranked>(statement, parameters, 'anew');
}

/** Returns the weights of the terms. Words of a date only say when, unless there are no others: then they are what is asked for. */
function weighTerms(corpus: Corpus, terms: readonly Term[], dates: Dates | null) {
  const dateWords = new Set((dates?.phrase.match(SEARCH_WORDS) ?? []).map(normalizeSearchWord));
  const isOfDate = ({ word }: Term) => dateWords.has(word);
  const onlyDates = dates !== null && terms.every((term) => isOfDate(term) || STOP_WORDS.has(term.word));
  const byTime = corpus.isFoundByTime && onlyDates;
  const missing = (term: Term) =>
    byTime || isOfDate(term) !== onlyDates ? 0 : MISSING[/[א-ת]/.test(term.word) ? 'hebrew' : 'other'];
  const dateQueries = terms.filter(isOfDate).map(({ query }) => `(${query})`);
  return {
    strength: terms.map(({ isWeak, word }) => (isWeak ? WEAK : QUALIFIERS.has(word) ? QUALIFYING : 1)),
    missing: terms.map(missing),
    dated: dateQueries.join(' & ') || null,
    byTime,
  };
}
