import type { Heard, HeardSegment } from '#adapters/transcriber/transcriber.ts';
import { SAMPLE_RATE } from '#domain/episodes/media/sound/pcm.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { isHallucinated, removeRepeated } from './hallucinations.ts';
import { joinPieces } from './join-pieces.ts';
import type { Piece } from './plan-pieces.ts';
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
  const parts = pieces.map((piece) => segmentsOf(piece, silences));
  for (const [index, piece] of pieces.entries()) {
    const [before, after] = [parts[index - 1], parts[index]];
    if (before && after && piece.overlapSamples > 0)
      [parts[index - 1], parts[index]] = joinPieces(before, after, overlapOf(piece));
  }
  const all = parts.flat();
  const said = all.filter((segment) => segment.text !== '' && !isHallucinated(segment));
  const segments = removeRepeated(said);
  return { segments, removed: all.filter(({ text }) => text !== '').length - segments.length };
}

const overlapOf = ({ firstSample, overlapSamples }: Piece): TimeRange => ({
  startSeconds: firstSample / SAMPLE_RATE,
  endSeconds: (firstSample + overlapSamples) / SAMPLE_RATE,
});

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
