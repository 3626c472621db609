import { findKeyWords } from '#domain/text/key-words.ts';
import { decodePages, type SegmentPages } from './segments/pages.ts';
import { splitIntoSentences } from './sentences/sentences.ts';

/**
 * Returns the `count` words that say most about what a transcript speaks of, best first, without the names of its
 * speakers.
 */
export function findKeyWordsOfPages({ pages, count }: { pages: SegmentPages; count: number }): string[] {
  const segments = [...decodePages(pages)];
  const speakers = new Set(segments.map(({ speaker }) => speaker?.toLowerCase()));
  const words = findKeyWords(splitIntoSentences(segments), count + speakers.size);
  return words.filter((word) => !speakers.has(word.toLowerCase())).slice(0, count);
}
