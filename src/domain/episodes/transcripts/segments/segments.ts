import type { TranscriptSegment } from '#generated/prisma/client.ts';

/** The formats that transcripts are read from and captions written in: SubRip, WebVTT, JSON and plain text in turns. */
export type TranscriptFormat = 'SRT' | 'VTT' | 'JSON' | 'TEXT';

/** A part of a recording, in seconds from its start. */
export type TimeRange = { startSeconds: number; endSeconds: number };

/** One spoken word; `confidence` is 0 to 1, null where the source does not give it. */
export type TimedWord = TimeRange & { text: string; confidence: number | null };

/**
 * A timed piece of a transcript, usually what one caption shows. Times are whole milliseconds; confidence is 0 to 1.
 * `words` are there only where the source timed them, and then they are exactly the words of `text`:
 * `words.map((word) => word.text).join(' ') === text`.
 */
export type ParsedSegment = TimeRange & {
  text: string;
  speaker: string | null;
  confidence: number | null;
  words: TimedWord[] | null;
};

/** A segment as a source states it, before normalizeSegments: the end may be missing, and times may contradict. */
export type SourceSegment = Omit<ParsedSegment, 'endSeconds'> & { endSeconds: number | null };

/** Returns a row as the segment that parseTranscript gave; `words` is stored as JSON of the same shape. */
export function toParsedSegment(row: TranscriptSegment): ParsedSegment {
  const { startSeconds, endSeconds, text, speaker, confidence } = row;
  return { startSeconds, endSeconds, text, speaker, confidence, words: row.words as TimedWord[] | null };
}
