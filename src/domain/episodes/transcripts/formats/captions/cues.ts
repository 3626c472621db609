import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import {
  IMPOSSIBLE_END,
  isPossibleEnd,
  isTooLate,
  narrowDigits,
  TOO_LATE,
} from '#domain/episodes/transcripts/text/timestamps.ts';
import { type CueTimes, isMeantAsTimes, parseCueTimes } from './cue-times.ts';

/** A timed block of SRT or VTT, its text still as written; the end is null where it cannot be. */
export type Cue = { startSeconds: number; endSeconds: number | null; lines: string[] };

/** Where SRT and VTT differ as containers of cues. */
export type CueDialect = {
  /** WebVTT ends a cue at an empty line. SubRip has no standard, and FFmpeg's reader goes on to the next times. */
  blankLineEndsCue: boolean;
  /** Matches the first line of a block that is no cue and is passed over up to the next empty line. */
  skippedBlock: RegExp | null;
};

/**
 * Yields the cues in one pass, forgiving what players forgive: numbers and names of cues may be missing or wrong, blank
 * lines may be missing or too many, settings after the times are passed over. A line with `-->` and unreadable times
 * loses its cue; that, text outside of cues, and times that contradict each other are told.
 */
export function* readCues(content: string, dialect: CueDialect, warnings: ParseWarnings): Generator<Cue> {
  const reader = new CueReader(dialect, warnings);
  for (const line of iterateLines(content)) {
    const cue = reader.readLine(line);
    if (cue) yield cue;
  }
  const last = reader.end();
  if (last) yield last;
}

/** The kind of block that a line without times belongs to. */
type Block = 'outside' | 'header' | 'cue' | 'lost cue' | 'skipped';

class CueReader {
  readonly #dialect: CueDialect;
  readonly #warnings: ParseWarnings;
  #block: Block = 'outside';
  #cue: Cue | null = null;
  #cueNumber: number | null = null;
  /** Whom the name of a cue names, until its first line. */
  #voice: string | null = null;
  #previousStart = 0;
  #line = 0;
  #previousLine = '';
  /** Text that is in no cue yet: the name or number of the next one, or nobody's. */
  #stray: { line: number; lines: number; last: string } | null = null;

  constructor(dialect: CueDialect, warnings: ParseWarnings) {
    this.#dialect = dialect;
    this.#warnings = warnings;
  }

  /** Reads the next line; returns the cue that ends before it, if one does. */
  readLine(line: string): Cue | null {
    this.#line += 1;
    const ended = this.#readLine(line);
    this.#previousLine = line;
    return ended;
  }

  /** Returns the cue that the end of the file ends. */
  end(): Cue | null {
    this.#reportStray();
    return this.#close('outside');
  }

  #readLine(line: string): Cue | null {
    if (this.#dialect.blankLineEndsCue ? line === '' : line.trim() === '') return this.#endBlock();
    if (this.#block === 'skipped' || this.#beginsOtherBlock(line)) return null;
    const times = MAY_HAVE_ARROW.test(line) ? parseCueTimes(line) : null;
    if (times) return this.#startCue(times);
    if (isMeantAsTimes(line, isCueNumber(this.#previousLine)) && !this.#isText(line)) return this.#loseCue(line);
    this.#addText(line);
    return null;
  }

  /** A block follows an empty line, also one that is right under the times of a cue without text. */
  #beginsOtherBlock(line: string): boolean {
    const isAfterEmptyCue = this.#cue?.lines.length === 0 && this.#previousLine === '';
    if (this.#block !== 'outside' && !isAfterEmptyCue) return false;
    if (HEADER.test(line)) this.#block = 'header';
    else if (this.#dialect.skippedBlock?.test(line)) this.#block = 'skipped';
    else return false;
    this.#cue = null;
    return true;
  }

  /** An empty line right under the times ends nothing: the text of double-spaced files comes after it. */
  #endBlock(): Cue | null {
    if (!isCueNumber(this.#previousLine)) this.#reportStray();
    return this.#dialect.blankLineEndsCue && this.#cue?.lines.length !== 0 ? this.#close('outside') : null;
  }

  /** An arrow under the text of a cue, in a line that has letters before it, is text: "press 1 --> 2". */
  #isText(line: string): boolean {
    return (
      this.#block === 'cue' &&
      this.#previousLine.trim() !== '' &&
      !isCueNumber(this.#previousLine) &&
      /^\s*\p{L}/u.test(line)
    );
  }

  #startCue({ startSeconds, endSeconds, text }: CueTimes): Cue | null {
    this.#voice = ZOOM_NAME.exec(this.#previousLine)?.[1] ?? null;
    const number = this.#takeNumber();
    if (isTooLate(startSeconds)) {
      this.#warnings.passOver(this.#line, `This cue was passed over: it ${TOO_LATE}`);
      return this.#close('lost cue');
    }
    const isEnd = isPossibleEnd(startSeconds, endSeconds);
    if (!isEnd) this.#warnings.add(this.#line, `This cue ${IMPOSSIBLE_END}`);
    if (startSeconds < this.#previousStart) {
      this.#warnings.add(this.#line, 'This cue begins before the one above it: it was put in the order of time.');
    }
    this.#previousStart = startSeconds;
    const ended = this.#close('cue');
    this.#cueNumber = number;
    this.#cue = {
      startSeconds,
      endSeconds: isEnd ? endSeconds : null,
      lines: [],
    };
    if (text !== '') this.#addText(text);
    return ended;
  }

  #loseCue(line: string): Cue | null {
    this.#takeNumber();
    this.#warnings.passOver(this.#line, describeBadTimes(line));
    return this.#close('lost cue');
  }

  /**
   * Takes the number or name of the cue that begins here from the text before it. A number belongs to its times even where
   * no empty line parts it from the cue before, and where empty lines part it from its times if it is the next one.
   */
  #takeNumber(): number | null {
    const adjacent = isCueNumber(this.#previousLine);
    const last = adjacent ? this.#previousLine : (this.#cue?.lines.at(-1) ?? this.#stray?.last ?? '');
    const number = isCueNumber(last) ? Number(narrowDigits(last)) : null;
    const isOfNext = adjacent || this.#cue === null || number === (this.#cueNumber ?? Number.NaN) + 1;
    if (isOfNext && number !== null) this.#cue?.lines.pop();
    const isName = this.#stray?.lines === 1 && (this.#stray.line === this.#line - 1 || isCueNumber(this.#stray.last));
    if (isName) this.#stray = null;
    this.#reportStray();
    return isOfNext ? number : null;
  }

  #addText(line: string): void {
    if (this.#cue) {
      this.#cue.lines.push(this.#voice === null ? line : `<v ${this.#voice}>${line}`);
      this.#voice = null;
    } else if (this.#block === 'outside') {
      const { line: first, lines } = this.#stray ?? { line: this.#line, lines: 0 };
      this.#stray = { line: first, lines: lines + 1, last: line };
    }
  }

  #reportStray(): void {
    if (this.#stray) this.#warnings.passOver(this.#stray.line, 'This text is in no cue, and was passed over.');
    this.#stray = null;
  }

  #close(next: Block): Cue | null {
    const cue = this.#cue;
    this.#cue = null;
    this.#block = next;
    return cue;
  }
}

/** Tested first, because most lines have none. */
const MAY_HAVE_ARROW = /[>→]|&gt;/;

/** The name of a cue in Zoom's captions: 12 "Dana Cohen" (1674123904). */
const ZOOM_NAME = /^\s*\d{1,9} "([^"<>]{1,200})" \(\d{1,20}\)\s*$/;

const HEADER = /^WEBVTT(?:\s|$)/;

function isCueNumber(line: string): boolean {
  return /^\s*\p{Nd}{1,9}\s*$/u.test(line);
}

function describeBadTimes(line: string): string {
  const shown = line.trim().slice(0, 60);
  return `This cue was passed over: "${shown}" are no times of a cue; write them as 00:01:02.500 --> 00:01:05.000 (SRT: a comma before the milliseconds).`;
}
