import { MOST_IN_MILLISECOND } from './durations.ts';
import { type Fields, isFields } from './fields.ts';
import { areInMinutes, medianRate, type Piece, readPieces } from './pieces.ts';
import type { JsonSource } from './source.ts';
import { findStatedUnit } from './stated-unit.ts';

/**
 * Finds the unit of times, in seconds: those of AssemblyAI and of tables are milliseconds unless most pieces are speech only in
 * seconds, others are seconds unless the document says otherwise, or much speaks against it; `guessed` then. Times that are no whole
 * numbers have the unit that is expected.
 */
export function findTimeUnit(
  list: unknown,
  isExpectedInMs: boolean,
  document: Fields = {},
): Pick<JsonSource, 'unit' | 'guessed'> {
  const pieces = Array.isArray(list) ? readPieces(list.filter(isFields)) : null;
  const stated = Array.isArray(list) ? findStatedUnit(pieces ?? [], document) : null;
  if (stated !== null) return { unit: stated, guessed: false };
  if (isExpectedInMs) {
    const fast = pieces?.filter(({ rate }) => rate >= LEAST_IN_SECOND).length ?? 0;
    return { unit: pieces && fast > pieces.length / 2 ? 1 : 0.001, guessed: false };
  }
  const guessed = pieces !== null && areInMilliseconds(pieces);
  return { unit: guessed ? 0.001 : 1, guessed };
}

/** Characters in a unit of time: more are speech only if it is a second. */
const LEAST_IN_SECOND = 0.1;

/** Spoken pieces that tell the unit, and where the last of them ends at least, in units: fewer may be chapters of a recording. */
const [MIN_PIECES, MIN_LAST_END] = [5, 10_000];

/** Sentences that tell the unit where there are few pieces: one may be all that is said in a quarter of an hour. */
const MIN_SENTENCES = 2;

function areInMilliseconds(pieces: readonly Piece[]): boolean {
  if (pieces.length < MIN_PIECES)
    return pieces.length >= MIN_SENTENCES && pieces.every(isOnlyInMilliseconds) && !areInMinutes(pieces);
  const isLate = pieces.some(({ end }) => end > MIN_LAST_END);
  return isLate && medianRate(pieces) <= MOST_IN_MILLISECOND;
}

/** Characters of ordinary speech in a millisecond, from slow to fast, and the least length of a piece in units: others may be chapters. */
const [SLOWEST, FASTEST, MIN_LENGTH] = [0.005, 0.03, 400];

/** Whether a piece of a few is said in as many milliseconds, and is no title: it has a speaker or words, or ends as a sentence does. */
const isOnlyInMilliseconds = ({ rate, length, isSpoken }: Piece): boolean =>
  isSpoken && length >= MIN_LENGTH && rate >= SLOWEST && rate <= FASTEST;
