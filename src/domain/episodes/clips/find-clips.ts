import type { Report } from '#adapters/threads/serve-tasks.ts';
import { type Chapter, findChapters } from '#domain/episodes/chapters/find-chapters.ts';
import { decodePages, type SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { chooseClips, type FoundClip } from './choose-clips.ts';
import { type ClipToScore, type ScoredClip, scoreCut } from './cuts.ts';
import { type ClipSearch, scoreCandidates } from './score-candidates.ts';

/** A transcript, what clips are looked for in it, how many for each platform, and where its recording ends, if there is one. */
export type ClipRequest = ClipSearch & {
  pages: SegmentPages;
  maxClips: number;
  recordedSeconds?: number | undefined;
  /** What the user has cut, to be scored with it. */
  ownClips: readonly ClipToScore[];
};

/** How far the scoring of a transcript of so many sentences is, 0 to 1. */
export type ScoringProgress = { sentences: number; scored: number };

/** What an episode has, by its transcript. */
export type FoundInEpisode = { clips: FoundClip[]; chapters: Chapter[]; ownClips: ScoredClip[] };

/**
 * Finds the clips and chapters of a transcript, scores those that the user has cut, and reports a ScoringProgress at most ten times a
 * second.
 */
export function findClips(
  { pages, maxClips, recordedSeconds, ownClips, ...search }: ClipRequest,
  report: Report,
): FoundInEpisode {
  const sentences = endAt(splitIntoSentences(decodePages(pages)), recordedSeconds);
  let reportedAt = 0;
  const onProgress = (scored: number) => {
    if (performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    report({ sentences: sentences.length, scored } satisfies ScoringProgress);
  };
  const candidates = scoreCandidates(sentences, search, onProgress);
  return {
    clips: [...chooseClips(candidates, { maxClips }).values()].flat(),
    chapters: findChapters(candidates.episode),
    ownClips: ownClips.map((clip) => ({ ...clip, ...scoreCut(candidates.episode, clip) })),
  };
}

/** Seconds that the last words may stand longer than their recording lasts, as captions often do. */
const OVERHANG_SECONDS = 2;

/** Leaves out what is said behind the end of a recording: the transcript may be that of a longer cut. */
function endAt(sentences: Sentence[], end = Number.POSITIVE_INFINITY): Sentence[] {
  return sentences
    .filter(({ startSeconds, endSeconds }) => startSeconds < end && endSeconds <= end + OVERHANG_SECONDS)
    .map((sentence) => (sentence.endSeconds <= end ? sentence : { ...sentence, endSeconds: end }));
}

/** Milliseconds from one report to the next. */
const REPORT_MS = 100;
