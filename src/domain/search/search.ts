import type { Deps } from '#domain/core/deps.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';
import { type AnswerFeatures, isAnswered } from './answerability.ts';
import type { Corpus } from './corpus.ts';
import { findDates } from './dates.ts';
import { type Excerpt, readExcerpts } from './excerpts.ts';
import { highlight } from './highlight.ts';
import { checkQuery } from './query-text.ts';
import { type Ranked, rank } from './rank.ts';
import { findRoles } from './roles.ts';
import type { Highlight } from './search-result.ts';
import { analyseQuery } from './terms.ts';

/** The result of a lexical search. */
export type LexicalSearch = {
  /** The best rows of the corpus, best first. */
  ranking: Ranked[];
  /** False if even the best row covers too little of the query: then `ranking` has the least bad ones. */
  found: boolean;
  /** Whether the query names a time, which is relative to now. */
  namesTime: boolean;
  /** The features that `found` is derived from; null if no row has a word of the query. */
  features: AnswerFeatures | null;
  /** Adds to each hit where its text matches the query, and drops hits whose rows have been deleted. */
  highlight: <Hit extends { id: string }>(hits: readonly Hit[]) => Promise<(Hit & Highlight)[]>;
};

/**
 * Ranks the rows of a corpus that answer a query, and returns the best `depth` of them, at most MAX_RANKED. With 0, nothing is ranked, but
 * hits can still be highlighted. `scope` holds the corpus's own parameters. Throws BadUserInput.
 */
export async function search(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  { query, depth }: { query: string; depth: number },
): Promise<LexicalSearch> {
  const text = checkQuery(query);
  const analysis = await analyseQuery(deps, corpus, scope, text);
  if (!analysis)
    return {
      ranking: [],
      found: false,
      namesTime: false,
      features: null,
      highlight: (hits) => highlightHits(deps, corpus, hits, []),
    };
  const dates = corpus.timestamp ? findDates(text, deps.now()) : null;
  const options = { dates, roles: findRoles(text), limit: depth };
  const ranking = depth === 0 ? [] : await rank(deps, corpus, scope, analysis, options);
  const lexemes = analysis.terms.toSorted((a, b) => a.rows - b.rows).flatMap((term) => term.lexemes.map(lastWord));
  const features = ranking[0]?.features ?? null;
  const found = features !== null && isAnswered(features);
  return {
    ranking,
    found,
    namesTime: dates !== null,
    features,
    highlight: (hits) => highlightHits(deps, corpus, hits, lexemes),
  };
}

/** Of "can t stand", which is looked for in "can't stand", only the verb is shown. */
const lastWord = (lexeme: string) => lexeme.slice(lexeme.lastIndexOf(' ') + 1);

async function highlightHits<Hit extends { id: string }>(
  deps: Deps,
  corpus: Corpus,
  hits: readonly Hit[],
  lexemes: readonly string[],
): Promise<(Hit & Highlight)[]> {
  if (hits.length === 0) return [];
  const ids = hits.map(({ id }) => id);
  const highlights = new Map<string, Highlight>();
  const add = (excerpt: Excerpt) => void highlights.set(excerpt.id, highlight(excerpt, lexemes));
  await visitInSlices(await readExcerpts(deps, corpus, ids, lexemes), add);
  return hits.flatMap((hit) => {
    const found = highlights.get(hit.id);
    return found ? [{ ...hit, ...found }] : [];
  });
}
