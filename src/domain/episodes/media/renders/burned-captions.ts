import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { iterateWords } from '#domain/episodes/transcripts/words/times.ts';

/** What captions are burned into: pixels. */
export type PictureSize = { width: number; height: number };

type Caption = TimeRange & { text: string };

/** Characters that are shown at once: two lines of what a telephone shows in large letters. */
const MAX_CHARACTERS = 44;
/** A pause after which the next caption begins anew. */
const PAUSE_SECONDS = 0.8;
/** Seconds that a caption is shown at least: many transcripts have words that take no time. */
const LEAST_SECONDS = 0.5;
/** The part of the width of a picture that is free on each side. */
const SIDE_MARGIN = 0.06;
/** The width of bold letters in parts of the size of a font: 0.55 in English, and somewhat more for safety. */
const CHARACTER_WIDTH = 0.65;

/**
 * Writes what is said between two seconds of a recording as subtitles of Advanced SubStation Alpha, timed from the first of the two. A
 * few words at a time, at the times of the words.
 */
export function writeBurnedCaptions(segments: readonly ParsedSegment[], range: TimeRange, size: PictureSize): string {
  const fontSize = Math.round(Math.min(size.width / 15, size.height / 14));
  const margin = Math.round(size.height * (size.height > size.width ? 0.2 : 0.08));
  const sideMargin = Math.round(size.width * SIDE_MARGIN);
  const lineLength = Math.floor((size.width - 2 * sideMargin) / (fontSize * CHARACTER_WIDTH));
  const style = [
    ...['Caption', 'DejaVu Sans', fontSize, '&H00FFFFFF', '&H00FFFFFF', '&H00000000', '&H80000000'],
    ...[-1, 0, 0, 0, 100, 100, 0, 0, 1, Math.max(2, Math.round(fontSize / 14)), 1],
    // Below, in the middle. With the encoding -1 libass takes the direction from the text: others put the full stop of Hebrew on the wrong
    // side.
    ...[2, sideMargin, sideMargin, margin, -1],
  ];
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    'WrapStyle: 0',
    'ScaledBorderAndShadow: yes',
    `PlayResX: ${size.width}`,
    `PlayResY: ${size.height}`,
    '',
    '[V4+ Styles]',
    `Format: ${STYLE_FIELDS}`,
    `Style: ${style.join(',')}`,
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    ...splitIntoCaptions(segments, range).map(
      ({ startSeconds, endSeconds, text }) =>
        `Dialogue: 0,${formatTime(startSeconds)},${formatTime(endSeconds)},Caption,,0,0,0,,${breakWords(text, lineLength)}`,
    ),
    '',
  ].join('\n');
}

const STYLE_FIELDS =
  'Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding';

/** Groups the words whose middles are in the range, and moves them to its start. */
function splitIntoCaptions(
  segments: readonly ParsedSegment[],
  { startSeconds: from, endSeconds: to }: TimeRange,
): Caption[] {
  const captions: Caption[] = [];
  for (const segment of segments) {
    let current: Caption | null = null;
    for (const word of iterateWords(segment)) {
      const middle = (word.startSeconds + word.endSeconds) / 2;
      if (middle < from || middle >= to) continue;
      const [startSeconds, endSeconds] = [Math.max(0, word.startSeconds - from), Math.min(to, word.endSeconds) - from];
      const fits =
        current &&
        current.text.length + word.text.length < MAX_CHARACTERS &&
        startSeconds - current.endSeconds < PAUSE_SECONDS;
      if (current && fits) {
        current.text += ` ${word.text}`;
        current.endSeconds = endSeconds;
      } else {
        current = { text: word.text, startSeconds, endSeconds };
        captions.push(current);
      }
    }
  }
  return captions.map((caption, index) => showLonger(caption, captions[index + 1], to - from));
}

/** Shows a short caption for longer, until the next one comes. */
function showLonger(caption: Caption, next: Caption | undefined, end: number): Caption {
  const { startSeconds, endSeconds } = caption;
  const until = next && next.startSeconds > startSeconds ? next.startSeconds : end;
  return { ...caption, endSeconds: Math.max(endSeconds, Math.min(until, startSeconds + LEAST_SECONDS)) };
}

/** As 0:00:01.50. */
function formatTime(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6_000) % 60];
  const rest = ((hundredths % 6_000) / 100).toFixed(2).padStart(5, '0');
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** Escapes a text, and breaks words that are longer than a line: libass breaks lines at spaces only, and cuts off the rest. */
function breakWords(text: string, lineLength: number): string {
  return text
    .split(' ')
    .map((word) => splitWord(word, lineLength).map(escapeText).join('\\N'))
    .join(' ');
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Splits a word into parts of a number of characters as they are seen: letters with their niqqud are one. */
function splitWord(word: string, length: number): string[] {
  if (word.length <= length) return [word];
  const seen = Array.from(characters.segment(word), ({ segment }) => segment);
  return Array.from({ length: Math.ceil(seen.length / length) }, (_, part) =>
    seen.slice(part * length, (part + 1) * length).join(''),
  );
}

/**
 * Makes all that is said seen: braces would hide what is in them, and a backslash with the letter behind it break the line. A word joiner
 * between the two, which has no width, keeps them apart.
 */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\u2060')
    .replace(/[{}]/g, '\\$&')
    .replace(/[\r\n]+/g, ' ');
}
