import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { ParsedSegment, TimedWord } from './segments.ts';

/**
 * UTF-16 units of a segment's text: 20 minutes of speech, where nobody makes a caption or a turn of more. What is read,
 * written, searched or shown a segment at a time is bounded by it.
 */
export const MAX_SEGMENT_LENGTH = 20_000;

/**
 * Splits a segment that is longer than MAX_SEGMENT_LENGTH between words (within a word that is longer itself), each piece
 * with its part of the time. Takes linear time.
 */
export function splitLongSegment(segment: ParsedSegment): ParsedSegment[] {
  if (segment.text.length <= MAX_SEGMENT_LENGTH) return [segment];
  return segment.words ? splitAtTimedWords(segment, segment.words) : splitInProportion(segment);
}

function splitInProportion(segment: ParsedSegment): ParsedSegment[] {
  const { text, startSeconds, endSeconds } = segment;
  const timeAt = (offset: number) => toMillisecond(startSeconds + ((endSeconds - startSeconds) * offset) / text.length);
  return Array.from(cutText(text), ([from, to]) => ({
    ...segment,
    text: text.slice(from, to),
    startSeconds: timeAt(from),
    endSeconds: timeAt(to),
  }));
}

/** Yields where pieces begin and end; a space between two of them is in neither. */
function* cutText(text: string): Generator<[from: number, to: number]> {
  for (let from = 0; from < text.length; ) {
    const to = from + lengthOfPiece(text.slice(from, from + MAX_SEGMENT_LENGTH + 1));
    yield [from, to];
    from = text[to] === ' ' ? to + 1 : to;
  }
}

/** Returns how much of a text of at most one unit too many fits a piece. */
function lengthOfPiece(text: string): number {
  if (text.length <= MAX_SEGMENT_LENGTH) return text.length;
  const space = text.lastIndexOf(' ');
  if (space > 0) return space;
  const endsInPair = /[\ud800-\udbff]/.test(text.charAt(MAX_SEGMENT_LENGTH - 1));
  return endsInPair ? MAX_SEGMENT_LENGTH - 1 : MAX_SEGMENT_LENGTH;
}

function splitAtTimedWords(segment: ParsedSegment, words: readonly TimedWord[]): ParsedSegment[] {
  const pieces: TimedWord[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const word of words.flatMap(splitLongWord)) {
    length += 1 + word.text.length;
    if (length > MAX_SEGMENT_LENGTH) {
      pieces.push([]);
      length = word.text.length;
    }
    pieces.at(-1)?.push(word);
  }
  return pieces.map((piece) => ({
    ...segment,
    text: piece.map((word) => word.text).join(' '),
    startSeconds: piece[0]?.startSeconds ?? segment.startSeconds,
    endSeconds: piece.at(-1)?.endSeconds ?? segment.endSeconds,
    words: piece,
  }));
}

function splitLongWord(word: TimedWord): TimedWord[] {
  if (word.text.length <= MAX_SEGMENT_LENGTH) return [word];
  return Array.from(cutText(word.text), ([from, to]) => ({ ...word, text: word.text.slice(from, to) }));
}
