import { z } from 'zod';
import type { Heard, HeardSegment, HeardWord } from './transcriber.ts';

const seconds = z.number().nonnegative();

const Word = z.object({
  word: z.string(),
  start: seconds,
  end: seconds,
  probability: z.number().min(0).max(1).nullish(),
});

const Segment = z.object({
  start: seconds,
  end: seconds,
  text: z.string(),
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
  words: z.array(Word).nullish(),
});

/** What `/v1/audio/transcriptions` returns as `verbose_json` or `json`; words stand beside the segments, or in them. */
const Response = z.object({
  text: z.string().nullish(),
  segments: z.array(Segment).nullish(),
  words: z.array(Word).nullish(),
});

/** Reads a response. Returns null for what is none, as an object of something else: that nothing is said it says with an empty text. */
export function readResponse(body: unknown): Heard | null {
  const parsed = Response.safeParse(body);
  if (!parsed.success) return null;
  const { segments, words } = parsed.data;
  const text = parsed.data.text ?? '';
  if (parsed.data.text == null && !segments && !words) return null;
  const loose = (words ?? []).map(toWord);
  if (segments)
    return { text, segments: segments.map((segment, index) => toSegment(segment, ownWords(loose, segments, index))) };
  if (loose.length > 0) return { text, segments: [toSegmentOfWords(text, loose)] };
  return { text, segments: null };
}

/** Words that stand beside the segments, each with the segment around its middle. */
function ownWords(
  words: readonly HeardWord[],
  segments: readonly z.output<typeof Segment>[],
  index: number,
): HeardWord[] {
  const from = index === 0 ? Number.NEGATIVE_INFINITY : (segments[index]?.start ?? 0);
  const to = segments[index + 1]?.start ?? Number.POSITIVE_INFINITY;
  return words.filter(({ startSeconds, endSeconds }) => {
    const middle = (startSeconds + endSeconds) / 2;
    return middle >= from && middle < to;
  });
}

function toSegment(segment: z.output<typeof Segment>, loose: HeardWord[]): HeardSegment {
  const words = segment.words?.map(toWord) ?? loose;
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

const toWord = ({ word, start, end, probability }: z.output<typeof Word>): HeardWord => ({
  text: word.trim(),
  startSeconds: start,
  endSeconds: Math.max(start, end),
  confidence: probability ?? null,
});
