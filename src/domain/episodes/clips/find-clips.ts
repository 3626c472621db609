import type { Report } from '#adapters/threads/serve-tasks.ts';
import { type Chapter, findChapters } from '#domain/episodes/chapters/find-chapters.ts';
import { decodePages, type SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { chooseClips, type FoundClip } from './choose-clips.ts';
import { type ClipSearch, scoreCandidates } from './score-candidates.ts';

/** A transcript, what clips are looked for in it, and how many for each platform. */
export type ClipRequest = ClipSearch & { pages: SegmentPages; maxClips: number };

/** How far the scoring of a transcript of so many sentences is, 0 to 1. */
export type ScoringProgress = { sentences: number; scored: number };

/** What an episode has, by its transcript. */
export type FoundInEpisode = { clips: FoundClip[]; chapters: Chapter[] };

/** Finds the clips and chapters of a transcript, and reports a ScoringProgress at most ten times a second. */
export function findClips({ pages, maxClips, ...search }: ClipRequest, report: Report): FoundInEpisode {
  const sentences = splitIntoSentences(decodePages(pages));
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
  };
}

/** Milliseconds from one report to the next. */
const REPORT_MS = 100;
