import type { Deps } from '#domain/core/deps.ts';
import type { Corpus } from './corpus.ts';
import { datesIn } from './dates.ts';
import { queryText } from './query-text.ts';
import { type Ranked, rank } from './rank.ts';
import { rolesIn } from './roles.ts';
import { snippetOf } from './snippet.ts';
import { analyse } from './terms.ts';

/**
 * So much of the query, by weight of its words, one row has to have. Of 197 questions that a long conversation answers this
 * takes 8 for unanswered; of 40 that it does not, but most of which share words with it, it takes 8 for answered.
 */
const ENOUGH = 0.25;

export type Search = {
  /** Best first. */
  hits: Ranked[];
  /** False where even the best has too little of the query: then `hits` are the least bad ones. */
  found: boolean;
  /** The passage of a text that matches, marked. */
  snippet: (text: string) => string;
};

/** The rows of a corpus that answer a query. `scope` are the corpus' own values. Throws BadUserInput. */
export async function search(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  { query, limit }: { query: string; limit: number },
): Promise<Search> {
  const text = queryText(query);
  const analysis = await analyse(deps, corpus, scope, text);
  if (!analysis) return { hits: [], found: false, snippet: (text) => snippetOf(text, []) };
  const wishes = { dates: corpus.saidAt ? datesIn(text, deps.now()) : null, roles: rolesIn(text), limit };
  const hits = limit === 0 ? [] : await rank(deps, corpus, scope, analysis, wishes);
  const lexemes = analysis.terms.flatMap((term) => term.lexemes);
  return { hits, found: (hits[0]?.coverage ?? 0) >= ENOUGH, snippet: (text) => snippetOf(text, lexemes) };
}
