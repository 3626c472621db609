import { type SliceHooks, visitInSlices } from '#domain/core/time-slices.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences.ts';
import { hasNumber, isContentWord, isQuestion, tokenize } from '#domain/text/vocabulary.ts';
import { scoreClosing, scoreOpening } from './features/completeness.ts';
import { countFillers } from './features/fluency.ts';
import { scoreHook } from './features/hook.ts';
import { type Measurements, wordsPerSecond } from './measurements.ts';
import { scoreSentiment } from './sentiment.ts';
import { createRangeSum, createScoreNormalizer } from './statistics.ts';
import { computeTfIdf, type TfIdf } from './tf-idf.ts';

/** Reading the words is a tenth of the time, measured; nearly all of the rest is sentiment. */
const TF_IDF_SHARE = 0.1;

/** Measures an episode's sentences. Progress runs over `progressRange`. */
export async function measureEpisode(
  sentences: readonly Sentence[],
  watch: SliceHooks,
  [from, to]: readonly [number, number],
): Promise<Measurements> {
  const keyWordsDone = from + (to - from) * TF_IDF_SHARE;
  const keyWords = await computeTfIdf(sentences, watch, [from, keyWordsDone]);
  const columns = createColumns(sentences.length);
  await visitInSlices(sentences, (_, index) => measureSentence(sentences, index, keyWords, columns), watch, [
    keyWordsDone,
    to,
  ]);
  return summarizeColumns(sentences, keyWords, columns);
}

type Columns = ReturnType<typeof createColumns>;

function createColumns(length: number) {
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

function measureSentence(sentences: readonly Sentence[], index: number, keyWords: TfIdf, columns: Columns): void {
  const { text, speaker } = sentences[index] as Sentence;
  const next = sentences[index + 1];
  const tokens = tokenize(text);
  const content = tokens.filter(isContentWord);
  const block = keyWords.blockOf[index] ?? 0;
  const weight = content.reduce((sum, word) => sum + keyWords.weightOf(word, block), 0);
  const question = isQuestion(text);
  const anotherFollows = next !== undefined && next.speaker !== speaker;
  columns.hook[index] = scoreHook(sentences, index);
  columns.opening[index] = scoreOpening(sentences, index);
  columns.closing[index] = scoreClosing(sentences, index);
  columns.words[index] = tokens.length;
  columns.fillers[index] = countFillers(tokens, tokenize(sentences[index - 1]?.text ?? ''));
  columns.questions[index] = Number(question);
  columns.numbers[index] = Number(hasNumber(tokens));
  columns.contentWords[index] = content.length;
  columns.contentWeight[index] = weight;
  columns.sentiment[index] = scoreSentiment(text);
  columns.speakerChanges[index] = Number(anotherFollows);
  columns.answeredQuestions[index] = Number(question && anotherFollows);
}

function summarizeColumns(sentences: readonly Sentence[], keyWords: TfIdf, columns: Columns): Measurements {
  const words = createRangeSum(columns.words);
  const contentWords = createRangeSum(columns.contentWords);
  const contentWeight = createRangeSum(columns.contentWeight);
  const stretches = listBlockRanges(keyWords);
  const rates = stretches.map(([first, last]) => wordsPerSecond(words(first, last), sentences, first, last));
  const weights = stretches.map(([first, last]) => contentWeight(first, last) / Math.max(1, contentWords(first, last)));
  return {
    sentences,
    hook: columns.hook,
    opening: columns.opening,
    closing: columns.closing,
    words,
    fillers: createRangeSum(columns.fillers),
    questions: createRangeSum(columns.questions),
    numbers: createRangeSum(columns.numbers),
    contentWords,
    contentWeight,
    sentiment: createRangeSum(columns.sentiment),
    sentimentSquared: createRangeSum(columns.sentiment.map((value) => value * value)),
    speakerChanges: createRangeSum(columns.speakerChanges),
    answeredQuestions: createRangeSum(columns.answeredQuestions),
    normalizeRate: createScoreNormalizer(rates),
    normalizeSalience: createScoreNormalizer(weights),
  };
}

/** First and last sentence of every block. */
function listBlockRanges({ blockOf }: TfIdf): [number, number][] {
  const stretches: [number, number][] = [];
  for (const [index, block] of blockOf.entries()) {
    const stretch = stretches[block];
    if (stretch) stretch[1] = index;
    else stretches[block] = [index, index];
  }
  return stretches;
}
