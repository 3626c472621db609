/** An object whose fields have times. */
type Fields = Record<string, unknown>;

/** Names that say the unit of a time, of any program: `startMs`, `end_time_ms`, `durationSeconds`. */
const namesOf = (words: readonly string[], units: readonly string[]): string[] =>
  words.flatMap((word) =>
    units.flatMap((unit) => [`${word}_${unit}`, `${word}${(unit[0] as string).toUpperCase()}${unit.slice(1)}`]),
  );

const [MILLISECONDS, SECONDS] = [
  ['ms', 'millis', 'milliseconds'],
  ['seconds', 'sec', 'secs'],
];
const [STARTS, ENDS, DURATIONS] = [
  ['start', 'start_time', 'startTime', 'begin', 'offset', 'timestamp', 'time'],
  ['end', 'end_time', 'endTime', 'stop'],
  ['duration', 'dur', 'length', 'audio_duration'],
];

/** The names of a time that say its unit, and those that do not, or say seconds. */
type Names = { inMilliseconds: readonly string[]; inSeconds: readonly string[] };

const withUnits = (words: readonly string[]): Names => ({
  inMilliseconds: namesOf(words, MILLISECONDS),
  inSeconds: namesOf(words, SECONDS),
});

export const [START_NAMES, END_NAMES, DURATION_NAMES] = [withUnits(STARTS), withUnits(ENDS), withUnits(DURATIONS)];

/** Returns the first of the named fields that is not null, read in its unit; null if there is none. */
export function readNamedTime(
  fields: Fields,
  { inMilliseconds, inSeconds }: Names,
  read: (value: unknown, unit: number) => number | null,
): number | null {
  for (const name of inMilliseconds) if (fields[name] != null) return read(fields[name], 0.001);
  for (const name of inSeconds) if (fields[name] != null) return read(fields[name], 1);
  return null;
}
