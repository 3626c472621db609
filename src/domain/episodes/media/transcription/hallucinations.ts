import type { HeardSegment } from '#adapters/transcriber/transcriber.ts';

/** From this probability on nothing is said, whatever the model has written. */
const SILENCE_PROBABILITY = 0.8;
/** Whisper's own rule (openai/whisper, transcribe.py): probably silence, and unsure of its words (mean log probability under -1). */
const LIKELY_SILENCE = { probability: 0.6, confidence: Math.exp(-1) };

/** Whether a transcriber says itself that a segment is probably not said. */
export function isHallucinated({ noSpeechProbability, confidence }: HeardSegment): boolean {
  if (noSpeechProbability === null) return false;
  if (noSpeechProbability >= SILENCE_PROBABILITY) return true;
  return noSpeechProbability > LIKELY_SILENCE.probability && (confidence ?? 1) < LIKELY_SILENCE.confidence;
}

/** A phrase that comes so often in a row, and nothing else, is what models write over music. */
const REPETITIONS = 3;
/**
 * Within one segment people say a word or two again and again: "no, no, no, no, no!". It takes more words than that, or a transcriber that
 * is unsure of them.
 */
const WITHIN_SEGMENT = { repetitions: 5, words: 10 };

/** Removes runs of segments that say one and the same, and segments that are nothing but one phrase; what comes once or twice is said. */
export function removeRepeated(segments: readonly HeardSegment[]): HeardSegment[] {
  const kept: HeardSegment[] = [];
  for (let first = 0, next: number; first < segments.length; first = next) {
    const phrase = normalize(segments[first]);
    next = first + 1;
    while (next < segments.length && normalize(segments[next]) === phrase) next += 1;
    const run = segments.slice(first, next);
    if (run.length < REPETITIONS) kept.push(...run.filter((segment) => !isOnePhrase(phrase, segment)));
  }
  return kept;
}

/** Whether a text is one phrase again and again; the last time it may be cut off. */
function isOnePhrase(text: string, { confidence }: HeardSegment): boolean {
  const words = text.split(' ');
  const isUnsure = (confidence ?? 1) < LIKELY_SILENCE.confidence;
  if (words.length < (isUnsure ? WITHIN_SEGMENT.repetitions : WITHIN_SEGMENT.words)) return false;
  return measurePeriod(words) * WITHIN_SEGMENT.repetitions <= words.length;
}

/**
 * Returns the least number of words after which a text says the same again, to its end: all of them where it does not. It takes as
 * long as the text is, by the longest beginnings that are ends too (the failure function of Knuth, Morris and Pratt, 1977).
 */
function measurePeriod(words: readonly string[]): number {
  const borders = [0];
  for (let end = 1, border = 0; end < words.length; end += 1) {
    while (border > 0 && words[end] !== words[border]) border = borders[border - 1] ?? 0;
    if (words[end] === words[border]) border += 1;
    borders.push(border);
  }
  return words.length - (borders.at(-1) ?? 0);
}

/** The letters and numbers of a segment. */
const normalize = (segment: HeardSegment | undefined) =>
  (segment?.text ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
