import type { ParsedSegment, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import { listWords } from '#domain/episodes/transcripts/words/times.ts';
import { type Caption, createCaptionWriter } from './caption-writers.ts';

/**
 * Writes the captions of a recording from `fromSeconds` to `toSeconds`, timed from the first of the two. A segment that
 * reaches over an edge is cut to the words whose middle lies within. SRT, VTT and JSON (Podcasting 2.0) read back to
 * the millisecond; TEXT has whole seconds, and turns of about a minute at most.
 */
export function writeCaptions(
  format: TranscriptFormat,
  segments: Iterable<ParsedSegment>,
  fromSeconds: number,
  toSeconds: number,
): string {
  const writer = createCaptionWriter(format);
  let written = writer.begin;
  for (const segment of segments) {
    if (segment.endSeconds <= fromSeconds || segment.startSeconds >= toSeconds) continue;
    const caption = cutToRange(segment, fromSeconds, toSeconds);
    if (caption.text !== '') written += writer.add(caption);
  }
  return written + writer.end();
}

/** One millisecond, the least that formats can write: players show no cue that lasts no time, and WebVTT forbids it. */
const MIN_CAPTION_SECONDS = 0.001;

/** Returns a caption that lasts some time. */
export const withSomeTime = (caption: Caption): Caption => ({
  ...caption,
  endSeconds: Math.max(caption.endSeconds, toMillisecond(caption.startSeconds + MIN_CAPTION_SECONDS)),
});

function cutToRange(segment: ParsedSegment, fromSeconds: number, toSeconds: number): Caption {
  const whole = segment.startSeconds >= fromSeconds && segment.endSeconds <= toSeconds;
  const words = whole
    ? []
    : listWords(segment).filter((word) => {
        const middle = (word.startSeconds + word.endSeconds) / 2;
        return middle >= fromSeconds && middle <= toSeconds;
      });
  return withSomeTime({
    startSeconds: toMillisecond(Math.max(0, segment.startSeconds - fromSeconds)),
    endSeconds: toMillisecond(Math.min(toSeconds, segment.endSeconds) - fromSeconds),
    text: whole ? segment.text : words.map((word) => word.text).join(' '),
    speaker: segment.speaker,
  });
}
