import type { MeasuredSound } from '#domain/episodes/media/sound/measure.ts';
import { SAMPLE_RATE } from '#domain/episodes/media/sound/pcm.ts';
import { findSilences, isInaudible, measureLoudness } from '#domain/episodes/media/sound/silences.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';

/**
 * A piece of a recording that is transcribed by itself, in samples. `overlapSamples` at its beginning are also the end of the piece
 * before: there was no pause to cut at.
 */
export type Piece = { firstSample: number; endSample: number; overlapSamples: number };

/** Seconds of a piece: 9.6 MB as WAV, where OpenAI takes 25 MB, and some minutes of a slow model. */
const MAX_PIECE_SECONDS = 300;
/** Where a piece ends, the longest pause of this last part is taken. */
const CUT_WITHIN_SECONDS = 60;
/** A longer silence is not sent: on silence, models of the Whisper kind write what nobody said. */
const MAX_SILENCE_SECONDS = 4;
/** Seconds of silence that stay around speech. */
const MARGIN_SECONDS = 0.25;
/** Less than this by itself is refused by some, so it joins the piece before, or grows. */
const MIN_PIECE_SECONDS = 2;
/** Seconds that pieces have in common which part within speech. */
const OVERLAP_SECONDS = 2;

/**
 * Plans the pieces in which a recording is transcribed, in order; none where there is nothing to hear. The same sound has the same plan.
 */
export function planPieces(sound: MeasuredSound): Piece[] {
  if (isInaudible(measureLoudness(sound), sound)) return [];
  const silences = findSilences(sound);
  const stretches = joinShort(findStretches(silences, sound.seconds), sound.seconds);
  return stretches.flatMap((stretch) => cut(stretch, silences)).map((piece) => toSamples(piece, sound.samples));
}

/** Returns what is between long silences. */
function findStretches(silences: readonly TimeRange[], seconds: number): TimeRange[] {
  const stretches: TimeRange[] = [];
  let start = 0;
  for (const { startSeconds, endSeconds } of silences.filter(isLong)) {
    stretches.push({ startSeconds: start, endSeconds: startSeconds });
    start = endSeconds;
  }
  stretches.push({ startSeconds: start, endSeconds: seconds });
  return stretches
    .filter((stretch) => stretch.endSeconds > stretch.startSeconds)
    .map((stretch) => ({
      startSeconds: Math.max(0, stretch.startSeconds - MARGIN_SECONDS),
      endSeconds: Math.min(seconds, stretch.endSeconds + MARGIN_SECONDS),
    }));
}

const isLong = ({ startSeconds, endSeconds }: TimeRange) => endSeconds - startSeconds > MAX_SILENCE_SECONDS;

/** Joins what is short to what comes before, unless that is far away; what stays short grows. */
function joinShort(stretches: readonly TimeRange[], seconds: number): TimeRange[] {
  const joined: TimeRange[] = [];
  for (const stretch of stretches) {
    const before = joined.at(-1);
    const isShort = stretch.endSeconds - stretch.startSeconds < MIN_PIECE_SECONDS;
    if (before && isShort && stretch.startSeconds - before.endSeconds < 2 * MAX_SILENCE_SECONDS)
      before.endSeconds = stretch.endSeconds;
    else if (isShort) {
      const more = (MIN_PIECE_SECONDS - (stretch.endSeconds - stretch.startSeconds)) / 2;
      joined.push({
        startSeconds: Math.max(before?.endSeconds ?? 0, stretch.startSeconds - more),
        endSeconds: Math.min(seconds, stretch.endSeconds + more),
      });
    } else joined.push({ ...stretch });
  }
  return joined;
}

type OverlappingRange = TimeRange & { overlapSeconds: number };

/** Cuts a stretch into pieces at its longest pauses; where there are none, within speech, with an overlap. */
function cut({ startSeconds, endSeconds }: TimeRange, silences: readonly TimeRange[]): OverlappingRange[] {
  const pieces: OverlappingRange[] = [];
  let start = startSeconds;
  let overlapSeconds = 0;
  while (endSeconds - start > MAX_PIECE_SECONDS) {
    const latest = start + MAX_PIECE_SECONDS;
    const pause =
      findLongest(silences, latest - CUT_WITHIN_SECONDS, latest) ??
      findLongest(silences, start + MIN_PIECE_SECONDS, latest);
    const end = pause ? (pause.startSeconds + pause.endSeconds) / 2 : latest;
    pieces.push({ startSeconds: start, endSeconds: end, overlapSeconds });
    overlapSeconds = pause ? 0 : OVERLAP_SECONDS;
    start = end - overlapSeconds;
  }
  const last = pieces.at(-1);
  if (last && endSeconds - start < MIN_PIECE_SECONDS) last.endSeconds = endSeconds;
  else pieces.push({ startSeconds: start, endSeconds, overlapSeconds });
  return pieces;
}

function findLongest(silences: readonly TimeRange[], from: number, to: number): TimeRange | null {
  let longest: TimeRange | null = null;
  for (const silence of silences) {
    if (silence.startSeconds < from || silence.endSeconds > to) continue;
    if (!longest || lengthOf(silence) > lengthOf(longest)) longest = silence;
  }
  return longest;
}

const lengthOf = ({ startSeconds, endSeconds }: TimeRange) => endSeconds - startSeconds;

function toSamples({ startSeconds, endSeconds, overlapSeconds }: OverlappingRange, samples: number): Piece {
  return {
    firstSample: Math.round(startSeconds * SAMPLE_RATE),
    endSample: Math.min(samples, Math.round(endSeconds * SAMPLE_RATE)),
    overlapSamples: Math.round(overlapSeconds * SAMPLE_RATE),
  };
}
