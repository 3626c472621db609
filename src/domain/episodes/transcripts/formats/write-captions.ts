import type { ParsedSegment, TimeRange, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { isPlausibleName } from '#domain/episodes/transcripts/speakers/names.ts';
import { protectEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import { formatTimestamp, toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import { listWords } from '#domain/episodes/transcripts/words/times.ts';
import { SRT_TAG } from './captions/cue-text.ts';

type Caption = TimeRange & Pick<ParsedSegment, 'text' | 'speaker'>;

const writers: Record<TranscriptFormat, (captions: Caption[]) => string> = {
  SRT: writeSrt,
  VTT: writeVtt,
  JSON: writeJson,
  TEXT: writeText,
};

/**
 * Writes the captions of a recording from `fromSeconds` to `toSeconds`, timed from the first of the two. A segment that
 * reaches over an edge is cut to the words whose middle lies within. SRT, VTT and JSON (Podcasting 2.0) read back to
 * the millisecond; TEXT has whole seconds and one turn for all that a speaker says in a row.
 */
export function writeCaptions(
  format: TranscriptFormat,
  segments: Iterable<ParsedSegment>,
  fromSeconds: number,
  toSeconds: number,
): string {
  const captions: Caption[] = [];
  for (const segment of segments) {
    if (segment.endSeconds <= fromSeconds || segment.startSeconds >= toSeconds) continue;
    const caption = cutToRange(segment, fromSeconds, toSeconds);
    if (caption.text !== '') captions.push(caption);
  }
  return writers[format](captions);
}

/** One millisecond, the least that formats can write: players show no cue that lasts no time, and WebVTT forbids it. */
const MIN_CAPTION_SECONDS = 0.001;

function cutToRange(segment: ParsedSegment, fromSeconds: number, toSeconds: number): Caption {
  const whole = segment.startSeconds >= fromSeconds && segment.endSeconds <= toSeconds;
  const words = whole
    ? []
    : listWords(segment).filter((word) => {
        const middle = (word.startSeconds + word.endSeconds) / 2;
        return middle >= fromSeconds && middle <= toSeconds;
      });
  const startSeconds = toMillisecond(Math.max(0, segment.startSeconds - fromSeconds));
  const endSeconds = toMillisecond(Math.min(toSeconds, segment.endSeconds) - fromSeconds);
  return {
    startSeconds,
    endSeconds: Math.max(endSeconds, toMillisecond(startSeconds + MIN_CAPTION_SECONDS)),
    text: whole ? segment.text : words.map((word) => word.text).join(' '),
    speaker: segment.speaker,
  };
}

function writeVtt(captions: Caption[]): string {
  const cues = captions.map((caption) => {
    const text = escapeMarkup(caption.text);
    const spoken = caption.speaker === null ? text : `<v ${escapeMarkup(caption.speaker)}>${text}</v>`;
    return `${timesLine(caption, '.')}\n${spoken}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function escapeMarkup(text: string): string {
  const bare = protectEscapes(text).replace(/&(?!#\d\d;)/g, '&amp;');
  return bare.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function writeSrt(captions: Caption[]): string {
  const cues = captions.map((caption, index) => {
    const label = caption.speaker !== null && isPlausibleName(caption.speaker) ? `${caption.speaker}: ` : '';
    return `${index + 1}\n${timesLine(caption, ',')}\n${label}${escapeForSrt(caption.text)}\n`;
  });
  return cues.join('\n');
}

/** SRT has no escapes that every player knows, so only what a reader would take for markup is written as an entity. */
function escapeForSrt(text: string): string {
  return protectEscapes(text)
    .replace(/<(?=([^<>]{0,30}))/g, (bracket, tag: string) => (SRT_TAG.test(tag) ? '&lt;' : bracket))
    .replaceAll('-->', '--&gt;');
}

function timesLine({ startSeconds, endSeconds }: Caption, decimalSeparator: ',' | '.'): string {
  return `${formatTimestamp(startSeconds, decimalSeparator)} --> ${formatTimestamp(endSeconds, decimalSeparator)}`;
}

function writeJson(captions: Caption[]): string {
  const segments = captions.map(({ speaker, startSeconds, endSeconds, text }) => ({
    ...(speaker === null ? {} : { speaker }),
    startTime: startSeconds,
    endTime: endSeconds,
    body: text,
  }));
  return `${JSON.stringify({ version: '1.0.0', segments }, null, 2)}\n`;
}

function writeText(captions: Caption[]): string {
  const turns: { heading: string; speaker: string | null; texts: string[] }[] = [];
  for (const { speaker, startSeconds, text } of captions) {
    const last = turns.at(-1);
    const time = formatTimestamp(Math.floor(startSeconds), null);
    if (last && last.speaker === speaker) last.texts.push(text);
    else turns.push({ heading: speaker === null ? time : `${speaker}: ${time}`, speaker, texts: [text] });
  }
  return turns.map(({ heading, texts }) => `${heading}\n\n${texts.join(' ')}\n`).join('\n');
}
