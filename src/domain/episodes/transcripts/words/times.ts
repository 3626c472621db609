import type { ParsedSegment, TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';

/**
 * A word of a transcript; `interpolated` where the source gave no word times and these were spread over the segment.
 */
export type TranscriptWord = TimedWord & { interpolated: boolean };

type SegmentText = Pick<ParsedSegment, 'startSeconds' | 'endSeconds' | 'text' | 'words'>;

/** Returns the words of a segment in order, with the source's times where it has them. */
export function listWords(segment: SegmentText): TranscriptWord[] {
  return [...iterateWords(segment)];
}

/** Yields what listWords returns, one word at a time: a hostile segment may hold millions of them. */
export function* iterateWords(segment: SegmentText): Generator<TranscriptWord> {
  if (!segment.words) yield* spreadWords(segment);
  else for (const word of segment.words) yield { ...word, interpolated: false };
}

/** Returns how many words iterateWords yields. */
export function countWords({ words, text }: Pick<SegmentText, 'text' | 'words'>): number {
  if (words) return words.length;
  let count = text === '' ? 0 : 1;
  for (let space = text.indexOf(' '); space !== -1; space = text.indexOf(' ', space + 1)) count += 1;
  return count;
}

/**
 * Spreads the words of a text over its time in proportion to their characters: the nearest to speech that spelling
 * tells, as longer words take longer to say in English and in Hebrew alike.
 */
function* spreadWords({ text, startSeconds, endSeconds }: SegmentText): Generator<TranscriptWord> {
  const timeAt = (offset: number) => toMillisecond(startSeconds + ((endSeconds - startSeconds) * offset) / text.length);
  for (let from = 0; from < text.length; ) {
    const space = text.indexOf(' ', from);
    const to = space === -1 ? text.length : space;
    const times = { startSeconds: timeAt(from), endSeconds: timeAt(to) };
    yield { text: text.slice(from, to), ...times, confidence: null, interpolated: true };
    from = to + 1;
  }
}
