import { endOf, type Fields, isFields, startOf } from './fields.ts';
import { DURATION_NAMES } from './time-names.ts';

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
export function findStatedUnit(items: readonly Fields[], document: Fields): number | null {
  const described = [document, ...DESCRIPTIONS.map((name) => document[name]).filter(isFields)];
  const named = described.map(readUnit).find((unit) => unit !== null) ?? null;
  if (named !== null) return named;
  if (items.some(hasLengthInMilliseconds)) return 0.001;
  const lengths = described.flatMap((fields) => LENGTHS.map((name) => fields[name]));
  const seconds = lengths.find((length) => typeof length === 'number' && length > 0);
  return typeof seconds === 'number' && endsInMilliseconds(items, seconds) ? 0.001 : null;
}

function readUnit(fields: Fields): number | null {
  const unit = UNITS.map((name) => fields[name]).find((value) => typeof value === 'string');
  if (typeof unit !== 'string') return null;
  if (/^(?:ms|msecs?|millis|milliseconds?)$/i.test(unit.trim())) return 0.001;
  return /^(?:s|secs?|seconds?)$/i.test(unit.trim()) ? 1 : null;
}

/** Whether a piece says its length in milliseconds, beside a start and an end that are as far apart. */
function hasLengthInMilliseconds(fields: Fields): boolean {
  const [start, end] = [startOf(fields), endOf(fields)];
  if (typeof start !== 'number' || typeof end !== 'number' || end <= start) return false;
  return DURATION_NAMES.inMilliseconds.some((name) => Math.abs(Number(fields[name]) - (end - start)) <= 1);
}

/** How far the last end may be after the end of its recording, as programs round. */
const TOLERANCE = 1.05;

/** Whether the last piece ends within a recording of so many seconds only if its end is in milliseconds. */
function endsInMilliseconds(items: readonly Fields[], seconds: number): boolean {
  const last = items.reduce((latest, fields) => {
    const end = endOf(fields) ?? startOf(fields);
    return typeof end === 'number' ? Math.max(latest, end) : latest;
  }, 0);
  return last > seconds * 20 && last / 1000 <= seconds * TOLERANCE + 1;
}
