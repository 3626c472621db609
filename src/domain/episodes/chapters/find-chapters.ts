import { chooseTitle } from '#domain/episodes/clips/titles.ts';
import { isContentWord } from '#domain/text/stop-words.ts';
import { tokenize } from '#domain/text/tokenizers.ts';
import type { Subjects } from './measure-subjects.ts';

/** Where people begin to speak of something else, in seconds of the recording, and in their words what it is. */
export type Chapter = { startSeconds: number; title: string };

/** Content words that are counted together (the pseudo-sentences of TextTiling), and how many such runs are compared on each side. */
const RUN_WORDS = 20;
const BLOCK_RUNS = 10;
/** Gaps that are averaged, so that one odd sentence is no new subject. */
const SMOOTHED_GAPS = 5;

/** No chapter is shorter: nobody looks for less in a list. */
export const MIN_CHAPTER_SECONDS = 150;
const MAX_CHAPTERS = 50;
/** A chapter begins with the best opening this near to where the words change. */
const SNAP_SECONDS = 20;

/** A run of content words: the sentence that it begins in, and how often it has each. */
type Run = { sentence: number; counts: Map<string, number> };

/**
 * Finds the chapters of a recording by TextTiling (Hearst 1997): where the content words before and after a place have least in common,
 * deeper than the mean of all valleys. The first begins with the recording. None where nothing changes, as in a short one. Takes O(n) time
 * for n words.
 */
export function findChapters(episode: Subjects): Chapter[] {
  const { sentences } = episode;
  const runs = splitIntoRuns(sentences);
  const starts = chooseBoundaries(episode, runs).map((run) => snap(episode, run.sentence));
  const firsts = [...new Set([0, ...starts])].sort((a, b) => a - b);
  if (firsts.length < 2) return [];
  const titles = new Set<string>();
  return firsts.map((first, index) => {
    const last = (firsts[index + 1] ?? sentences.length) - 1;
    const title = chooseTitle(episode, first, last, titles) || `${index + 1}`;
    titles.add(title);
    return { startSeconds: index === 0 ? 0 : (sentences[first]?.startSeconds ?? 0), title };
  });
}

function splitIntoRuns(sentences: Subjects['sentences']): Run[] {
  const runs: Run[] = [];
  let words = RUN_WORDS;
  for (const [sentence, { text }] of sentences.entries())
    for (const word of tokenize(text).filter(isContentWord)) {
      if (words === RUN_WORDS) {
        runs.push({ sentence, counts: new Map() });
        words = 0;
      }
      const { counts } = runs.at(-1) as Run;
      counts.set(word, (counts.get(word) ?? 0) + 1);
      words += 1;
    }
  return runs;
}

/** Returns the runs that begin a chapter, the deepest valleys first taken. */
function chooseBoundaries({ sentences }: Subjects, runs: readonly Run[]): Run[] {
  const depths = measureDepths(smooth(compareBlocks(runs)));
  const threshold = depths.reduce((sum, depth) => sum + depth, 0) / Math.max(1, depths.length);
  const secondsOf = (run: Run) => sentences[run.sentence]?.startSeconds ?? 0;
  const end = sentences.at(-1)?.endSeconds ?? 0;
  const chosen: Run[] = [];
  const deepest = [...depths.keys()].sort((a, b) => (depths[b] ?? 0) - (depths[a] ?? 0));
  for (const gap of deepest) {
    const run = runs[gap + 1];
    if (!run || (depths[gap] ?? 0) <= threshold || chosen.length === MAX_CHAPTERS - 1) break;
    const seconds = secondsOf(run);
    const isFar = (other: number) => Math.abs(seconds - other) >= MIN_CHAPTER_SECONDS;
    if (isFar(0) && isFar(end) && chosen.every((other) => isFar(secondsOf(other)))) chosen.push(run);
  }
  return chosen;
}

/** Returns for each gap between two runs the cosine of what is before and behind it. */
function compareBlocks(runs: readonly Run[]): number[] {
  const [before, after] = [new Map<string, number>(), new Map<string, number>()];
  const add = (block: Map<string, number>, run: Run | undefined, sign: number) => {
    for (const [word, count] of run?.counts ?? []) {
      const sum = (block.get(word) ?? 0) + sign * count;
      if (sum === 0) block.delete(word);
      else block.set(word, sum);
    }
  };
  for (let index = 0; index < BLOCK_RUNS; index += 1) add(after, runs[index], 1);
  const scores: number[] = [];
  for (let gap = 0; gap < runs.length - 1; gap += 1) {
    add(before, runs[gap], 1);
    add(before, runs[gap - BLOCK_RUNS], -1);
    add(after, runs[gap], -1);
    add(after, runs[gap + BLOCK_RUNS], 1);
    scores.push(cosine(before, after));
  }
  return scores;
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (const [word, count] of a) {
    product += count * (b.get(word) ?? 0);
    squaresA += count * count;
  }
  for (const count of b.values()) squaresB += count * count;
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : 0;
}

function smooth(scores: readonly number[]): number[] {
  const reach = SMOOTHED_GAPS >> 1;
  return scores.map((_, index) => {
    const near = scores.slice(Math.max(0, index - reach), index + reach + 1);
    return near.reduce((sum, score) => sum + score, 0) / near.length;
  });
}

/** Returns how far each gap lies below the peaks on both of its sides; 0 where it is no valley. */
function measureDepths(scores: readonly number[]): number[] {
  const climbs = (values: readonly number[]) => {
    const peaks: number[] = [];
    for (const [index, value] of values.entries())
      peaks.push(index > 0 && (values[index - 1] as number) > value ? (peaks[index - 1] as number) : value);
    return peaks;
  };
  const left = climbs(scores);
  const right = climbs(scores.toReversed()).reverse();
  return scores.map((score, index) => {
    const isValley = score <= (scores[index - 1] ?? score) && score <= (scores[index + 1] ?? score);
    return isValley ? (left[index] as number) + (right[index] as number) - 2 * score : 0;
  });
}

/** Returns the sentence near a place that a chapter can best begin with. */
function snap({ sentences, opening }: Subjects, place: number): number {
  const at = sentences[place]?.startSeconds ?? 0;
  let [best, bestScore] = [place, Number.NEGATIVE_INFINITY];
  const rate = (index: number) => {
    const distance = Math.abs((sentences[index]?.startSeconds ?? 0) - at);
    const score = (opening[index] ?? 0) - distance / (2 * SNAP_SECONDS);
    if (distance <= SNAP_SECONDS && score > bestScore) [best, bestScore] = [index, score];
    return distance <= SNAP_SECONDS;
  };
  for (let index = place; index > 0 && rate(index); index -= 1);
  for (let index = place + 1; index < sentences.length && rate(index); index += 1);
  return best;
}
