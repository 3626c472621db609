import { type SliceHooks, visitInSlices } from '#domain/core/time-slices.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences.ts';
import { hasNumber, isQuestion } from '#domain/text/sentence-cues.ts';
import { isContentWord } from '#domain/text/stop-words.ts';
import { computeTfIdf, type TfIdf } from '#domain/text/tf-idf.ts';
import { tokenize } from '#domain/text/tokenizers.ts';
import { closingOf, openingOf } from './features/completeness.ts';
import { fillersIn } from './features/fluency.ts';
import { hookOf } from './features/hook.ts';
import { type Measurements, rateOf } from './measurements.ts';
import { sentimentOf } from './sentiment.ts';
import { normalizedScoreAmong, rangeSum } from './statistics.ts';

/** Reading the words is a tenth of the time, measured; nearly all of the rest is sentiment. */
const KEY_WORDS_SHARE = 0.1;

/** Measures an episode's sentences. Progress runs over `progressRange`. */
export async function measureEpisode(
  sentences: readonly Sentence[],
  watch: SliceHooks,
  [from, to]: readonly [number, number],
): Promise<Measurements> {
  const keyWordsDone = from + (to - from) * KEY_WORDS_SHARE;
  const keyWords = await computeTfIdf(sentences, watch, [from, keyWordsDone]);
  const columns = columnsFor(sentences.length);
  await visitInSlices(sentences, (_, index) => measure(sentences, index, keyWords, columns), watch, [keyWordsDone, to]);
  return summarise(sentences, keyWords, columns);
}

type Columns = ReturnType<typeof columnsFor>;

function columnsFor(length: number) {
  const column = () => new Float64Array(length);
  return {
    hook: column(),
    opening: column(),
    closing: column(),
    words: column(),
    fillers: column(),
    questions: column(),
    numbers: column(),
    contentWords: column(),
    contentWeight: column(),
    sentiment: column(),
    speakerChanges: column(),
    answeredQuestions: column(),
  };
}

function measure(sentences: readonly Sentence[], index: number, keyWords: TfIdf, columns: Columns): void {
  const { text, speaker } = sentences[index] as Sentence;
  const next = sentences[index + 1];
  const tokens = tokenize(text);
  const content = tokens.filter(isContentWord);
  const block = keyWords.blockOf[index] ?? 0;
  const weight = content.reduce((sum, word) => sum + keyWords.weightOf(word, block), 0);
  const question = isQuestion(text);
  const anotherFollows = next !== undefined && next.speaker !== speaker;
  columns.hook[index] = hookOf(sentences, index);
  columns.opening[index] = openingOf(sentences, index);
  columns.closing[index] = closingOf(sentences, index);
  columns.words[index] = tokens.length;
  columns.fillers[index] = fillersIn(tokens, tokenize(sentences[index - 1]?.text ?? ''));
  columns.questions[index] = Number(question);
  columns.numbers[index] = Number(hasNumber(tokens));
  columns.contentWords[index] = content.length;
  columns.contentWeight[index] = weight;
  columns.sentiment[index] = sentimentOf(text);
  columns.speakerChanges[index] = Number(anotherFollows);
  columns.answeredQuestions[index] = Number(question && anotherFollows);
}

function summarise(sentences: readonly Sentence[], keyWords: TfIdf, columns: Columns): Measurements {
  const words = rangeSum(columns.words);
  const contentWords = rangeSum(columns.contentWords);
  const contentWeight = rangeSum(columns.contentWeight);
  const stretches = stretchesOf(keyWords);
  const rates = stretches.map(([first, last]) => rateOf(words(first, last), sentences, first, last));
  const weights = stretches.map(([first, last]) => contentWeight(first, last) / Math.max(1, contentWords(first, last)));
  return {
    sentences,
    hook: columns.hook,
    opening: columns.opening,
    closing: columns.closing,
    words,
    fillers: rangeSum(columns.fillers),
    questions: rangeSum(columns.questions),
    numbers: rangeSum(columns.numbers),
    contentWords,
    contentWeight,
    sentiment: rangeSum(columns.sentiment),
    sentimentSquared: rangeSum(columns.sentiment.map((value) => value * value)),
    speakerChanges: rangeSum(columns.speakerChanges),
    answeredQuestions: rangeSum(columns.answeredQuestions),
    rateScore: normalizedScoreAmong(rates),
    salienceScore: normalizedScoreAmong(weights),
  };
}

/** First and last sentence of every block. */
function stretchesOf({ blockOf }: TfIdf): [number, number][] {
  const stretches: [number, number][] = [];
  for (const [index, block] of blockOf.entries()) {
    const stretch = stretches[block];
    if (stretch) stretch[1] = index;
    else stretches[block] = [index, index];
  }
  return stretches;
}
