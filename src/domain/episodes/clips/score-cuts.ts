import { decodePages, type SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { type CutScore, scoreCut, type WeightedCut } from './cuts.ts';
import { measureEpisode } from './measure-episode.ts';

/** A speaker, and what they are called instead. */
export type Renaming = { speaker: string; name: string };

/** Cuts of the transcript in `pages`, as it is or with a speaker renamed. */
export type ScoreRequest = {
  pages: SegmentPages;
  cuts: readonly WeightedCut[];
  renaming?: Renaming;
};

/** Returns the scores of cuts, in their order. */
export function scoreCuts({ pages, cuts, renaming }: ScoreRequest): CutScore[] {
  const episode = measureEpisode(splitIntoSentences(renameIn(decodePages(pages), renaming)));
  return cuts.map((cut) => scoreCut(episode, cut));
}

function* renameIn(segments: Iterable<ParsedSegment>, renaming: Renaming | undefined): Generator<ParsedSegment> {
  for (const segment of segments)
    yield segment.speaker === renaming?.speaker ? { ...segment, speaker: renaming?.name ?? null } : segment;
}
