import type { Heard, HeardSegment } from '#adapters/transcriber/transcriber.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments.ts';
import { isInvented, removeRepeated } from './invented-speech.ts';
import type { Piece } from './plan-pieces.ts';
import { SAMPLE_RATE } from './sound.ts';
import { spreadText } from './spread-text.ts';

/** A piece with what was heard in it. */
export type HeardPiece = Piece & { heard: Heard };

/** The segments of a recording, in seconds from its start; `removed` are those that nobody has said. */
export type AssembledTranscript = { segments: HeardSegment[]; removed: number };

/**
 * Puts together what was heard in pieces: times are counted from the samples at which each was really cut, and what two pieces have in
 * common is there once. Where a transcriber gives no times, words are spread over what is voiced. What a model invents goes.
 */
export function assembleTranscript(pieces: readonly HeardPiece[], silences: readonly TimeRange[]): AssembledTranscript {
  const all = pieces.flatMap((piece, index) => {
    const from = index === 0 || piece.overlapSamples === 0 ? Number.NEGATIVE_INFINITY : middleOfOverlap(piece);
    const next = pieces[index + 1];
    const to = next && next.overlapSamples > 0 ? middleOfOverlap(next) : Number.POSITIVE_INFINITY;
    return segmentsOf(piece, silences).flatMap((segment) => keepBetween(segment, from, to));
  });
  const said = all.filter((segment) => segment.text !== '' && !isInvented(segment));
  const segments = removeRepeated(said);
  return { segments, removed: all.filter(({ text }) => text !== '').length - segments.length };
}

const middleOfOverlap = ({ firstSample, overlapSamples }: Piece) => (firstSample + overlapSamples / 2) / SAMPLE_RATE;

function segmentsOf({ firstSample, endSample, heard }: HeardPiece, silences: readonly TimeRange[]): HeardSegment[] {
  const range = { startSeconds: firstSample / SAMPLE_RATE, endSeconds: endSample / SAMPLE_RATE };
  if (!heard.segments) return spreadText(heard.text, range, silences);
  const shift = (seconds: number) => Math.min(range.endSeconds, range.startSeconds + seconds);
  const moved = <Timed extends TimeRange>(timed: Timed) => ({
    ...timed,
    startSeconds: shift(timed.startSeconds),
    endSeconds: shift(timed.endSeconds),
  });
  return heard.segments.map((segment) => ({ ...moved(segment), words: segment.words?.map(moved) ?? null }));
}

/** Keeps the words of a segment whose middles are between two seconds; all or nothing of one without words. */
function keepBetween(segment: HeardSegment, from: number, to: number): HeardSegment[] {
  const isInside = (range: TimeRange) => {
    const middle = (range.startSeconds + range.endSeconds) / 2;
    return middle >= from && middle < to;
  };
  if (!segment.words) return isInside(segment) ? [segment] : [];
  const words = segment.words.filter(isInside);
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return [];
  if (words.length === segment.words.length) return [segment];
  const text = words.map((word) => word.text).join(' ');
  return [{ ...segment, text, words, startSeconds: first.startSeconds, endSeconds: last.endSeconds }];
}
