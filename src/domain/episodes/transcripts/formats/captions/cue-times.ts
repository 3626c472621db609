import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { CLOCK, narrowClocks, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';

/** The times of a cue as written; `text` is what stands after them and is no setting. */
export type CueTimes = { startSeconds: number; endSeconds: number; text: string };

/** Between the two times: `-->`, and what editors and escaping make of it. */
const ARROW = '(?:-{1,3} ?>|-{1,2} ?&gt;|[–—] ?>|→)';

/** After the second time a space, or a setting that follows at once, as `align:start` and `X1:40`. */
const CUE_TIMES = new RegExp(`^\\s*(${CLOCK})\\s*${ARROW}\\s*(${CLOCK})(?=\\s|$|[a-z][a-z0-9]*[:=])`, 'i');

/** Spaces within a time, as optical recognition leaves them: `00:00: 01, 500`. */
const SPACES_IN_TIME = /(?<=\d) ?([:.,]) ?(?=\d)/g;

/** Milliseconds behind a colon: `00:00:01:500`. */
const COLON_BEFORE_MS = /(\d:\d{1,2}:\d{1,2}):(?=\d{3}(?!\d))/g;

/** Settings of WebVTT and positions of SubRip: `align:start`, `X1:40`. */
const SETTINGS = /^\s*(?:[a-z][a-z0-9]*[:=]\S*\s*)+/i;

/** Times and settings are short; the text after them, which may be long, is not searched. */
const HEAD_CHARACTERS = 200;

/** Reads the line of times above a cue; returns null where it is none that can be read. */
export function parseCueTimes(line: string): CueTimes | null {
  const written = removeDirectionMarks(line.slice(0, HEAD_CHARACTERS));
  const head = CUE_TIMES.test(written) ? written : narrowClocks(written);
  const bare = CUE_TIMES.test(head) ? head : head.replace(SPACES_IN_TIME, '$1').replace(COLON_BEFORE_MS, '$1.');
  const match = CUE_TIMES.exec(bare);
  const startSeconds = parseTimestamp(match?.[1] ?? '');
  const endSeconds = parseTimestamp(match?.[2] ?? '');
  if (!match || startSeconds === null || endSeconds === null) return null;
  const rest = bare.slice(match[0].length) + line.slice(HEAD_CHARACTERS);
  return { startSeconds, endSeconds, text: rest.replace(SETTINGS, '').trim() };
}

/** Two times without an arrow. */
const TIMES_ALONE = /^\s*\d{1,4}:\d[\d\s:.,;>–—-]{0,60}:\d[\d:.,;]{0,20}\s*$/;

/**
 * Whether a line is meant as the times of a cue: an arrow, and a digit or nothing that is a letter. Under the number of a
 * cue two times are enough.
 */
export function isMeantAsTimes(line: string, isUnderNumber: boolean): boolean {
  if (line.includes('-->')) return /\d/.test(line) || !/\p{L}/u.test(line);
  return isUnderNumber && TIMES_ALONE.test(line);
}
