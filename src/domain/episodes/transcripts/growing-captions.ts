import type { Cue } from './cues.ts';
import { hasTimestamp, ROLL_UP_SECONDS, shownOf } from './roll-up.ts';

/** Of all pairs of neighbours, how many say the same or more in files that show a line as it is spoken. */
const MIN_GROWING_SHARE = 1 / 2;

/**
 * Joins captions that show a line as it is spoken: each cue has the words of the one before and the next one, or the same words with
 * another one marked. What is the same to the letter was said again.
 */
export function joinGrowingCues(cues: readonly Cue[]): Cue[] {
  const grows = cues.map((cue, index) => isGrownFrom(cue, cues[index - 1]));
  if (grows.filter(Boolean).length < Math.max(1, (cues.length - 1) * MIN_GROWING_SHARE)) return [...cues];
  const joined: Cue[] = [];
  for (const [index, cue] of cues.entries()) {
    const startSeconds = grows[index] ? joined.pop()?.startSeconds : undefined;
    joined.push(startSeconds === undefined ? cue : { ...cue, startSeconds });
  }
  return joined;
}

function isGrownFrom({ startSeconds, lines }: Cue, before: Cue | undefined): boolean {
  if (!before?.endSeconds || Math.abs(startSeconds - before.endSeconds) > ROLL_UP_SECONDS) return false;
  const [raw, rawBefore] = [lines.join('\n'), before.lines.join('\n')];
  if (raw === rawBefore || hasTimestamp(raw) || hasTimestamp(rawBefore)) return false;
  const [text, textBefore] = [shownOf(raw), shownOf(rawBefore)];
  return textBefore !== '' && (text === textBefore || text.startsWith(`${textBefore} `));
}
