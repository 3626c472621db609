import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { isUsableStart } from '#domain/episodes/transcripts/formats/usable-start.ts';
import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { cleanText } from '#domain/episodes/transcripts/text/clean-text.ts';
import { decodeEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import { countLines } from '#domain/episodes/transcripts/text/lines.ts';
import { CLOCK, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { removeMarkup } from './markup.ts';

/**
 * What tells a transcript in HTML, as Podcasting 2.0 has it (github.com/Podcastindex-org/podcast-namespace, transcripts.md): when something
 * is said.
 */
export const HTML_TIME = new RegExp(`<time(?:\\s[^<>]{0,200})?>\\s*${CLOCK}\\s*</time>`, 'i');

const TAG = /<(\/?)(cite|time|p)(?=[\s>])[^<>]*>/gi;

/** Reads a transcript in HTML: `<cite>` names who speaks until another one does, `<time>` when, and `<p>` is what. */
export function readHtml(content: string, warnings: ParseWarnings): SourceTurn[] {
  const turns: SourceTurn[] = [];
  let speaker: string | null = null;
  let open: SourceTurn | null = null;
  let [line, counted] = [1, 0];
  for (const { name, text, at } of readElements(removeMarkup(content))) {
    line += countLines(content.slice(counted, at)) - 1;
    counted = at;
    if (name === 'cite') speaker = cleanName(text);
    else if (name === 'time') {
      const startSeconds = parseTimestamp(text);
      const piece = { line, name: 'time', unreadable: UNREADABLE };
      open = isUsableStart(startSeconds, piece, warnings) ? startTurn(startSeconds, speaker) : null;
      if (open) turns.push(open);
    } else if (open && text !== '') open.lines.push(text);
    else if (text !== '') warnings.passOver(line, 'This paragraph has no time, and was passed over.');
    assertWithinLimit(turns.length);
  }
  return turns.filter(({ lines }) => lines.length > 0).map(endAtNext);
}

const UNREADABLE = 'This time cannot be read: what follows was passed over.';

const startTurn = (startSeconds: number, speaker: string | null): SourceTurn => ({
  startSeconds,
  endSeconds: null,
  lines: [],
  speaker,
  confidence: null,
  words: null,
});

function endAtNext(turn: SourceTurn, index: number, turns: readonly SourceTurn[]): SourceTurn {
  const next = turns[index + 1]?.startSeconds ?? 0;
  return { ...turn, endSeconds: next > turn.startSeconds ? next : null };
}

/** Yields what is in an element, as text; one that is not closed ends where the next begins. */
function* readElements(content: string): Generator<{ name: string; text: string; at: number }> {
  let open: { name: string; from: number } | null = null;
  for (const { 0: tag, 1: slash, 2: name = '', index } of content.matchAll(TAG)) {
    if (open) yield { name: open.name, text: textOf(content.slice(open.from, index)), at: open.from };
    open = slash === '' ? { name: name.toLowerCase(), from: index + tag.length } : null;
  }
  if (open) yield { name: open.name, text: textOf(content.slice(open.from)), at: open.from };
}

/** Elements that begin a new line. */
const BREAK = /<\/?(?:br|div|li|ul|ol|h[1-6]|blockquote)(?=[\s/>])[^<>]*>/gi;

const textOf = (html: string): string => cleanText(decodeEscapes(html.replace(BREAK, ' ').replace(/<[^<>]*>/g, '')));
