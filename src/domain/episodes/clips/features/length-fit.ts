import { clipSecondsFor, platformLimits } from '#domain/episodes/clips/platforms.ts';
import type { Platform } from '#generated/prisma/enums.ts';

/**
 * 1 within the length that does best on the platform (`platforms.ts` has the sources), falling evenly to 0 at the
 * shortest and longest clip cut for it. Length decides how many watch to the end, which is what feeds rank by.
 */
export function lengthFit(platform: Platform, seconds: number): number {
  const { ideal } = platformLimits[platform];
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  if (seconds < minSeconds || seconds > maxSeconds) return 0;
  if (seconds < ideal.minSeconds) return (seconds - minSeconds) / (ideal.minSeconds - minSeconds);
  if (seconds > ideal.maxSeconds) return (maxSeconds - seconds) / (maxSeconds - ideal.maxSeconds);
  return 1;
}
