import { readCueTurns } from '#domain/episodes/transcripts/formats/captions/cue-turns.ts';
import type { Cue } from '#domain/episodes/transcripts/formats/captions/cues.ts';
import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { isUsableStart } from '#domain/episodes/transcripts/formats/usable-start.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { countLines } from '#domain/episodes/transcripts/text/lines.ts';
import { IMPOSSIBLE_END, isPossibleEnd } from '#domain/episodes/transcripts/text/timestamps.ts';
import { markSpans, readAgents } from './agents.ts';
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
  /** Times and speakers of the bodies and divs that are open, each within the one before. */
  readonly #around: Around[] = [];
  readonly #agents: ReadonlyMap<string, string>;
  /** The caption that is open; `spans` counts those that are open in a caption that is one itself. */
  #open: { cue: Cue | null; from: number; spans: number; agent: string | null } | null = null;
  /** Where the text of a <p> without times begins, and whose it is. */
  #untimed: { from: number; agent: string | null } | null = null;
  #line = 1;
  #counted = 0;

  constructor(content: string, warnings: ParseWarnings) {
    this.#content = content;
    this.#warnings = warnings;
    this.#clock = readClock(content.slice(0, 5000));
    this.#agents = readAgents(content.slice(0, HEAD_CHARACTERS));
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
    else if (!tag.isEmpty)
      this.#around.push({
        times: this.#readTimes(tag) ?? this.#around.at(-1)?.times ?? UNTIMED,
        agent: this.#readAgent(tag),
      });
    return null;
  }

  #begin(tag: Tag): Cue | null {
    const times = this.#readTimes(tag);
    if (!times && (tag.isEmpty || this.#open)) return null;
    const ended = this.#end(tag.from);
    if (!times) this.#untimed = { from: tag.to, agent: this.#readAgent(tag) };
    else if (!tag.isEmpty)
      this.#open = { cue: this.#toCue(times, tag.from), from: tag.to, spans: 0, agent: this.#readAgent(tag) };
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
    const agent = this.#readAgent(tag);
    const ended = this.#end(tag.from);
    this.#open = { cue: this.#toCue(times, tag.from), from: tag.to, spans: 1, agent };
    return ended;
  }

  /** Ends the caption that is open, if one is; a <p> without times is shown as long as what is around it. */
  #end(at: number): Cue | null {
    const [open, untimed] = [this.#open, this.#untimed];
    this.#open = null;
    this.#untimed = null;
    const text = this.#content.slice(open?.from ?? untimed?.from ?? at, at);
    if (open) return open.cue && this.#fill(open.cue, text, open.agent);
    if (!untimed || !hasText(text)) return null;
    const cue = this.#toCue(this.#around.at(-1)?.times ?? UNTIMED, untimed.from);
    return cue && this.#fill(cue, text, untimed.agent);
  }

  #fill(cue: Cue, text: string, agent: string | null): Cue {
    const lines = toLines(markSpans(text, cue.startSeconds, this.#clock));
    return { ...cue, lines: agent === null ? lines : lines.map((line) => `<v ${agent}>${line}`) };
  }

  /** Whom a tag, or what is around it, names as who speaks; a span names nobody where it is within a paragraph that does. */
  #readAgent({ written }: Tag): string | null {
    const id = readAttributes(written).get('agent');
    if (id === undefined) return this.#untimed?.agent ?? this.#around.at(-1)?.agent ?? null;
    return (this.#agents.get(id) ?? id).replace(/[<>]/g, '');
  }

  /** Times are counted from the beginning of what is around them; null where a tag has none. */
  #readTimes({ isClosing, written }: Tag): XmlTimes | null {
    const times = isClosing ? null : readTimes(readAttributes(written), this.#clock);
    const base = this.#around.at(-1)?.times.startSeconds ?? 0;
    const shift = (seconds: number | null) => (seconds === null ? null : base + seconds);
    return times && { startSeconds: shift(times.startSeconds), endSeconds: shift(times.endSeconds) };
  }

  #toCue({ startSeconds, endSeconds }: XmlTimes, at: number): Cue | null {
    this.#line += countLines(this.#content.slice(this.#counted, at)) - 1;
    this.#counted = at;
    const piece = { line: this.#line, name: 'caption', unreadable: UNREADABLE };
    if (!isUsableStart(startSeconds, piece, this.#warnings)) return null;
    const isEnd = endSeconds === null || isPossibleEnd(startSeconds, endSeconds);
    if (!isEnd) this.#warnings.add(this.#line, `This caption ${IMPOSSIBLE_END}`);
    return { startSeconds, endSeconds: isEnd ? endSeconds : null, lines: [] };
  }
}

/** The warning about a caption without a start. */
const UNREADABLE = 'This caption was passed over: its times are missing or cannot be read.';

/** Characters in which the head of a document is, with the names of its agents. */
const HEAD_CHARACTERS = 20_000;

/** What is said of what is in a body or a div. */
type Around = { times: XmlTimes; agent: string | null };

const UNTIMED: XmlTimes = { startSeconds: null, endSeconds: null };
