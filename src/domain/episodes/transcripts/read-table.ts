import { splitLines } from './clean-text.ts';
import { iterateLines } from './lines.ts';
import type { ParseWarnings } from './parse-warnings.ts';
import { assertWithinLimit } from './segment-limit.ts';
import type { SourceTurn } from './source-turns.ts';
import { cleanName } from './speaker-names.ts';
import { IMPOSSIBLE_END, isPossibleEnd, isTooLate, parseTimestamp, TOO_LATE } from './timestamps.ts';

/** A cell, which quotes may be around, and what ends it. */
const CELL = { ',': /("(?:[^"]|"")*"|[^,]*)(?:,|$)/gy, '\t': /([^\t]*)(?:\t|$)/gy } as const;

/** The header of a table of Whisper or whisper.cpp, in quotes or not: it begins with when and ends with what. */
export const TABLE_HEADER = /^\s*"?start"?([,\t])"?end"?(?:[,\t]"?speaker"?)?[,\t]"?text"?[ \t]*$/i;

/** Reads a table of Whisper (TSV) or whisper.cpp (CSV), whose whole numbers are milliseconds; others are seconds, or clocks. */
export function readTable(content: string, warnings: ParseWarnings): SourceTurn[] {
  const turns: SourceTurn[] = [];
  let number = 0;
  let columns: { names: string[]; cell: RegExp } | null = null;
  for (const line of iterateLines(content)) {
    number += 1;
    if (line.trim() === '') continue;
    if (columns) {
      const turn = toTurn(readCells(line, columns.cell), columns.names, { number, warnings });
      if (turn) turns.push(turn);
      assertWithinLimit(turns.length);
      continue;
    }
    const cell = CELL[line.includes('\t') ? '\t' : ','];
    columns = { names: readCells(line, cell).map((name) => name.toLowerCase()), cell };
  }
  return turns;
}

function readCells(line: string, cell: RegExp): string[] {
  const cells: string[] = [];
  cell.lastIndex = 0;
  while (cell.lastIndex < line.length) {
    const match = cell.exec(line);
    if (!match) break;
    const [, written = ''] = match;
    cells.push(
      written.startsWith('"') && cell === CELL[','] ? written.slice(1, -1).replaceAll('""', '"') : written.trim(),
    );
  }
  return cells;
}

type Place = { number: number; warnings: ParseWarnings };

function toTurn(cells: readonly string[], names: readonly string[], { number, warnings }: Place): SourceTurn | null {
  const fieldOf = (name: string) => cells[names.indexOf(name)] ?? '';
  const text = cells.slice(names.length - 1).join(', ');
  const [startSeconds, end] = [readTime(fieldOf('start')), readTime(fieldOf('end'))];
  if (startSeconds === null || isTooLate(startSeconds)) {
    warnings.passOver(
      number,
      startSeconds === null
        ? 'The times of this row cannot be read: it was passed over.'
        : `This row was passed over: it ${TOO_LATE}`,
    );
    return null;
  }
  const isEnd = end !== null && isPossibleEnd(startSeconds, end);
  if (!isEnd) warnings.add(number, `This row ${IMPOSSIBLE_END}`);
  const lines = splitLines(text);
  const speaker = cleanName(fieldOf('speaker'));
  return lines.length === 0
    ? null
    : { startSeconds, endSeconds: isEnd ? end : null, lines, speaker, confidence: null, words: null };
}

function readTime(cell: string): number | null {
  if (/^\d{1,12}$/.test(cell)) return Number(cell) / 1000;
  return /^\d{1,9}\.\d{1,12}$/.test(cell) ? Number(cell) : parseTimestamp(cell);
}
