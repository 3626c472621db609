import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { cleanText } from '#domain/episodes/transcripts/text/clean-text.ts';
import { decodeEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { isTimeInWords } from '#domain/episodes/transcripts/text/spoken-times.ts';
import { IMPOSSIBLE_END, isPossibleEnd, isTooLate, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';
import { findChapterTitles } from './chapter-titles.ts';
import { doNamesFollowTimes } from './names-after-times.ts';
import { countFromFirstTime, countFromFirstTurn, findFirstTimeOfDay, moveToDay } from './times-of-day.ts';
import { doNamesLead, doTimesLead, findNamesBeforeTimes, parseTurnLine, type TurnLine } from './turn-lines.ts';
import { findTwelveHourClocks, type TwelveHourReader } from './twelve-hour-clocks.ts';

/**
 * Reads plain text in turns. A turn begins with a line that has a time, alone or beside a name (`turn-lines.ts`); its text
 * runs to the next such line. A turn ends where its line says, or where the next one starts; the last one's end is left to be
 * estimated. What stands before the first turn (a title, front matter) is passed over. Throws InvalidTranscript where there are too many
 * turns.
 */
export function readPlainText(content: string, warnings: ParseWarnings): SourceTurn[] {
  const twelveHours = findTwelveHourClocks(iterateLines(content));
  const lines = () => iterateLinesWithClocks(content, twelveHours);
  const timesLead = doTimesLead(lines());
  const namesBeforeTimes = findNamesBeforeTimes(lines());
  const namesFollow = !timesLead && doNamesFollowTimes(lines(), twelveHours !== null);
  const titles = timesLead ? new Set() : findChapterTitles(lines());
  const firstTimeOfDay = twelveHours ? null : findFirstTimeOfDay(lines());
  const namesLead = !timesLead && doNamesLead(lines());
  const turns: SourceTurn[] = [];
  let [number, titleLine, previousStart] = [0, 0, 0];
  let open: OpenTurn | null = null;
  let name = '';
  const addLine = (line: string) => {
    if (open) open.lines.push(line);
    else if (line.trim() !== '') titleLine ||= number;
  };
  for (const line of iterateLines(content)) {
    number += 1;
    if (FOOTER.test(line)) {
      warnings.passOver(number, 'This line is of the program that wrote the file, and was passed over.');
      continue;
    }
    if (titles.has(number)) {
      warnings.passOver(number, TITLE);
      continue;
    }
    if (open && isSilent(open) && isTimeInWords(line.trim(), open.startSeconds)) continue;
    const timed = twelveHours ? twelveHours(line, number) : line;
    const turn =
      timed === null
        ? null
        : parseTurnLine(timed, { timesLead, isNameBeforeTime: namesBeforeTimes.has(number), namesFollow });
    if (!turn && namesLead) {
      if (line.trim() === '') continue;
      addLine(name);
      name = line;
      continue;
    }
    if (!turn) {
      addLine(line);
      continue;
    }
    if (firstTimeOfDay !== null) turn.startSeconds = countFromFirstTime(turn.startSeconds, firstTimeOfDay);
    if (twelveHours) moveToDay(turn, open?.startSeconds ?? turn.startSeconds);
    if (open) addTurn(turns, open, turn.startSeconds);
    const { startSeconds, endSeconds } = turn;
    const isEnd = endSeconds === null || isPossibleEnd(startSeconds, endSeconds);
    if (!isEnd) warnings.add(number, `This turn ${IMPOSSIBLE_END}`);
    if (turn.startSeconds < previousStart)
      warnings.add(number, 'This turn begins before the one above it: it was put in the order of time.');
    previousStart = turn.startSeconds;
    if (isTooLate(turn.startSeconds)) warnings.passOver(number, `This turn was passed over: it ${TOO_LATE}`);
    open = { ...turn, isEnd, speaker: turn.speaker ?? cleanName(name), lines: [turn.text] };
    name = '';
  }
  addLine(name);
  if (open) addTurn(turns, open, null);
  if (twelveHours) countFromFirstTurn(turns);
  if ((twelveHours || firstTimeOfDay !== null) && turns.length > 0) warnings.add(null, TIMES_OF_DAY);
  if (!open) warnings.passOver(1, NO_TURNS);
  else if (titleLine > 0)
    warnings.passOver(titleLine, 'What stands above the first line with a time is no part of the transcript.');
  return turns;
}

/** Yields the lines of a file, with clocks of 24 hours where `read` finds those of twelve hours. */
function* iterateLinesWithClocks(content: string, read: TwelveHourReader | null): Generator<string> {
  let number = 0;
  for (const line of iterateLines(content)) {
    number += 1;
    yield read?.(line, number) ?? line;
  }
}

/** A turn whose text is read; `isEnd` is false where its line states an end that cannot be. */
type OpenTurn = TurnLine & { isEnd: boolean; lines: string[] };

/** Whether nothing was read yet but the line of a time. */
const isSilent = ({ lines, speaker }: OpenTurn): boolean => speaker === null && lines.length === 1 && lines[0] === '';

function addTurn(turns: SourceTurn[], open: OpenTurn, nextStart: number | null): void {
  const { startSeconds, speaker, lines } = open;
  const clean = lines.map((line) => cleanText(decodeEscapes(line))).filter((line) => line !== '');
  if (clean.length === 0 || isTooLate(startSeconds)) return;
  const until = nextStart !== null && nextStart > startSeconds ? nextStart : null;
  const endSeconds = open.isEnd ? (open.endSeconds ?? until) : null;
  turns.push({ startSeconds, endSeconds, lines: clean, speaker, confidence: null, words: null });
  assertWithinLimit(turns.length);
}

const TIMES_OF_DAY =
  'The times are those of a day, as Zoom saves captions, and chats are copied: they were counted from the first line, which begins at 0.';

const TITLE =
  'This line is above a time where others have one line below theirs: it was passed over, as the title of a chapter.';

/** Lines that Google Meet, Otter, Rev and Teams write around the turns. */
const FOOTER =
  /^\s*(?:Meeting ended after \d|Transcribed by https?:|This editable transcript was computer generated|\S.{0,60} (?:started|stopped) transcription\s*$)/;

const NO_TURNS = 'No line begins a turn: give each turn a line such as "Ann: 00:01:30" above its text.';
