import { isCertainName, isPlausibleName } from '#domain/episodes/transcripts/speakers/names.ts';
import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import type { Cue } from './cues.ts';

/** Cues, and of them those with a name in a line of its own: fewer are captions of two lines. */
const [MIN_CUES, MIN_SHARE] = [6, 0.9];

/** How often a name comes, on average: lines of a song come twice. */
const MIN_TIMES = 3;

/** Reads the first line of cues as whose they are where nearly all begin with a name that comes again and again (Teams). */
export function readNameLines(cues: readonly Cue[]): Cue[] {
  const names = cues.map(({ lines }) => (lines.length > 1 ? nameIn(lines[0] ?? '') : null));
  const named = names.filter((name) => name !== null);
  const isNamed =
    cues.length >= MIN_CUES &&
    named.length >= cues.length * MIN_SHARE &&
    new Set(named).size * MIN_TIMES <= named.length;
  if (!isNamed) return [...cues];
  return cues.map((cue, index) => {
    const [, first = '', ...rest] = cue.lines;
    return names[index] === null ? cue : { ...cue, lines: [`<v ${names[index]}>${first}`, ...rest] };
  });
}

function nameIn(line: string): string | null {
  if (line.length > 100 || /[<>]/.test(line)) return null;
  const bare = removeDirectionMarks(line).trim();
  return isPlausibleName(bare) || isCertainName(bare) ? bare : null;
}
