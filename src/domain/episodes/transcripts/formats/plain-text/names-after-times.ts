import { isCertainName, isFullName, isPlausibleName } from '#domain/episodes/transcripts/speakers/names.ts';
import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { CLOCK, narrowClocks } from '#domain/episodes/transcripts/text/timestamps.ts';

/** A time, and what stands behind it: `[00:00:04.02] - Gil`, `@0:07 - Noa (Acme)`. */
const TIME_AND_REST = new RegExp(`^@?[([]?${CLOCK}[)\\]]?(\\s*[-–|](?=\\s))?\\s+(\\S.*)$`);

const MAX_CHARACTERS = 100;

/** Of the lines that begin with a time, how many have nothing but a name behind it, and a text below. */
const MIN_SHARE = 0.9;

/**
 * Whether turns begin with a line of a time and a name, which comes again, is a full name, or stands behind a dash. In a chat, whose times
 * are those of a day, any name is enough.
 */
export function doNamesFollowTimes(lines: Iterable<string>, isChat: boolean): boolean {
  const names = new Map<string, number>();
  let [timed, named, dashed, full, followed, isOpen] = [0, 0, 0, 0, 0, false];
  for (const line of lines) {
    const bare = narrowClocks(removeDirectionMarks(line.slice(0, MAX_CHARACTERS)).replace(/\*\*/g, '').trim());
    if (bare === '') continue;
    const [, dash, rest] = TIME_AND_REST.exec(bare) ?? [];
    if (rest === undefined) {
      if (isOpen) followed += 1;
      isOpen = false;
      continue;
    }
    timed += 1;
    const isName = line.length <= MAX_CHARACTERS && (isPlausibleName(rest) || isCertainName(rest));
    isOpen = isName;
    if (!isName) continue;
    named += 1;
    names.set(rest, (names.get(rest) ?? 0) + 1);
    if (dash !== undefined) dashed += 1;
    if (isFullName(rest.replace(/ \([^()]*\)$/, ''))) full += 1;
  }
  if (named < 2 || named < timed * MIN_SHARE || followed < named * MIN_SHARE) return false;
  return isChat || names.size <= named / 2 || dashed === named || full === named;
}
