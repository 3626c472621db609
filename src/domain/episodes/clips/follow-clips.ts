import { type Chapter, findChapters } from '#domain/episodes/chapters/find-chapters.ts';
import { correctSegment } from '#domain/episodes/transcripts/corrections/correct-segment.ts';
import { decodePages, type SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import { decodeSegmentRows } from '#domain/episodes/transcripts/segments/rows.ts';
import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { Genre, Platform } from '#generated/prisma/enums.ts';
import type { StoredFeatures } from './clip-features.ts';
import { findSentences, scoreCut } from './cuts.ts';
import { followEdges, listWordsNear } from './follow-edges.ts';
import { genreWeights } from './genre-weights.ts';
import { measureEpisode } from './measure-episode.ts';
import type { Measurements } from './measurements.ts';
import { hasClipLength } from './platforms.ts';
import { chooseTitle, isTitleOf } from './titles.ts';

/** A clip of the transcript that changes. */
export type ClipToFollow = TimeRange & {
  id: string;
  platform: Platform;
  genre: Genre;
  title: string;
  features: StoredFeatures;
};

/** What a transcript becomes: one segment of it has another text, or all of it is replaced by rows of an import. */
export type TranscriptChange = { index: number; text: string } | { rows: readonly Uint8Array[] };

export type FollowRequest = {
  pages: SegmentPages;
  change: TranscriptChange;
  clips: readonly ClipToFollow[];
  /** Where the recording ends, beyond which no clip is moved; undefined without one. */
  recordedSeconds?: number | undefined;
};

/**
 * A clip in the new transcript; `found` where both of its edges were found there, at a length that its platform takes, else one or both
 * have stayed at their seconds.
 */
export type FollowedClip = TimeRange & {
  id: string;
  found: boolean;
  score: number;
  features: StoredFeatures;
  title: string;
};

/** Moves clips with their words into what a transcript becomes, and scores them there. Returns its chapters, too. */
export function followClips({ pages, change, clips, recordedSeconds = Infinity }: FollowRequest): {
  clips: FollowedClip[];
  chapters: Chapter[];
} {
  const after = () => changedSegments(pages, change);
  const before = listWordsNear(decodePages(pages), clips);
  const words = listWordsNear(after(), clips);
  const episode = measureEpisode(splitIntoSentences(after()));
  const followed = clips.map((clip) => {
    const edges = followEdges(clip, before, words);
    const range = {
      startSeconds: edges.startSeconds ?? clip.startSeconds,
      endSeconds: Math.min(edges.endSeconds ?? clip.endSeconds, Math.max(recordedSeconds, clip.endSeconds)),
    };
    const fits = hasClipLength(range, clip.platform) || !hasClipLength(clip, clip.platform);
    const isSame = fits && range.startSeconds < range.endSeconds && hasSameLength(clip, range);
    const found = isSame && edges.startSeconds !== null && edges.endSeconds !== null;
    return { id: clip.id, found, ...judge(episode, { ...clip, ...(isSame ? range : {}) }) };
  });
  return { clips: followed, chapters: findChapters(episode) };
}

/** What is said between two edges takes about as long in every transcript; where it does not, one of them was mistaken. */
const LENGTH_TOLERANCE = { share: 0.25, seconds: 2 };

function hasSameLength(clip: TimeRange, range: TimeRange): boolean {
  const [old, now] = [clip, range].map(({ startSeconds, endSeconds }) => endSeconds - startSeconds) as [number, number];
  return Math.abs(now - old) <= Math.max(LENGTH_TOLERANCE.seconds, LENGTH_TOLERANCE.share * old);
}

function* changedSegments(pages: SegmentPages, change: TranscriptChange): Generator<ParsedSegment> {
  if ('rows' in change) return yield* decodeSegmentRows(change.rows);
  let index = 0;
  for (const segment of decodePages(pages)) {
    yield index === change.index ? correctSegment(segment, change.text) : segment;
    index += 1;
  }
}

/** Scores a clip, and gives it another title where nobody says its own any more. */
function judge(episode: Measurements, { genre, title, features: stored, ...clip }: ClipToFollow) {
  const { startSeconds, endSeconds } = clip;
  const { score, features } = scoreCut(episode, { ...clip, weights: stored.weights ?? genreWeights[genre] });
  const said = findSentences(episode.sentences, clip);
  const isKept = !said || isTitleOf(title, episode, said.first, said.last);
  return {
    ...{ startSeconds, endSeconds, score, features: { ...stored, ...features } },
    title: isKept ? title : chooseTitle(episode, said.first, said.last) || title,
  };
}
