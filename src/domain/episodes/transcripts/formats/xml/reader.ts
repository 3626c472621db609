import { readCueTurns } from '#domain/episodes/transcripts/formats/captions/cue-turns.ts';
import type { Cue } from '#domain/episodes/transcripts/formats/captions/cues.ts';
import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { countLines } from '#domain/episodes/transcripts/text/lines.ts';
import { IMPOSSIBLE_END, isPossibleEnd, isTooLate, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';
import { hasText, readAttributes, removeMarkup, toLines } from './markup.ts';
import { readSami } from './sami.ts';
import { type Clock, readClock, readTimes, type XmlTimes } from './times.ts';

/** What has times or text: TTML's and YouTube's <p>, YouTube's <text>, and what is around or inside of a <p> in TTML. */
const TAG = /<(\/?)(?:[\w.-]{1,20}:)?(body|div|p|span|text)(?=[\s>/])([^<>]*)>/gi;

/** Reads captions in XML: TTML (DFXP), what YouTube serves as timedtext, and SAMI. */
export function readXml(content: string, warnings: ParseWarnings): SourceTurn[] {
  const bare = removeMarkup(content);
  const isSami = /^\s*(?:<\?[^<>]*>\s*)?<sami[\s>]/i.test(bare);
  return readCueTurns(isSami ? readSami(bare, warnings) : new XmlReader(bare, warnings).read(), () => true);
}

type Tag = { name: string; isClosing: boolean; isEmpty: boolean; written: string; from: number; to: number };

class XmlReader {
  readonly #content: string;
  readonly #warnings: ParseWarnings;
  readonly #clock: Clock;
  /** Times of the bodies and divs that are open, each within the one before. */
  readonly #around: XmlTimes[] = [];
  /** The caption that is open; `spans` counts those that are open in a caption that is one itself. */
  #open: { cue: Cue | null; from: number; spans: number } | null = null;
  /** Where the text of a <p> without times begins. */
  #untimedFrom: number | null = null;
  #line = 1;
  #counted = 0;

  constructor(content: string, warnings: ParseWarnings) {
    this.#content = content;
    this.#warnings = warnings;
    this.#clock = readClock(content.slice(0, 5000));
  }

  *read(): Generator<Cue> {
    for (const { 0: tag, 1: slash, 2: name = '', 3: written = '', index: from } of this.#content.matchAll(TAG)) {
      const [isClosing, isEmpty] = [slash !== '', written.endsWith('/')];
      const to = from + tag.length;
      const ended = this.#readTag({ name: name.toLowerCase(), isClosing, isEmpty, written, from, to });
      if (ended) yield ended;
    }
    const last = this.#end(this.#content.length);
    if (last) yield last;
  }

  /** Returns the caption that ends at a tag, if one does. */
  #readTag(tag: Tag): Cue | null {
    if (tag.name === 'span') return this.#readSpan(tag);
    if (tag.name === 'p' || tag.name === 'text') return tag.isClosing ? this.#end(tag.from) : this.#begin(tag);
    if (tag.isClosing) this.#around.pop();
    else if (!tag.isEmpty) this.#around.push(this.#readTimes(tag) ?? this.#around.at(-1) ?? UNTIMED);
    return null;
  }

  #begin(tag: Tag): Cue | null {
    const times = this.#readTimes(tag);
    if (!times && (tag.isEmpty || this.#open)) return null;
    const ended = this.#end(tag.from);
    if (!times) this.#untimedFrom = tag.to;
    else if (!tag.isEmpty) this.#open = { cue: this.#toCue(times, tag.from), from: tag.to, spans: 0 };
    return ended;
  }

  /** Spans have captions of their own where what is around them has no times. */
  #readSpan(tag: Tag): Cue | null {
    if (tag.isEmpty) return null;
    if (this.#open) {
      if (this.#open.spans === 0) return null;
      this.#open.spans += tag.isClosing ? -1 : 1;
      return this.#open.spans === 0 ? this.#end(tag.from) : null;
    }
    const times = this.#readTimes(tag);
    if (!times) return null;
    const ended = this.#end(tag.from);
    this.#open = { cue: this.#toCue(times, tag.from), from: tag.to, spans: 1 };
    return ended;
  }

  /** Ends the caption that is open, if one is; a <p> without times is shown as long as what is around it. */
  #end(at: number): Cue | null {
    const [open, untimedFrom] = [this.#open, this.#untimedFrom];
    this.#open = null;
    this.#untimedFrom = null;
    const text = this.#content.slice(open?.from ?? untimedFrom ?? at, at);
    if (open) return open.cue && { ...open.cue, lines: toLines(text) };
    if (untimedFrom === null || !hasText(text)) return null;
    const cue = this.#toCue(this.#around.at(-1) ?? UNTIMED, untimedFrom);
    return cue && { ...cue, lines: toLines(text) };
  }

  /** Times are counted from the beginning of what is around them; null where a tag has none. */
  #readTimes({ isClosing, written }: Tag): XmlTimes | null {
    const times = isClosing ? null : readTimes(readAttributes(written), this.#clock);
    const base = this.#around.at(-1)?.startSeconds ?? 0;
    const shift = (seconds: number | null) => (seconds === null ? null : base + seconds);
    return times && { startSeconds: shift(times.startSeconds), endSeconds: shift(times.endSeconds) };
  }

  #toCue({ startSeconds, endSeconds }: XmlTimes, at: number): Cue | null {
    this.#line += countLines(this.#content.slice(this.#counted, at)) - 1;
    this.#counted = at;
    if (startSeconds === null || isTooLate(startSeconds)) {
      const reason = startSeconds === null ? 'its times are missing or cannot be read.' : `it ${TOO_LATE}`;
      this.#warnings.passOver(this.#line, `This caption was passed over: ${reason}`);
      return null;
    }
    const isEnd = endSeconds === null || isPossibleEnd(startSeconds, endSeconds);
    if (!isEnd) this.#warnings.add(this.#line, `This caption ${IMPOSSIBLE_END}`);
    return { startSeconds, endSeconds: isEnd ? endSeconds : null, lines: [] };
  }
}

const UNTIMED: XmlTimes = { startSeconds: null, endSeconds: null };
