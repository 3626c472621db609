import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { dropNonSpeech } from '#domain/episodes/transcripts/text/non-speech.ts';
import { iterateWords } from '#domain/episodes/transcripts/words/times.ts';
import { groupIntoSentences, type SpokenWord } from './grouping.ts';

/**
 * One sentence, or where the text has no punctuation one piece between pauses. Times are seconds of the recording.
 * `afterNonSpeech` where music or the like comes before it, over which no clip goes.
 */
export type Sentence = TimeRange & { text: string; speaker: string | null; afterNonSpeech?: boolean };

/** Music that lasts so long parts what is said before from what is said after it; a laugh is shorter. */
const NON_SPEECH_SECONDS = 3;

/**
 * Over 250 hours of conversation, at the 600 to 900 sentences an hour of the episodes measured. It bounds the memory
 * that a hostile transcript takes: 20 MB can hold 6.6 million sentences of one letter.
 */
const MAX_SENTENCES = 250_000;

/**
 * Splits a transcript into its sentences, in order, without what is not spoken (`text/non-speech.ts`). One may span segments, and one
 * segment may hold several; its words' times say where it is cut. Where there are more than MAX_SENTENCES, neighbours are joined two by
 * two, so that every edge is still the edge of a whole sentence. Segments must be in order, as parseTranscript returns them. Takes linear
 * time.
 */
export function splitIntoSentences(segments: Iterable<ParsedSegment>): Sentence[] {
  let sentences: Sentence[] = [];
  for (const words of groupIntoSentences(spokenWords(segments))) {
    sentences.push(toSentence(words));
    if (sentences.length > MAX_SENTENCES) sentences = joinPairs(sentences);
  }
  return sentences;
}

function* spokenWords(segments: Iterable<ParsedSegment>): Generator<SpokenWord> {
  let nonSpeechSeconds = 0;
  for (const segment of segments) {
    let last: SpokenWord | null = null;
    for (const word of dropNonSpeech(segment.text, iterateWords(segment))) {
      if (last) yield last;
      last = { ...word, speaker: segment.speaker, endsSegment: false };
      if (nonSpeechSeconds >= NON_SPEECH_SECONDS) last.afterNonSpeech = true;
      nonSpeechSeconds = 0;
    }
    if (last) yield { ...last, endsSegment: true };
    else nonSpeechSeconds += segment.endSeconds - segment.startSeconds;
  }
}

function toSentence(words: readonly SpokenWord[]): Sentence {
  const [first, last] = [words[0] as SpokenWord, words.at(-1) as SpokenWord];
  return {
    text: words.map((word) => word.text).join(' '),
    startSeconds: first.startSeconds,
    endSeconds: last.endSeconds,
    speaker: first.speaker,
    ...(first.afterNonSpeech && { afterNonSpeech: true }),
  };
}

function joinPairs(sentences: readonly Sentence[]): Sentence[] {
  const joined: Sentence[] = [];
  for (let index = 0; index < sentences.length; index += 2) {
    const first = sentences[index] as Sentence;
    const second = sentences[index + 1];
    joined.push(second ? { ...first, text: `${first.text} ${second.text}`, endSeconds: second.endSeconds } : first);
  }
  return joined;
}
