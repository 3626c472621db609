import type { HeardSegment } from '#adapters/transcriber/transcriber.ts';

/** From this probability on nothing is said, whatever the model has written. */
const SILENCE_PROBABILITY = 0.8;
/** Whisper's own rule (openai/whisper, transcribe.py): probably silence, and unsure of its words (mean log probability under -1). */
const LIKELY_SILENCE = { probability: 0.6, confidence: Math.exp(-1) };

/** Whether a transcriber says itself that a segment is probably not said. */
export function isInvented({ noSpeechProbability, confidence }: HeardSegment): boolean {
  if (noSpeechProbability === null) return false;
  if (noSpeechProbability >= SILENCE_PROBABILITY) return true;
  return noSpeechProbability > LIKELY_SILENCE.probability && (confidence ?? 1) < LIKELY_SILENCE.confidence;
}

/** A phrase that comes so often in a row, and nothing else, is what models write over music. */
const REPETITIONS = 3;

/** Removes runs of segments that say one and the same; what comes once or twice is said. */
export function removeRepeated(segments: readonly HeardSegment[]): HeardSegment[] {
  const kept: HeardSegment[] = [];
  for (let first = 0, next: number; first < segments.length; first = next) {
    const phrase = normalize(segments[first]);
    next = first + 1;
    while (next < segments.length && normalize(segments[next]) === phrase) next += 1;
    if (next - first < REPETITIONS) kept.push(...segments.slice(first, next));
  }
  return kept;
}

/** The letters and numbers of a segment. */
const normalize = (segment: HeardSegment | undefined) =>
  segment?.text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
