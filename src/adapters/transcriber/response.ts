import { z } from 'zod';
import type { Heard, HeardSegment, HeardWord } from './transcriber.ts';

/** Times as endpoints write them: slightly below 0, as strings, or missing if they could not be determined, as for a number in digits. */
const seconds = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => (value == null || value === '' ? null : toSeconds(Number(value))));
const toSeconds = (value: number) => (Number.isFinite(value) ? Math.max(0, value) : null);

/** From 0 to 1, except for rounding errors. */
const probability = z
  .number()
  .nullish()
  .transform((value) => (value == null ? null : Math.min(1, Math.max(0, value))));

const Word = z.object({ word: z.string(), start: seconds, end: seconds, probability });

const Segment = z.object({
  start: seconds,
  end: seconds,
  text: z.string(),
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
  words: z.array(Word).nullish(),
});

/** A response of `/v1/audio/transcriptions` as `verbose_json` or `json`; words are next to the segments, or within them. */
const Response = z.object({
  text: z.string().nullish(),
  segments: z.array(Segment).nullish(),
  words: z.array(Word).nullish(),
});

/** A part with both of its times. */
type Timed<Part extends { start: number | null; end: number | null }> = Part & { start: number; end: number };

/** Returns the parts if all of them have their times, otherwise null. */
function allTimed<Part extends { start: number | null; end: number | null }>(
  parts: readonly Part[] | null | undefined,
): Timed<Part>[] | null {
  const isTimed = (part: Part): part is Timed<Part> => part.start !== null && part.end !== null;
  return parts?.every(isTimed) ? (parts as Timed<Part>[]) : null;
}

/**
 * Reads a response. If times are missing, the words of that segment, or all segments, are omitted. Returns null for anything that is not
 * a response, such as an object of something else; silence is a response with an empty text.
 */
export function readResponse(body: unknown): Heard | null {
  const parsed = Response.safeParse(body);
  if (!parsed.success) return null;
  const { segments, words } = parsed.data;
  if (parsed.data.text == null && !segments && !words) return null;
  const text = parsed.data.text ?? (segments ?? []).map((segment) => segment.text.trim()).join(' ');
  const loose = (allTimed(words) ?? []).map(toWord);
  const timed = allTimed(segments);
  if (timed)
    return { text, segments: timed.map((segment, index) => toSegment(segment, ownWords(loose, timed, index))) };
  if (loose.length > 0) return { text, segments: [toSegmentOfWords(text, loose)] };
  return { text, segments: null };
}

/** Assigns words next to the segments to the segment around their middle. */
function ownWords(words: readonly HeardWord[], segments: readonly { start: number }[], index: number): HeardWord[] {
  const from = index === 0 ? Number.NEGATIVE_INFINITY : (segments[index]?.start ?? 0);
  const to = segments[index + 1]?.start ?? Number.POSITIVE_INFINITY;
  return words.filter(({ startSeconds, endSeconds }) => {
    const middle = (startSeconds + endSeconds) / 2;
    return middle >= from && middle < to;
  });
}

function toSegment(segment: Timed<z.output<typeof Segment>>, loose: HeardWord[]): HeardSegment {
  const words = segment.words ? (allTimed(segment.words) ?? []).map(toWord) : loose;
  return {
    startSeconds: segment.start,
    endSeconds: Math.max(segment.start, segment.end),
    text: segment.text.trim(),
    noSpeechProbability: segment.no_speech_prob ?? null,
    confidence: typeof segment.avg_logprob === 'number' ? Math.min(1, Math.exp(segment.avg_logprob)) : null,
    words: words.length > 0 ? words : null,
  };
}

function toSegmentOfWords(text: string, words: HeardWord[]): HeardSegment {
  const [first, last] = [words[0] as HeardWord, words.at(-1) as HeardWord];
  return {
    startSeconds: first.startSeconds,
    endSeconds: last.endSeconds,
    text: text.trim() || words.map((word) => word.text).join(' '),
    noSpeechProbability: null,
    confidence: null,
    words,
  };
}

const toWord = ({ word, start, end, probability }: Timed<z.output<typeof Word>>): HeardWord => ({
  text: word.trim(),
  startSeconds: start,
  endSeconds: Math.max(start, end),
  confidence: probability,
});
