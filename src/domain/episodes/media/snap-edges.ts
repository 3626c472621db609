import { lowerBound } from '#domain/core/lower-bound.ts';
import { hasClipLength } from '#domain/episodes/clips/platforms.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { Platform } from '#generated/prisma/enums.ts';

/** Seconds that an edge may move. */
const REACH_SECONDS = 0.4;
/** Seconds of a pause that stay between an edge and speech. */
const MARGIN_SECONDS = 0.1;

/** Returns a clip with other edges. */
type EdgeSnapper = <Clip extends TimeRange & { platform: Platform }>(clip: Clip) => Clip;

/**
 * Returns what moves the edges of clips into the pauses near them: the start to just before speech begins, the end to just behind where it
 * ends, by 0.4 s at most. An edge without a pause near it stays, at its word; so does one by whose move the clip would be too long or too
 * short for its platform. `silences` are in order of time.
 */
export function createEdgeSnapper(silences: readonly TimeRange[]): EdgeSnapper {
  const begins = silences.map((silence) => silence.endSeconds - marginOf(silence));
  const ends = silences.map((silence) => silence.startSeconds + marginOf(silence));
  return (clip) => moveEdges(clip, begins, ends);
}

function moveEdges<Clip extends TimeRange & { platform: Platform }>(
  clip: Clip,
  begins: readonly number[],
  ends: readonly number[],
): Clip {
  const [start, end] = [toMillisecond(clip.startSeconds), toMillisecond(clip.endSeconds)];
  const [quietStart, quietEnd] = [nearest(start, begins), nearest(end, ends)].map(toMillisecond) as [number, number];
  const choices = [
    { startSeconds: quietStart, endSeconds: quietEnd },
    { startSeconds: quietStart, endSeconds: end },
    { startSeconds: start, endSeconds: quietEnd },
  ];
  const edges = choices.find((choice) => hasClipLength(choice, clip.platform));
  return { ...clip, ...(edges ?? { startSeconds: start, endSeconds: end }) };
}

/** Half of a pause that is shorter than two margins. */
const marginOf = ({ startSeconds, endSeconds }: TimeRange) => Math.min(MARGIN_SECONDS, (endSeconds - startSeconds) / 2);

/** Returns the nearest of ascending places within reach, else the edge itself. */
function nearest(edge: number, places: readonly number[]): number {
  const next = lowerBound(places, (place) => place >= edge);
  const [before = Number.NEGATIVE_INFINITY, after = Number.POSITIVE_INFINITY] = [places[next - 1], places[next]];
  const place = edge - before <= after - edge ? before : after;
  return Math.abs(place - edge) <= REACH_SECONDS ? place : edge;
}
