import type { SourceSegment, TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import { iterateWords } from '#domain/episodes/transcripts/words/times.ts';
import { groupIntoSentences, type SpokenWord } from './grouping.ts';

/**
 * Joins segments of one word each into segments of one sentence each, and keeps the source's times as word times. The
 * few segments with more words among them have their time spread over these.
 */
export function joinSpokenWords(segments: readonly SourceSegment[]): SourceSegment[] {
  const inOrder = segments.filter((segment) => segment.text !== '').toSorted((a, b) => a.startSeconds - b.startSeconds);
  return Array.from(groupIntoSentences(spokenWords(inOrder)), toSegment);
}

function* spokenWords(segments: readonly SourceSegment[]): Generator<SpokenWord> {
  for (const { text, speaker, confidence, startSeconds, endSeconds } of segments) {
    const timed = { text, startSeconds, endSeconds: Math.max(startSeconds, endSeconds ?? startSeconds), words: null };
    for (const word of iterateWords(timed)) yield { ...word, confidence, speaker, endsSegment: false };
  }
}

function toSegment(sentence: readonly SpokenWord[]): SourceSegment {
  const words = sentence.map(
    ({ text, startSeconds, endSeconds, confidence }): TimedWord => ({ text, startSeconds, endSeconds, confidence }),
  );
  return {
    startSeconds: words[0]?.startSeconds ?? 0,
    endSeconds: words.at(-1)?.endSeconds ?? null,
    text: words.map((word) => word.text).join(' '),
    speaker: sentence[0]?.speaker ?? null,
    confidence: null,
    words,
  };
}
