import { isNonSpeech } from '#domain/episodes/transcripts/text/non-speech.ts';
import { durationOf } from './durations.ts';
import { endOf, type Fields, speakerOf, startOf } from './fields.ts';
import { DURATION_NAMES } from './time-names.ts';

/**
 * Something spoken, in the unit of its times: where it begins and ends, how long it is, its characters in a unit, the length that it states
 * in milliseconds, and whether it certainly is no title.
 */
export type Piece = {
  start: number;
  end: number;
  length: number;
  rate: number;
  statedMs: number | null;
  isSpoken: boolean;
};

const SENTENCE_END = /[.?!…؟]["'”’״]?$/;

/** Returns what is spoken, without sounds; null where times are no whole numbers. */
export function readPieces(list: readonly Fields[]): Piece[] | null {
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
    pieces.push({ start, end, length, rate: clean.length / length, statedMs: readStatedMs(fields), isSpoken });
  }
  return pieces;
}

function readStatedMs(fields: Fields): number | null {
  const stated = DURATION_NAMES.inMilliseconds.map((name) => fields[name]).find((value) => typeof value === 'number');
  return typeof stated === 'number' ? stated : null;
}

/** Returns the median of the characters in a unit of time; infinity without pieces. */
export function medianRate(pieces: readonly Piece[]): number {
  const rates = pieces.map(({ rate }) => rate).sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** Whether all pieces have whole minutes, in seconds, as chapters have. */
export const areInMinutes = (pieces: readonly Piece[]): boolean =>
  pieces.every(({ start, end }) => start % 60 === 0 && end % 60 === 0);
