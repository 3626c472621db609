import type { Cue } from '#domain/episodes/transcripts/formats/captions/cues.ts';
import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { isUsableStart } from '#domain/episodes/transcripts/formats/usable-start.ts';
import { countLines } from '#domain/episodes/transcripts/text/lines.ts';
import { IMPOSSIBLE_END, isPossibleEnd } from '#domain/episodes/transcripts/text/timestamps.ts';
import { hasText, readAttributes, toLines } from './markup.ts';

const SYNC = /<sync(?=[\s>/])([^<>]*)>/gi;
const PARAGRAPH = /^<p(?=[\s>])([^<>]*)>/i;

/** What is shown from a moment on; `startSeconds` is null where that cannot be read. */
type Moment = { startSeconds: number | null; text: string; line: number };

/**
 * Yields the cues of SAMI: what is shown stays until the next moment. Of more than one language only the first is read, the others are
 * passed over and told.
 */
export function* readSami(content: string, warnings: ParseWarnings): Generator<Cue> {
  let before: Moment | null = null;
  for (const moment of readMoments(content, warnings)) {
    const cue = before && toCue(before, moment.startSeconds, warnings);
    if (cue) yield cue;
    before = moment;
  }
  const last = before && toCue(before, null, warnings);
  if (last) yield last;
}

function toCue({ startSeconds, text, line }: Moment, endSeconds: number | null, warnings: ParseWarnings): Cue | null {
  if (!hasText(text)) return null;
  const unreadable = 'This caption was passed over: its time cannot be read.';
  if (!isUsableStart(startSeconds, { line, name: 'caption', unreadable }, warnings)) return null;
  const isEnd = endSeconds === null || isPossibleEnd(startSeconds, endSeconds);
  if (!isEnd) warnings.add(line, `This caption ${IMPOSSIBLE_END}`);
  return { startSeconds, endSeconds: isEnd ? endSeconds : null, lines: toLines(text) };
}

/** Yields the moments at which something changes in the language that comes first. */
function* readMoments(content: string, warnings: ParseWarnings): Generator<Moment> {
  let language: string | null = null;
  let [line, counted] = [1, 0];
  for (const { index, attributes, inside } of iterateSyncs(content)) {
    line += countLines(content.slice(counted, index)) - 1;
    counted = index;
    const own: string[] = [];
    for (const paragraph of readParagraphs(inside)) {
      if (hasText(paragraph.text)) language ??= paragraph.language;
      const isOwn = paragraph.language === null || language === null || paragraph.language === language;
      if (isOwn) own.push(paragraph.text);
      else if (hasText(paragraph.text))
        warnings.passOver(line, 'This caption is in another language than the first one, and was passed over.');
    }
    if (own.length > 0) yield { startSeconds: readStart(attributes), text: own.join(' '), line };
  }
}

type Sync = { index: number; attributes: string; inside: string };

function* iterateSyncs(content: string): Generator<Sync> {
  let open: { index: number; attributes: string; from: number } | null = null;
  for (const { 0: tag, 1: attributes = '', index } of content.matchAll(SYNC)) {
    if (open) yield { ...open, inside: content.slice(open.from, index) };
    open = { index, attributes, from: index + tag.length };
  }
  if (open) yield { ...open, inside: content.slice(open.from) };
}

/** The class of a paragraph is that of its language. */
const readParagraphs = (inside: string): { language: string | null; text: string }[] =>
  inside.split(/(?=<p[\s>])/i).map((text) => {
    const [, attributes = ''] = PARAGRAPH.exec(text) ?? [];
    return { language: readAttributes(attributes).get('class')?.toLowerCase() ?? null, text };
  });

/** Milliseconds, in the attribute `Start`. */
function readStart(attributes: string): number | null {
  const written = readAttributes(attributes).get('start') ?? '';
  return /^\s*\d{1,12}(?:\.\d{1,9})?\s*(?:ms)?\s*$/i.test(written) ? Number.parseFloat(written) / 1000 : null;
}
