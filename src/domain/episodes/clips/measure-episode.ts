import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { hasNumber, isQuestion } from '#domain/text/sentence-cues.ts';
import { isContentWord } from '#domain/text/stop-words.ts';
import { computeTfIdf, type TfIdf } from '#domain/text/tf-idf.ts';
import { tokenize } from '#domain/text/tokenizers.ts';
import { scoreClosing, scoreOpening } from './features/completeness.ts';
import { countFillers } from './features/fluency.ts';
import { scoreHook } from './features/hook.ts';
import { computeSalience, computeSpeechRate, type Measurements } from './measurements.ts';
import { scoreSentiment } from './sentiment.ts';
import { createRangeSum, createScoreNormalizer } from './statistics.ts';

/** Measures an episode's sentences, which are in order of time; takes O(n) time for n of them. */
export function measureEpisode(
  sentences: readonly Sentence[],
  onProgress: (measured: number) => void = () => {},
): Measurements {
  const tfIdf = computeTfIdf(sentences);
  const columns = createColumns(sentences.length);
  for (const index of sentences.keys()) {
    measureSentence(sentences, index, tfIdf, columns);
    onProgress((index + 1) / sentences.length);
  }
  return toMeasurements(sentences, tfIdf, columns);
}

/** What is measured of each sentence. */
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

function measureSentence(sentences: readonly Sentence[], index: number, tfIdf: TfIdf, columns: Columns): void {
  const { text, speaker } = sentences[index] as Sentence;
  const next = sentences[index + 1];
  const tokens = tokenize(text);
  const content = tokens.filter(isContentWord);
  const block = tfIdf.blockOf[index] ?? 0;
  const weight = content.reduce((sum, word) => sum + tfIdf.weightOf(word, block), 0);
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

function toMeasurements(sentences: readonly Sentence[], tfIdf: TfIdf, columns: Columns): Measurements {
  const words = createRangeSum(columns.words);
  const contentWords = createRangeSum(columns.contentWords);
  const contentWeight = createRangeSum(columns.contentWeight);
  const blocks = listBlockRanges(tfIdf);
  const rates = blocks.map(([first, last]) => computeSpeechRate({ sentences, words }, first, last));
  const weights = blocks.map(([first, last]) => computeSalience({ contentWeight, contentWords }, first, last));
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

/** Returns the first and the last sentence of every block, both included. */
function listBlockRanges({ blockOf }: TfIdf): [number, number][] {
  const ranges: [number, number][] = [];
  for (const [index, block] of blockOf.entries()) {
    const range = ranges[block];
    if (range) range[1] = index;
    else ranges[block] = [index, index];
  }
  return ranges;
}
