import { isNonSpeech } from '#domain/episodes/transcripts/text/non-speech.ts';
import { endOf, type Fields, isFields, startOf } from './fields.ts';
import type { JsonSource } from './source.ts';

/**
 * Finds the unit of times, in seconds: those of AssemblyAI and of tables are milliseconds unless most pieces are speech only in
 * seconds, others are seconds unless much speaks against it; `guessed` then. Times that are no whole numbers have the unit that is
 * expected.
 */
export function findTimeUnit(list: unknown, isExpectedInMs: boolean): Pick<JsonSource, 'unit' | 'guessed'> {
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
  const isLate = pieces.some(({ end }) => end > MIN_LAST_END);
  return pieces.length >= MIN_PIECES && isLate && median <= MOST_IN_MILLISECOND;
}

/** Something spoken: where it ends, and its characters in a unit of time. */
type Piece = { end: number; rate: number };

/** Returns what is spoken, without sounds; null where times are no whole numbers. */
function readPieces(list: readonly Fields[]): Piece[] | null {
  const pieces: Piece[] = [];
  for (const fields of list) {
    const start = startOf(fields);
    const duration = fields.duration ?? fields.dur;
    const end = endOf(fields) ?? (typeof start === 'number' && typeof duration === 'number' ? start + duration : null);
    const text = fields.body ?? fields.text ?? fields.word ?? fields.value;
    if (typeof start !== 'number' || typeof end !== 'number' || typeof text !== 'string') continue;
    if (!Number.isInteger(start) || !Number.isInteger(end)) return null;
    const clean = text.trim();
    if (end > start && clean !== '' && !isNonSpeech(clean)) pieces.push({ end, rate: clean.length / (end - start) });
  }
  return pieces;
}
