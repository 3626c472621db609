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
/** Within one segment people say a word or two again and again: "no, no, no", "thank you, thank you, thank you". */
const REPETITIONS_IN_SEGMENT = 5;

/** Removes runs of segments that say one and the same, and segments that are nothing but one phrase; what comes once or twice is said. */
export function removeRepeated(segments: readonly HeardSegment[]): HeardSegment[] {
  const kept: HeardSegment[] = [];
  for (let first = 0, next: number; first < segments.length; first = next) {
    const phrase = normalize(segments[first]);
    next = first + 1;
    while (next < segments.length && normalize(segments[next]) === phrase) next += 1;
    if (next - first < REPETITIONS && !isOnePhrase(phrase)) kept.push(...segments.slice(first, next));
  }
  return kept;
}

/** Whether a text is one phrase again and again; the last time it may be cut off. */
function isOnePhrase(text: string): boolean {
  const words = text.split(' ');
  for (let length = 1; length * REPETITIONS_IN_SEGMENT <= words.length; length += 1)
    if (words.every((word, index) => word === words[index % length])) return true;
  return false;
}

/** The letters and numbers of a segment. */
const normalize = (segment: HeardSegment | undefined) =>
  (segment?.text ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
