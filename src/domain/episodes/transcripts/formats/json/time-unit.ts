import { isNonSpeech } from '#domain/episodes/transcripts/text/non-speech.ts';
import { endOf, type Fields, isFields, speakerOf, startOf } from './fields.ts';
import type { JsonSource } from './source.ts';
import { findStatedUnit } from './stated-unit.ts';
import { durationOf } from './time-names.ts';

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
  const stated = Array.isArray(list) ? findStatedUnit(list.filter(isFields), document) : null;
  if (stated !== null) return { unit: stated, guessed: false };
  const pieces = Array.isArray(list) ? readPieces(list.filter(isFields)) : null;
  if (isExpectedInMs) {
    const fast = pieces?.filter(({ rate }) => rate >= LEAST_IN_SECOND).length ?? 0;
    return { unit: pieces && fast > pieces.length / 2 ? 1 : 0.001, guessed: false };
  }
  const guessed = pieces !== null && areInMilliseconds(pieces);
  return { unit: guessed ? 0.001 : 1, guessed };
}

/** Characters in a unit of time: fewer are speech only if it is a millisecond, and more only if it is a second. */
const [MOST_IN_MILLISECOND, LEAST_IN_SECOND] = [0.04, 0.1];

/** Spoken pieces that tell the unit, and where the last of them ends at least, in units: fewer may be chapters of a recording. */
const [MIN_PIECES, MIN_LAST_END] = [5, 10_000];

function areInMilliseconds(pieces: readonly Piece[]): boolean {
  const rates = pieces.map(({ rate }) => rate).sort((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)] ?? Number.POSITIVE_INFINITY;
  if (pieces.length < MIN_PIECES) return pieces.length > 0 && pieces.every(isOnlyInMilliseconds);
  const isLate = pieces.some(({ end }) => end > MIN_LAST_END);
  return isLate && median <= MOST_IN_MILLISECOND;
}

/** Characters of ordinary speech in a millisecond, from slow to fast, and the least length of a piece in units: others may be chapters. */
const [SLOWEST, FASTEST, MIN_LENGTH] = [0.005, 0.03, 400];

/** Whether a piece of a few is said in as many milliseconds, and is no title: it has a speaker or words, or ends as a sentence does. */
const isOnlyInMilliseconds = ({ rate, length, isSpoken }: Piece): boolean =>
  isSpoken && length >= MIN_LENGTH && rate >= SLOWEST && rate <= FASTEST;

const SENTENCE_END = /[.?!…؟]["'”’״]?$/;

/** Something spoken: where it ends and how long it is, its characters in a unit of time, and whether it certainly is no title. */
type Piece = { end: number; length: number; rate: number; isSpoken: boolean };

/** Returns what is spoken, without sounds; null where times are no whole numbers. */
function readPieces(list: readonly Fields[]): Piece[] | null {
  const pieces: Piece[] = [];
  for (const fields of list) {
    const start = startOf(fields);
    const duration = durationOf(fields);
    const end = endOf(fields) ?? (typeof start === 'number' && typeof duration === 'number' ? start + duration : null);
    const text = fields.body ?? fields.text ?? fields.word ?? fields.value;
    if (typeof start !== 'number' || typeof end !== 'number' || typeof text !== 'string') continue;
    if (!Number.isInteger(start) || !Number.isInteger(end)) return null;
    const clean = text.trim();
    if (end <= start || clean === '' || isNonSpeech(clean)) continue;
    const isSpoken = speakerOf(fields) !== undefined || Array.isArray(fields.words) || SENTENCE_END.test(clean);
    const length = end - start;
    pieces.push({ end, length, rate: clean.length / length, isSpoken });
  }
  return pieces;
}
