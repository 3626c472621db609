import { cleanText } from '#domain/episodes/transcripts/text/clean-text.ts';
import { decodeEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import type { Cue } from './cues.ts';

/** Captions show a line again within this time of the cue that had it first. YouTube's follow at once, others leave a gap. */
export const ROLL_UP_SECONDS = 1;

/** Rows that roll-up captions show at once, at most (CTA-608 has two to four). */
export const MAX_ROWS = 4;

/** YouTube's follow within this time. */
export const AT_ONCE_SECONDS = 0.1;

/** Where a gap is left, as between what is sung again: cues that roll, and how many of all pairs of neighbours. */
const [MIN_ROLLING_WITH_GAPS, MIN_SHARE_WITH_GAPS] = [3, 1 / 2];

/** Lines of a cue that may be one of roll-up captions, empty ones among them. */
const MAX_LINES = 2 * MAX_ROWS;

/** Of all pairs of neighbours, how many roll in files that do: half of YouTube's, where a cue of 10 ms stands between. */
const MIN_ROLLING_SHARE = 1 / 4;

/** A line as it is shown, and as it is written. */
type Row = { shown: string; line: string };

/**
 * Removes the repeated lines of roll-up captions, as YouTube's automatic ones are: every cue shows the lines before it once
 * more, above the new one. Where a quarter of the cues plainly do that (the last lines stand above a new one), lines that
 * have been shown are taken out. Elsewhere what is repeated was said again.
 */
export function removeRollUpRepeats(cues: readonly Cue[]): Cue[] {
  const rows = cues.map(({ lines }) => (lines.length > MAX_LINES ? [] : readRows(lines)));
  const atOnce = countRepeats(cues, rows, AT_ONCE_SECONDS);
  const withGaps = countRepeats(cues, rows, ROLL_UP_SECONDS);
  const isRolling =
    countRolling(rows, withGaps) >= Math.max(MIN_ROLLING_WITH_GAPS, (cues.length - 1) * MIN_SHARE_WITH_GAPS);
  const repeats = isRolling ? withGaps : atOnce;
  if (countRolling(rows, repeats) < Math.max(1, (cues.length - 1) * MIN_ROLLING_SHARE)) return [...cues];
  return cues.map((cue, index) => {
    const lines = rows[index]?.slice(repeats[index]).map(({ line }) => line);
    return repeats[index] ? { ...cue, lines: lines ?? [] } : cue;
  });
}

/** Counts the cues that have a new line under those that are shown again. */
const countRolling = (rows: readonly Row[][], repeats: readonly number[]): number =>
  rows.filter((own, index) => (repeats[index] ?? 0) > 0 && own.length > (repeats[index] ?? 0)).length;

/** Counts for each cue how many lines at its top are the last ones that were shown within a time, none of them twice. */
function countRepeats(cues: readonly Cue[], rows: readonly Row[][], seconds: number): number[] {
  let shown: string[] = [];
  let shownUntil = Number.NEGATIVE_INFINITY;
  return cues.map(({ startSeconds, endSeconds }, index) => {
    const own = rows[index] ?? [];
    const repeats = startSeconds <= shownUntil + seconds ? countTop(own, shown) : 0;
    shown = [...shown, ...own.slice(repeats).map((row) => row.shown)].slice(-MAX_ROWS);
    shownUntil = endSeconds ?? startSeconds;
    return repeats;
  });
}

/** Returns how many lines at the top are the last ones of `shown`. Those with time stamps are new. */
function countTop(own: readonly Row[], shown: readonly string[]): number {
  for (let count = Math.min(own.length, shown.length); count > 0; count -= 1) {
    const top = own.slice(0, count);
    if (top.every((row, at) => row.shown === shown.at(at - count) && !hasTimestamp(row.line))) return count;
  }
  return 0;
}

/** Returns what of a line is shown. */
export const shownOf = (line: string): string => cleanText(decodeEscapes(line.replace(/<[^<>]*>|\{\\[^{}]*\}/g, '')));

function readRows(lines: readonly string[]): Row[] {
  return lines.map((line) => ({ line, shown: shownOf(line) })).filter(({ shown }) => shown !== '');
}

/** Whether a line has times of its words. */
export function hasTimestamp(line: string): boolean {
  return /<\d[\d:.,]*>/.test(line);
}
