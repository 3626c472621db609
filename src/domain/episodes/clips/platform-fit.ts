import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { Platform } from '#generated/prisma/enums.ts';
import { clipSecondsFor } from './platforms.ts';

/** Whether a clip suits its platform; if not, why, and the edges that would. Seconds of the recording. */
export type PlatformFit = {
  fits: boolean;
  reason: string | null;
  suggestedStartSeconds: number | null;
  suggestedEndSeconds: number | null;
};

const FITS: PlatformFit = { fits: true, reason: null, suggestedStartSeconds: null, suggestedEndSeconds: null };

/**
 * Checks whether the length of a clip, given by its start and end in seconds, suits the platform (`platforms.ts`).
 * Where it does not, the suggested edges are whole sentences that last as long as it takes, nearest to the clip's own:
 * the least sum of both distances, in which that of the start counts twice, since it holds the hook. They are null
 * where no whole sentences last so long. O(n) for n sentences in order of time.
 */
export function checkPlatformFit(
  clipStart: number,
  clipEnd: number,
  platform: Platform,
  sentences: readonly Sentence[],
): PlatformFit {
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  const seconds = clipEnd - clipStart;
  if (seconds >= minSeconds && seconds <= maxSeconds) return FITS;
  const wrong = seconds > maxSeconds ? 'too long' : 'too short';
  const reason = `At ${seconds.toFixed(1)} s the clip is ${wrong}: ${platform} clips take ${minSeconds} to ${maxSeconds} s.`;
  const nearest = findNearestRange(clipStart, clipEnd, platform, sentences);
  return {
    fits: false,
    reason,
    suggestedStartSeconds: nearest?.startSeconds ?? null,
    suggestedEndSeconds: nearest?.endSeconds ?? null,
  };
}

/** How much moving the start costs, against moving the end as far. */
const START_COST = 2;

/**
 * Returns the range of whole sentences of an allowed length that is nearest to the clip's own. For each first sentence
 * the nearest allowed end is beside the clip's own end or at a limit of the length, which three pointers follow.
 */
function findNearestRange(
  clipStart: number,
  clipEnd: number,
  platform: Platform,
  sentences: readonly Sentence[],
): TimeRange | null {
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  const endAt = (index: number) => sentences[index]?.endSeconds ?? Number.POSITIVE_INFINITY;
  let nearest: TimeRange | null = null;
  let least = Number.POSITIVE_INFINITY;
  let [shortest, own, longest] = [0, 0, -1];
  for (const { startSeconds } of sentences) {
    while (endAt(shortest) - startSeconds < minSeconds) shortest += 1;
    while (endAt(longest + 1) - startSeconds <= maxSeconds) longest += 1;
    while (endAt(own) < clipEnd) own += 1;
    for (const candidate of [shortest, own - 1, own, longest]) {
      if (candidate < shortest || candidate > longest) continue;
      const endSeconds = endAt(candidate);
      const distance = START_COST * Math.abs(startSeconds - clipStart) + Math.abs(endSeconds - clipEnd);
      if (distance < least) [nearest, least] = [{ startSeconds, endSeconds }, distance];
    }
  }
  return nearest;
}
