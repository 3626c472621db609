import type { AnswerFeatures } from './answerability.ts';

/** How memories are searched: by their words, by their meaning, or by both. Everything else is searched by words. */
export type SearchMode = 'LEXICAL' | 'SEMANTIC' | 'HYBRID';

/** What a search of messages, memories or transcripts returns. */
export type SearchResult<Hit> = {
  /** One page of the ranking, best first. */
  hits: Hit[];
  /** What ran. */
  mode: SearchMode;
  /** False where nothing is close enough, whatever page is asked for. */
  found: boolean;
  /** What the words have `found` judged by; null where no row has any. */
  features: AnswerFeatures | null;
  /** Milliseconds. */
  tookMs: number;
};

/** Whether the same search may find something else a moment later, though nothing was written: by the clock, or by a model that is back. */
export type Passing = { isPassing: boolean };

/** Where a text matches a query. */
export type Highlight = {
  /** The passage that matches best, with the matching words between « and »; those of the text itself become ‹ and ›. */
  snippet: string;
  /** The matching words of the passage, as the text has them but in small letters. */
  matchedWords: ReadonlySet<string>;
  /** The part of the text that the passage was chosen from, at most EXCERPT_LENGTH characters. */
  excerpt: string;
};

type SearchHit = Highlight & {
  /** Greater is better; scores of one search can be compared, and no others. */
  score: number;
};

export type MessageHit = SearchHit & { messageId: string };
export type SegmentHit = SearchHit & { segmentId: string; episodeId: string };
export type MemoryHit = SearchHit & { memoryId: string; explanation: MatchExplanation };

/** What the score of a memory is made of. A part is missing where that search did not run, or did not find the memory. */
export type MatchExplanation = {
  /** (words + neighbours) × boost; 0 where only the meaning was found. */
  lexical: number;
  /** The BM25 of its own words. */
  words?: number;
  /** What the memories around it in its conversation give. */
  neighbours?: number;
  /** The factor for a speaker whom the query names. */
  boost?: number;
  /** The factor for its age. */
  recency?: number;
  /** The factor for its importance. */
  importance?: number;
  /** The cosine of the query's embedding and its own. */
  semantic?: number;
  /** Its rank among what was found by words, from 1, where both searches ran. */
  lexicalRank?: number;
  /** Its rank among what was found by meaning, from 1, where both searches ran. */
  semanticRank?: number;
};
