import type { TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { cleanText, splitLines } from '#domain/episodes/transcripts/text/clean-text.ts';
import { decodeEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import { parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { Cue } from './cues.ts';

/** The lines of one voice within a cue; `words` is set if the cue contains timestamps. */
export type VoiceSpan = { speaker: string | null; lines: string[]; words: TimedWord[] | null };

/** A time stamp, at an offset of the span's raw text. */
type TimeMark = { offset: number; seconds: number };
type RawSpan = { speaker: string | null; raw: string; marks: TimeMark[] };
/** A moment at which so many characters, white space apart, have been spoken. */
type SpokenPoint = { spokenCharacters: number; seconds: number };

/** A tag, an override block of Advanced SubStation Alpha, or text: a `<` or `{` that begins neither is text. */
const TOKEN = /<(\/?[a-z0-9.][^<>]*)>|\{\\[^{}]*\}|[^<{]+|[<{]/gi;

/**
 * The tags that are taken out of SubRip, which is unmarked text to its standardless readers: those that FFmpeg and VLC
 * know, WebVTT's and time stamps. Everything else in pointed brackets is text.
 */
export const SRT_TAG = /^\/?(?:(?:b|i|u|s|em|strong|font|c|v|lang|ruby|rb|rt|rp|span|p|br)(?![a-z0-9])|\d[\d:.,]*$)/i;

/** The start of a voice, `v Ann` or `v.loud Ann`, and its end. */
const VOICE_TAG = /^(?:v(?:[\s.]|$)|\/v$)/i;

const LINE_BREAK_TAG = /^br\s*\/?$/i;

/** Reads the text of a cue, in linear time; yields a span for each voice that says anything, in order. */
export function* readCueText(cue: Cue, isTag: (tag: string) => boolean): Generator<VoiceSpan> {
  let open = startSpan(null);
  for (const [token, tag] of cue.lines.join('\n').matchAll(TOKEN)) {
    if (tag === undefined) {
      if (!token.startsWith('{\\')) open.raw += decodeEscapes(token);
    } else if (!isTag(tag)) open.raw += decodeEscapes(token);
    else if (VOICE_TAG.test(tag)) {
      yield* toVoiceSpan(open, cue);
      open = startSpan(tag.startsWith('/') ? null : parseVoiceName(tag));
    } else if (LINE_BREAK_TAG.test(tag)) open.raw += '\n';
    else addMark(open, parseTimestamp(tag), cue);
  }
  yield* toVoiceSpan(open, cue);
}

function startSpan(speaker: string | null): RawSpan {
  return { speaker, raw: '', marks: [] };
}

/** The name in a voice tag: `v.loud Ann` is Ann. */
function parseVoiceName(tag: string): string | null {
  return cleanName(decodeEscapes(tag.replace(/^v\S*\s*/i, '')));
}

/** Notes a time stamp. WebVTT demands rising ones within the cue's time; others are passed over. */
function addMark(span: RawSpan, seconds: number | null, { startSeconds, endSeconds }: Cue): void {
  const latest = span.marks.at(-1)?.seconds ?? startSeconds;
  if (seconds === null || seconds < latest || seconds > (endSeconds ?? Number.POSITIVE_INFINITY)) return;
  span.marks.push({ offset: span.raw.length, seconds });
}

/** Returns the text of a voice; nothing if it is empty. */
function toVoiceSpan({ speaker, raw, marks }: RawSpan, { startSeconds, endSeconds }: Cue): VoiceSpan[] {
  const lines = splitLines(raw);
  if (lines.length === 0) return [];
  const last = marks.at(-1);
  if (!last) return [{ speaker, lines, words: null }];
  const points = toSpokenPoints(raw, [
    { offset: 0, seconds: startSeconds },
    ...marks,
    { offset: raw.length, seconds: endSeconds ?? last.seconds },
  ]);
  return [{ speaker, lines, words: timeWords(raw, interpolateTimes(points)) }];
}
function toSpokenPoints(raw: string, marks: readonly TimeMark[]): SpokenPoint[] {
  let [spokenCharacters, from] = [0, 0];
  return marks.map(({ offset, seconds }) => {
    spokenCharacters += raw.slice(from, offset).replace(/\s+/g, '').length;
    from = offset;
    return { spokenCharacters, seconds };
  });
}

function timeWords(raw: string, timeAt: (spokenCharacters: number) => number): TimedWord[] {
  const words: TimedWord[] = [];
  let spokenCharacters = 0;
  for (const [word] of raw.matchAll(/\S+/g)) {
    const startSeconds = timeAt(spokenCharacters);
    spokenCharacters += word.length;
    const text = cleanText(word);
    if (text !== '') words.push({ text, startSeconds, endSeconds: timeAt(spokenCharacters), confidence: null });
  }
  return words;
}

/**
 * Returns when a number of characters has been spoken: those between two marks share the time between them evenly. Call
 * it with rising numbers, as it only moves forward.
 */
function interpolateTimes(points: readonly SpokenPoint[]): (spokenCharacters: number) => number {
  let behind = 0;
  return (spoken) => {
    while (behind + 2 < points.length && (points[behind + 1] as SpokenPoint).spokenCharacters <= spoken) behind += 1;
    const [from, to] = [points[behind] as SpokenPoint, points[behind + 1] as SpokenPoint];
    const characters = to.spokenCharacters - from.spokenCharacters;
    const share = characters > 0 ? (spoken - from.spokenCharacters) / characters : 0;
    return from.seconds + share * (to.seconds - from.seconds);
  };
}
