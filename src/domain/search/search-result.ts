import type { AnswerFeatures } from './answerability.ts';

/** How memories are searched: lexically, by embeddings, or both. Everything else is searched lexically. */
export type SearchMode = 'LEXICAL' | 'SEMANTIC' | 'HYBRID';

export type SearchResult<Hit> = {
  /** One page of the ranking, best first. */
  hits: Hit[];
  /** The mode that was used. */
  mode: SearchMode;
  /** False if nothing is close enough, whatever page is requested. */
  found: boolean;
  /** The lexical features that `found` is derived from; null if no row has any of the words. */
  features: AnswerFeatures | null;
  tookMs: number;
};

/**
 * Whether the same search may soon find something else although nothing was written: because time passes, or because a model is available
 * again.
 */
export type Passing = { isPassing: boolean };

/** Where a text matches a query. */
export type Highlight = {
  /** The passage that matches best, with the matching words between « and »; the text's own « and » become ‹ and ›. */
  snippet: string;
  /** The matching words of the passage, in lower case. */
  matchedWords: ReadonlySet<string>;
  /** The part of the text from which the passage was chosen, at most EXCERPT_LENGTH characters. */
  excerpt: string;
};

type SearchHit = Highlight & {
  /** Higher is better. Only scores of the same search are comparable. */
  score: number;
};

/** `isContext` if the row has no word of the query, and was found by the rows around it. */
type HitWithNeighbours = SearchHit & { isContext: boolean };

/**
 * Returns whether a row has none of the query's words. A weak word that it has is not scored if the row was found by its neighbours
 * only, but is among its matched words.
 */
export const isContext = ({ words, matchedWords }: Pick<Highlight, 'matchedWords'> & { words: number }): boolean =>
  words === 0 && matchedWords.size === 0;

export type MessageHit = HitWithNeighbours & { messageId: string };
export type SegmentHit = HitWithNeighbours & { segmentId: string; episodeId: string };
export type MemoryHit = SearchHit & { memoryId: string; explanation: MatchExplanation };

/** The parts of a memory's score. A part is omitted if that search did not run, or did not find the memory. */
export type MatchExplanation = {
  /** (words + neighbours) × boost; 0 if only the semantic search found it. */
  lexical: number;
  /** The BM25 score of its own words. */
  words?: number;
  /** The shares that it takes from the memories around it in its conversation. */
  neighbours?: number;
  /** The factor for a speaker whom the query names. */
  boost?: number;
  /** The recency factor. */
  recency?: number;
  /** The importance factor. */
  importance?: number;
  /** The cosine similarity of the query's embedding and its own. */
  semantic?: number;
  /** Its rank in the lexical search, from 1, if both searches ran. */
  lexicalRank?: number;
  /** Its rank in the semantic search, from 1, if both searches ran. */
  semanticRank?: number;
};
