import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { Platform } from '#generated/prisma/enums.ts';
import { type ClipFeatures, computeFeatures, roundForStorage } from './clip-features.ts';
import type { Measurements } from './measurements.ts';
import type { BestEnds, ScoredCandidates } from './score-candidates.ts';
import { chooseTitle } from './titles.ts';

/** A clip worth suggesting. Times are seconds of the recording; the score and each feature are 0 to 1. */
export type FoundClip = TimeRange & {
  platform: Platform;
  score: number;
  features: ClipFeatures;
  title: string;
};

/** A candidate of one platform: sentences `first` to `last`. */
type Choice = TimeRange & { first: number; last: number; score: number };

/** The largest overlap coefficient of two clips of one platform: two cuts around one moment are not both offered. */
const MAX_OVERLAP = 0.5;

/**
 * Chooses the best clips of each platform, best first, at most `maxClips` for each: greedy non-maximum suppression, so
 * that a clip which overlaps a better one by more than half of the shorter of the two is left out. The earlier one wins
 * where scores are equal. Takes O(n log n + n · maxClips) time for n sentences.
 */
export function chooseClips(
  { episode, best }: ScoredCandidates,
  { maxClips }: { maxClips: number },
): Map<Platform, FoundClip[]> {
  const found = new Map<Platform, FoundClip[]>();
  for (const [platform, ends] of best) {
    const choices = suppressOverlaps(rankChoices(episode.sentences, ends), maxClips);
    found.set(platform, describeChoices(episode, platform, choices));
  }
  return found;
}

/** Gives choices their titles, each another one as far as there are, and their features. */
function describeChoices(episode: Measurements, platform: Platform, choices: readonly Choice[]): FoundClip[] {
  const titles = new Set<string>();
  return choices.map(({ first, last, startSeconds, endSeconds, score }) => {
    const title = chooseTitle(episode, first, last, titles);
    titles.add(title);
    const features = computeFeatures(episode, platform, first, last);
    return { platform, startSeconds, endSeconds, score: roundForStorage(score), features, title };
  });
}

/** Returns the candidates of one platform, best first. */
function rankChoices(sentences: readonly TimeRange[], ends: BestEnds): Choice[] {
  const choices: Choice[] = [];
  for (const [first, score] of ends.score.entries()) {
    const last = ends.last[first] ?? first;
    const [begin, end] = [sentences[first], sentences[last]];
    if (score <= 0 || !begin || !end) continue;
    choices.push({ first, last, score, startSeconds: begin.startSeconds, endSeconds: end.endSeconds });
  }
  return choices.sort((a, b) => b.score - a.score || a.first - b.first);
}

function suppressOverlaps(choices: readonly Choice[], maxClips: number): Choice[] {
  const chosen: Choice[] = [];
  for (const choice of choices) {
    if (chosen.length >= maxClips) break;
    if (chosen.every((better) => overlapCoefficient(better, choice) <= MAX_OVERLAP)) chosen.push(choice);
  }
  return chosen;
}

/**
 * Returns the overlap coefficient (Szymkiewicz–Simpson) of two time ranges: what they share over the shorter, 0 to 1.
 */
export function overlapCoefficient(a: TimeRange, b: TimeRange): number {
  const shared = Math.min(a.endSeconds, b.endSeconds) - Math.max(a.startSeconds, b.startSeconds);
  const shorter = Math.min(a.endSeconds - a.startSeconds, b.endSeconds - b.startSeconds);
  return shorter > 0 ? Math.max(0, shared) / shorter : 0;
}
