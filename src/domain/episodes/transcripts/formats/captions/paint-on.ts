import { splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';
import type { Cue } from './cues.ts';
import { AT_ONCE_SECONDS, hasTimestamp, ROLL_UP_SECONDS, shownOf } from './roll-up.ts';

/** Of all pairs of neighbours, how many say the same or more in files that show a line as it is spoken. */
const MIN_GROWING_SHARE = 1 / 2;

/** Neighbours that do so where lines drop their beginning, or leave a gap: fewer are a song, or somebody who says things twice. */
const MIN_MOVING = 5;

/**
 * Joins captions that show a line as it is spoken: each cue has the words of the one before and the next one, or the same words with
 * another one marked. Words that a cue has from the end of the one before, where a line drops its beginning, are taken out where many do
 * so. What is the same to the letter was said again.
 */
export function joinPaintOnCues(cues: readonly Cue[]): Cue[] {
  const least = Math.max(1, (cues.length - 1) * MIN_GROWING_SHARE);
  const grows = findGrown(cues, ROLL_UP_SECONDS);
  const overlaps = cues.map((cue, index) => (grows[index] ? 0 : countOverlap(cue, cues[index - 1])));
  const moving = grows.filter((grown, index) => grown || overlaps[index]).length;
  if (moving >= Math.max(MIN_MOVING, least)) return joinCues(cues, grows, overlaps);
  const growsAtOnce = findGrown(cues, AT_ONCE_SECONDS);
  return growsAtOnce.filter(Boolean).length < least ? [...cues] : joinCues(cues, growsAtOnce, []);
}

function joinCues(cues: readonly Cue[], grows: readonly boolean[], overlaps: readonly number[]): Cue[] {
  const joined: Cue[] = [];
  let cutBefore = 0;
  for (const [index, cue] of cues.entries()) {
    const before = grows[index] ? joined.pop() : undefined;
    if (!before) cutBefore = overlaps[index] ?? 0;
    joined.push({ ...cue, startSeconds: (before ?? cue).startSeconds, lines: cutWords(cue, cutBefore) });
  }
  return joined;
}

/** Words at the end of a cue that begin the next one where a window moves over what is said; one is a coincidence. */
const MIN_OVERLAP = 2;
/** Words of a line. */
const MAX_OVERLAP = 20;

/** Returns how many words at the beginning are the last ones of the cue before, but not all of it, if more come behind them. */
function countOverlap({ startSeconds, lines }: Cue, before: Cue | undefined): number {
  if (!before?.endSeconds || Math.abs(startSeconds - before.endSeconds) > ROLL_UP_SECONDS) return 0;
  if (lines.length !== 1 || before.lines.length !== 1 || lines[0] !== shownOf(lines[0] ?? '')) return 0;
  const [words, wordsBefore] = [splitWords(lines[0] ?? ''), splitWords(shownOf(before.lines[0] ?? ''))];
  for (let count = Math.min(words.length, wordsBefore.length, MAX_OVERLAP + 1) - 1; count >= MIN_OVERLAP; count -= 1) {
    const isSame = wordsBefore.slice(-count).every((word, index) => word === words[index]);
    if (isSame) return isChant(words.slice(0, count)) ? 0 : count;
  }
  return 0;
}

/** Whether one word is all that is said, again and again: "no, no, no". */
const isChant = (words: readonly string[]): boolean =>
  new Set(words.map((word) => word.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, ''))).size === 1;

function cutWords({ lines }: Cue, count: number): string[] {
  return count === 0
    ? lines
    : [
        splitWords(lines[0] ?? '')
          .slice(count)
          .join(' '),
      ];
}

/** Returns the voice tag of a cue; empty if it has none. */
const voiceOf = (raw: string): string => /<v(?:[\s.][^<>]*)?>/i.exec(raw)?.[0] ?? '';

/** Finds the cues that have the words of the one before, which ends within a time of their start. */
const findGrown = (cues: readonly Cue[], seconds: number): boolean[] =>
  cues.map((cue, index) => isGrownFrom(cue, cues[index - 1], seconds));

function isGrownFrom({ startSeconds, lines }: Cue, before: Cue | undefined, seconds: number): boolean {
  if (!before?.endSeconds || Math.abs(startSeconds - before.endSeconds) > seconds) return false;
  const [raw, rawBefore] = [lines.join('\n'), before.lines.join('\n')];
  if (voiceOf(raw) !== voiceOf(rawBefore)) return false; // somebody else says the same
  if (raw === rawBefore || hasTimestamp(raw) || hasTimestamp(rawBefore)) return false;
  const [text, textBefore] = [shownOf(raw), shownOf(rawBefore)];
  return textBefore !== '' && (text === textBefore || text.startsWith(`${textBefore} `));
}
