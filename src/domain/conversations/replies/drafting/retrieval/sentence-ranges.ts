import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { SegmentHit } from '#domain/search/search-result.ts';
import { excerpt } from '#domain/text/excerpt.ts';
import type { TranscriptSegment } from '#generated/prisma/client.ts';

/** A few whole sentences of one speaker, in answer to a question. Times are seconds of the recording. */
export type Passage = {
  /** The one that was found. */
  segment: TranscriptSegment;
  text: string;
  startSeconds: number;
  endSeconds: number;
  score: number;
};

/** Sentences that a passage grows to. */
const MAX_SENTENCES = 3;
/** Characters: a passage grows while it is shorter. */
const ENOUGH_CHARACTERS = 200;
/** Characters: a passage is cut where one sentence is longer. */
const MAX_PASSAGE_CHARACTERS = 420;

/** A run of sentences, by the numbers of its first and last, and the segment for which it was chosen. */
export type SentenceRange = {
  segment: TranscriptSegment;
  sentences: readonly Sentence[];
  first: number;
  last: number;
  score: number;
  matchedWords: ReadonlySet<string>;
};

/**
 * Adds what a hit found to the ranges, best first: its best sentence with what its speaker says around it. Where that
 * stands beside a better one it joins it, and where another has it already nothing is added.
 */
export function addRange(
  ranges: SentenceRange[],
  segment: TranscriptSegment,
  { score, matchedWords }: Pick<SegmentHit, 'score' | 'matchedWords'>,
  sentences: readonly Sentence[],
): void {
  const best = findBestSentence(segment, sentences, matchedWords);
  if (best === null) return;
  const others = ranges.filter((range) => range.sentences === sentences);
  if (others.some(({ first, last }) => first <= best && best <= last)) return;
  const beside = others.find(
    (range) => (best === range.last + 1 || best === range.first - 1) && hasRoomFor(range, best),
  );
  if (beside) extendTo(beside, best);
  else ranges.push(widenRange({ segment, sentences, first: best, last: best, score, matchedWords }, others));
}

/** Makes a passage of a range, cut around the words that were found where one sentence is too long. */
export function toPassage({ segment, sentences, first, last, score, matchedWords }: SentenceRange): Passage {
  const chosen = sentences.slice(first, last + 1);
  return {
    segment,
    text: excerpt(joinSentences(chosen), matchedWords, MAX_PASSAGE_CHARACTERS),
    startSeconds: (chosen[0] as Sentence).startSeconds,
    endSeconds: (chosen.at(-1) as Sentence).endSeconds,
    score,
  };
}

/** Of the sentences that the segment has a part in: the first with the most of the matched words. */
function findBestSentence(
  { startSeconds, endSeconds, speaker }: TranscriptSegment,
  sentences: readonly Sentence[],
  matchedWords: ReadonlySet<string>,
): number | null {
  let best: number | null = null;
  let most = -1;
  for (const [index, sentence] of sentences.entries()) {
    const within = sentence.startSeconds < endSeconds && sentence.endSeconds > startSeconds;
    if (!within || sentence.speaker !== speaker) continue;
    const lowered = sentence.text.toLowerCase();
    const count = [...matchedWords].filter((word) => lowered.includes(word)).length;
    if (count > most) [best, most] = [index, count];
  }
  return best;
}

/** What comes after a sentence explains it more often than what comes before, so it goes there first. */
function widenRange(range: SentenceRange, others: readonly SentenceRange[]): SentenceRange {
  const isFree = (index: number) => others.every(({ first, last }) => index < first || index > last);
  while (range.last - range.first + 1 < MAX_SENTENCES && countCharacters(range) < ENOUGH_CHARACTERS) {
    const next = [range.last + 1, range.first - 1].find((index) => isFree(index) && hasRoomFor(range, index));
    if (next === undefined) break;
    extendTo(range, next);
  }
  return range;
}

function extendTo(range: SentenceRange, index: number): void {
  range.first = Math.min(range.first, index);
  range.last = Math.max(range.last, index);
}

function hasRoomFor(range: SentenceRange, index: number): boolean {
  const sentence = range.sentences[index];
  if (sentence?.speaker !== range.sentences[range.first]?.speaker) return false;
  return sentence !== undefined && countCharacters(range) + sentence.text.length < MAX_PASSAGE_CHARACTERS;
}

const countCharacters = ({ sentences, first, last }: SentenceRange) =>
  joinSentences(sentences.slice(first, last + 1)).length;
const joinSentences = (sentences: readonly Sentence[]) => sentences.map(({ text }) => text).join(' ');
