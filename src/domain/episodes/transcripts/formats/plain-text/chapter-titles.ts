import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { isTimeInWords } from '#domain/episodes/transcripts/text/spoken-times.ts';
import { CLOCK, narrowClocks, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';

const TIME_ALONE = new RegExp(`^${CLOCK}$`);

/** Characters of a line that can be a time alone, or a title. */
const MAX_CHARACTERS = 150;

/** Of the times, how many have one line below in a text whose chapters have titles. */
const MIN_SHARE = 0.7;

/**
 * Finds the lines, numbered from 1, that are titles of chapters in what YouTube gives to copy: times stand alone, each has one line below,
 * and a title is a second one, above the next time. The first chapter has one above the first time.
 */
export function findChapterTitles(lines: Iterable<string>): Set<number> {
  const titles = new Set<number>();
  let [number, times, single, own, last, seconds] = [0, 0, 0, 0, 0, -1];
  let hasFirstTitle = false;
  for (const line of lines) {
    number += 1;
    const bare = narrowClocks(removeDirectionMarks(line.slice(0, MAX_CHARACTERS)).trim());
    if (bare === '' || (own === 0 && isTimeInWords(bare, seconds))) continue;
    if (!TIME_ALONE.test(bare)) {
      own += 1;
      last = number;
      continue;
    }
    if (times === 0) hasFirstTitle = own > 0;
    else if (own === 2) titles.add(last);
    else if (own === 1) single += 1;
    else return new Set();
    seconds = parseTimestamp(bare) ?? -1;
    times += 1;
    own = 0;
  }
  if (own === 1) single += 1;
  return hasFirstTitle && own < 2 && single >= times * MIN_SHARE ? titles : new Set();
}
