import { MOST_IN_MILLISECOND } from './durations.ts';
import { type Fields, isFields } from './fields.ts';
import { areInMinutes, medianRate, type Piece } from './pieces.ts';

/** Where documents have the length of a recording, in seconds: Whisper, AssemblyAI, Deepgram. */
const LENGTHS = [
  'duration',
  'audio_duration',
  'audioDuration',
  'duration_seconds',
  'durationSeconds',
  'total_duration',
];

/** Objects beside the segments that describe the recording. */
const DESCRIPTIONS = ['metadata', 'audio', 'media', 'file'];

const UNITS = ['unit', 'units', 'time_unit', 'timeUnit', 'time_units', 'timeUnits'];

/** Returns the unit of plain times in seconds, where a document states it by name or by lengths that fit one alone; null elsewhere. */
export function findStatedUnit(pieces: readonly Piece[], document: Fields): number | null {
  const described = [document, ...DESCRIPTIONS.map((name) => document[name]).filter(isFields)];
  const named = described.map(readUnit).find((unit) => unit !== null) ?? null;
  if (named !== null) return named;
  if (medianRate(pieces) > MOST_IN_MILLISECOND) return null;
  if (pieces.filter(hasLengthInMilliseconds).length > pieces.length / 2) return 0.001;
  const lengths = described.flatMap((fields) => LENGTHS.map((name) => fields[name]));
  const seconds = lengths.find((length) => typeof length === 'number' && length > 0);
  return typeof seconds === 'number' && endsInMilliseconds(pieces, seconds) ? 0.001 : null;
}

function readUnit(fields: Fields): number | null {
  const unit = UNITS.map((name) => fields[name]).find((value) => typeof value === 'string');
  if (typeof unit !== 'string') return null;
  if (/^(?:ms|msecs?|millis|milliseconds?)$/i.test(unit.trim())) return 0.001;
  return /^(?:s|secs?|seconds?)$/i.test(unit.trim()) ? 1 : null;
}

/** The least length of a piece in milliseconds: fewer may be seconds. */
const MIN_LENGTH = 20;

/** Whether a piece says its length in milliseconds, beside a start and an end that are as far apart. */
const hasLengthInMilliseconds = ({ length, statedMs }: Piece): boolean =>
  length > MIN_LENGTH && statedMs !== null && Math.abs(statedMs - length) <= 1;

/** Which parts of its recording the last piece ends at, in milliseconds: a length in minutes or hours, or of a clip, is none of them. */
const [LEAST_OF_LENGTH, MOST_OF_LENGTH] = [0.5, 1.05];

/** Whether the last piece ends near the end of a recording of so many seconds if its end is in milliseconds. */
function endsInMilliseconds(pieces: readonly Piece[], seconds: number): boolean {
  const last = pieces.reduce((latest, { end }) => Math.max(latest, end), 0) / 1000;
  if (areInMinutes(pieces)) return false;
  return last >= seconds * LEAST_OF_LENGTH && last <= seconds * MOST_OF_LENGTH;
}
