export type TranscriptFormat = 'SRT' | 'VTT' | 'JSON' | 'TEXT';

/** One spoken word. Times are seconds from the start of the recording; confidence is 0 to 1. */
export type TimedWord = {
  text: string;
  startSeconds: number;
  endSeconds: number;
  confidence: number | null;
};

/**
 * A timed piece of a transcript, usually what one caption shows. Times are seconds from the start of the recording, to
 * the millisecond; confidence is 0 to 1. `words` are there only where the source timed them, and then they are exactly
 * the words of `text`: `words.map((word) => word.text).join(' ') === text`.
 */
export type ParsedSegment = {
  startSeconds: number;
  endSeconds: number;
  text: string;
  speaker: string | null;
  confidence: number | null;
  words: TimedWord[] | null;
};

/** A segment as a source states it, before it is put in order: the end may be missing, and times may contradict. */
export type SourceSegment = Omit<ParsedSegment, 'endSeconds'> & { endSeconds: number | null };

/** What is wrong with a source, on which line of it (from 1), in a sentence that says what is allowed. */
export type ParseProblem = { line: number | null; reason: string };

/** What a format's reader found, and the first thing that it could not read. */
export type ReadResult = { segments: SourceSegment[]; problem: ParseProblem | null };
