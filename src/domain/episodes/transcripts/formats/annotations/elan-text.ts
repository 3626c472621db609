import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { splitLines } from '#domain/episodes/transcripts/text/clean-text.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { isTooLate, parseTimestamp, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';

/** A time as ELAN exports it: a clock, seconds with decimals, or milliseconds. */
const TIME_CELL = /^(?:\d{1,4}:\d{2}:\d{2}\.\d{1,3}|\d{1,9}\.\d{1,3}|\d{1,12})$/;

/** The heading of a column of times. */
const TIME_HEADING = /^"?(?:Begin Time|End Time|Duration)(?: - |"?$)/i;

/** Characters of a line from which its format is determined. */
const MAX_CHARACTERS = 1000;

/**
 * Whether a line is a row of tab-delimited text of ELAN, without headings or with them: a tier, a participant, at least two times, a text.
 */
export function isElanText(firstLine: string): boolean {
  const cells = firstLine.slice(0, MAX_CHARACTERS).split('\t');
  const timeCells = cells.filter((cell) => /[:.]/.test(cell) && TIME_CELL.test(cell.trim())).length;
  if (cells.length >= 3 && cells.filter((cell) => TIME_HEADING.test(cell.trim())).length >= 2) return true;
  return cells.length >= 4 && timeCells >= 2 && !TIME_CELL.test(cells[0]?.trim() ?? '');
}

/** A row: its times in seconds, and the texts with their speakers. */
type Row = { times: number[]; texts: [speaker: string, text: string][] };

/**
 * Reads tab-delimited text as ELAN exports it. The participant is the speaker, or else the tier; with a column for each tier, the tier. Of
 * each time, the first of its forms (clock, seconds, milliseconds) is read. Throws InvalidTranscript if there are too many turns.
 */
export function readElanText(content: string, warnings: ParseWarnings): SourceTurn[] {
  let headings: string[] | null = null;
  const turns: SourceTurn[] = [];
  let number = 0;
  for (const line of iterateLines(content)) {
    number += 1;
    if (line.trim() === '') continue;
    const cells = line.split('\t').map((cell) => cell.trim());
    if (turns.length === 0 && cells.some((cell) => TIME_HEADING.test(cell))) {
      headings = cells;
      continue;
    }
    const { times, texts } = headings ? readNamedRow(cells, headings) : readRow(cells);
    const [startSeconds, endSeconds = null] = times;
    if (startSeconds === undefined || isTooLate(startSeconds)) {
      const reason = startSeconds === undefined ? 'has no times that can be read.' : TOO_LATE;
      warnings.passOver(number, `This row was skipped: it ${reason}`);
      continue;
    }
    for (const [speaker, text] of texts) {
      const lines = splitLines(text);
      if (lines.length > 0)
        turns.push({ startSeconds, endSeconds, lines, speaker: cleanName(speaker), confidence: null, words: null });
    }
    assertWithinLimit(turns.length);
  }
  return turns.sort((a, b) => a.startSeconds - b.startSeconds);
}

function readRow(cells: readonly string[]): Row {
  const text = cells.at(-1) ?? '';
  const [tier = '', second = ''] = cells;
  const participant = TIME_CELL.test(second) ? '' : second;
  const times = cells.slice(1, -1).filter((cell) => TIME_CELL.test(cell));
  return { times: distinct(times.map(readTime)), texts: [[participant || tier, text]] };
}

function readNamedRow(cells: readonly string[], headings: readonly string[]): Row {
  const times = cells.filter((_cell, index) => TIME_HEADING.test(headings[index] ?? ''));
  const others = headings.flatMap((heading, index) =>
    TIME_HEADING.test(heading) ? [] : [[heading.replace(/^"|"$/g, ''), cells[index] ?? ''] as [string, string]],
  );
  const named = new Map(others.map(([heading, cell]) => [heading.toLowerCase(), cell]));
  const annotation = named.get('annotation') ?? named.get('value');
  const speaker = named.get('participant') || named.get('tier') || named.get('tier name') || '';
  const texts: [string, string][] = annotation === undefined ? others : [[speaker, annotation]];
  return { times: distinct(times.filter((cell) => TIME_CELL.test(cell)).map(readTime)), texts };
}

function readTime(cell: string): number {
  return parseTimestamp(cell) ?? (cell.includes('.') ? Number(cell) : Number(cell) / 1000);
}

/** Returns times without those that repeat the one before in another form: begin, end, duration. */
const distinct = (times: readonly number[]): number[] =>
  times.filter((time, index) => index === 0 || Math.abs(time - (times[index - 1] as number)) > 0.002);
