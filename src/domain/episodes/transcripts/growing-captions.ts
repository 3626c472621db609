import { splitWords } from './clean-text.ts';
import type { Cue } from './cues.ts';
import { hasTimestamp, ROLL_UP_SECONDS, shownOf } from './roll-up.ts';

/** Of all pairs of neighbours, how many say the same or more in files that show a line as it is spoken. */
const MIN_GROWING_SHARE = 1 / 2;

/**
 * Joins captions that show a line as it is spoken: each cue has the words of the one before and the next one, or the same words with
 * another one marked. Words that a cue has from the end of the one before, where a line drops its beginning, are taken out. What is the same to the letter was said again.
 */
export function joinGrowingCues(cues: readonly Cue[]): Cue[] {
  const grows = cues.map((cue, index) => isGrownFrom(cue, cues[index - 1]));
  const overlaps = cues.map((cue, index) => (grows[index] ? 0 : countOverlap(cue, cues[index - 1])));
  const going = grows.filter((grown, index) => grown || overlaps[index]).length;
  if (going < Math.max(1, (cues.length - 1) * MIN_GROWING_SHARE)) return [...cues];
  const joined: Cue[] = [];
  let cutBefore = 0;
  for (const [index, cue] of cues.entries()) {
    const before = grows[index] ? joined.pop() : undefined;
    if (before) joined.push({ ...cue, startSeconds: before.startSeconds, lines: cutWords(cue, cutBefore) });
    else {
      cutBefore = overlaps[index] ?? 0;
      joined.push({ ...cue, lines: cutWords(cue, cutBefore) });
    }
  }
  return joined;
}

/** Words at the end of a cue that begin the next one where a window moves over what is said; one is a coincidence. */
const MIN_OVERLAP = 2;
/** Words of a line. */
const MAX_OVERLAP = 20;

/** Returns how many words at the beginning are the last ones of the cue before, if more come behind them. */
function countOverlap({ startSeconds, lines }: Cue, before: Cue | undefined): number {
  if (!before?.endSeconds || Math.abs(startSeconds - before.endSeconds) > ROLL_UP_SECONDS) return 0;
  if (lines.length !== 1 || before.lines.length !== 1 || lines[0] !== shownOf(lines[0] ?? '')) return 0;
  const [words, wordsBefore] = [splitWords(lines[0] ?? ''), splitWords(shownOf(before.lines[0] ?? ''))];
  for (let count = Math.min(words.length - 1, wordsBefore.length, MAX_OVERLAP); count >= MIN_OVERLAP; count -= 1) {
    if (wordsBefore.slice(-count).every((word, index) => word === words[index])) return count;
  }
  return 0;
}

function cutWords({ lines }: Cue, count: number): string[] {
  return count === 0
    ? lines
    : [
        splitWords(lines[0] ?? '')
          .slice(count)
          .join(' '),
      ];
}

function isGrownFrom({ startSeconds, lines }: Cue, before: Cue | undefined): boolean {
  if (!before?.endSeconds || Math.abs(startSeconds - before.endSeconds) > ROLL_UP_SECONDS) return false;
  const [raw, rawBefore] = [lines.join('\n'), before.lines.join('\n')];
  if (raw === rawBefore || hasTimestamp(raw) || hasTimestamp(rawBefore)) return false;
  const [text, textBefore] = [shownOf(raw), shownOf(rawBefore)];
  return textBefore !== '' && (text === textBefore || text.startsWith(`${textBefore} `));
}
