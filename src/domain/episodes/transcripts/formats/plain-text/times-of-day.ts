import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { CLOCK, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { TurnLine } from './turn-lines.ts';

/** A turn of the captions that Zoom saves: `[Noa Levi] 14:02:11`, a time of the day. */
const ZOOM_TURN = /^\s*\[[^[\]\r\n]{1,100}\]\s{1,4}(\d{2}:\d{2}:\d{2})\s*$/;

const OTHER_TIME = new RegExp(`^\\s*[([@]?${CLOCK}`);

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Characters of a line that can begin a turn. */
const MAX_CHARACTERS = 200;

/**
 * Returns the first time of a file whose turns all begin as Zoom's saved captions do, if that is later than an hour: then these are times
 * of a day. Returns null for other files.
 */
export function findFirstTimeOfDay(lines: Iterable<string>): number | null {
  let first: number | null = null;
  for (const line of lines) {
    const head = line.slice(0, MAX_CHARACTERS);
    const [, clock] = ZOOM_TURN.exec(head) ?? [];
    if (clock !== undefined) first ??= parseTimestamp(clock);
    else if (OTHER_TIME.test(head)) return null;
    if (first !== null && first < HOUR_SECONDS) return null;
  }
  return first;
}

/** Returns the seconds from the first time of a day to a later one, which may be on the next day. */
export function countFromFirstTime(seconds: number, first: number): number {
  const difference = seconds - first;
  return difference < -DAY_SECONDS / 2 ? difference + DAY_SECONDS : Math.max(0, difference);
}

/**
 * Moves a turn of a chat to the day of the turn before it, which began at `previous`, in seconds of the first day, or to the next one if it
 * would be more than an hour before that: lines out of order are nearer.
 */
export function moveToDay(turn: Pick<TurnLine, 'startSeconds' | 'endSeconds'>, previous: number): void {
  const { startSeconds, endSeconds } = turn;
  const start = Math.floor(previous / DAY_SECONDS) * DAY_SECONDS + startSeconds;
  if (start < previous - HOUR_SECONDS) turn.startSeconds = start + DAY_SECONDS;
  else turn.startSeconds = start > previous + DAY_SECONDS - HOUR_SECONDS ? start - DAY_SECONDS : start;
  if (endSeconds === null) return;
  const length = endSeconds - startSeconds;
  turn.endSeconds = turn.startSeconds + (length < -DAY_SECONDS / 2 ? length + DAY_SECONDS : length);
}

/** Counts the times of turns from the first of them. */
export function countFromFirstTurn(turns: readonly SourceTurn[]): void {
  const first = turns[0]?.startSeconds ?? 0;
  for (const turn of turns) {
    turn.startSeconds = Math.max(0, turn.startSeconds - first);
    if (turn.endSeconds !== null) turn.endSeconds = Math.max(0, turn.endSeconds - first);
  }
}
