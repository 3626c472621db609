import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { Platform } from '#generated/prisma/enums.ts';

/** The shortest and the longest length, both included. */
type SecondsRange = { minSeconds: number; maxSeconds: number };

/** What a platform takes, and the lengths at which short videos do best on it. */
export type PlatformLimits = { accepted: SecondsRange; ideal: SecondsRange };

/**
 * Video lengths by platform, as of November 2026. Platforms change them about once a year: look again by the sources.
 *
 * `accepted` is what any account may post, without a subscription: ayrshare.com/docs/media-guidelines keeps the limits
 * of all APIs; besides, YouTube: support.google.com/youtube/answer/15424877 (3 min since 15 October 2024), LinkedIn:
 * linkedin.com/help/lms/answer/a424737, Instagram: 3 min as announced in January 2025 (its API takes 15 min).
 *
 * `ideal` is where short videos do best by those who measure, kept within the 12 to 60 s of our clips.
 * TIKTOK: 21 to 34 s had the most conversions in TikTok's own analysis of its ads (mobilemarketingreads.com, 2021).
 * INSTAGRAM_REELS: 15 to 30 s (paracast.io/blog/optimal-video-length-for-social-media-platforms, 2025).
 * YOUTUBE_SHORTS: 15 to 40 s (vidpal.ai/blog/ideal-video-length-for-every-platform, 2026).
 * X: 20 to 45 s (hypervids.hub.elitecoders.co, "How to make short-form video for X", 2026).
 * LINKEDIN: 30 to 90 s (vidpal.ai and paracast.io as above).
 */
export const platformLimits: Record<Platform, PlatformLimits> = {
  TIKTOK: { accepted: { minSeconds: 3, maxSeconds: 600 }, ideal: { minSeconds: 21, maxSeconds: 34 } },
  INSTAGRAM_REELS: { accepted: { minSeconds: 3, maxSeconds: 180 }, ideal: { minSeconds: 15, maxSeconds: 30 } },
  YOUTUBE_SHORTS: { accepted: { minSeconds: 1, maxSeconds: 180 }, ideal: { minSeconds: 15, maxSeconds: 40 } },
  X: { accepted: { minSeconds: 0.5, maxSeconds: 140 }, ideal: { minSeconds: 20, maxSeconds: 45 } },
  LINKEDIN: { accepted: { minSeconds: 3, maxSeconds: 1800 }, ideal: { minSeconds: 30, maxSeconds: 60 } },
};

/**
 * The lengths that we cut: under 12 s no thought of a conversation is complete, and 60 s is what every platform of the
 * table plays as one short video to everyone.
 */
export const CLIP_SECONDS: SecondsRange = { minSeconds: 12, maxSeconds: 60 };

/** Returns the lengths of clip that we cut for a platform: ours, as far as it takes them. */
export function clipSecondsFor(platform: Platform): SecondsRange {
  const { accepted } = platformLimits[platform];
  return {
    minSeconds: Math.max(CLIP_SECONDS.minSeconds, accepted.minSeconds),
    maxSeconds: Math.min(CLIP_SECONDS.maxSeconds, accepted.maxSeconds),
  };
}

/** Whether a stretch has a length that we cut for a platform, to the millisecond. */
export function hasClipLength({ startSeconds, endSeconds }: TimeRange, platform: Platform): boolean {
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  const seconds = toMillisecond(endSeconds - startSeconds);
  return seconds >= minSeconds && seconds <= maxSeconds;
}
