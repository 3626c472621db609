import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MediaUrls } from '#domain/core/deps.ts';

/** A url is good for one to two of these: so those of one file stay the same for a while, and caches know them again. */
const STEP_SECONDS = 6 * 3_600;

/**
 * Creates what signs the addresses of files: an HMAC-SHA256 (RFC 2104) over path and expiry, so that one opens no other file, and
 * none for longer.
 */
export function createMediaUrls(secret: Uint8Array): MediaUrls {
  const sign = (path: string, expires: number) =>
    createHmac('sha256', secret).update(`${path}\n${expires}`).digest('base64url');
  return {
    create(fileId, now) {
      const expires = (Math.floor(now.getTime() / 1000 / STEP_SECONDS) + 2) * STEP_SECONDS;
      const path = pathOf(fileId);
      return `${path}?expires=${expires}&signature=${sign(path, expires)}`;
    },
    secondsLeft(fileId, { expires, signature }, now) {
      if (!/^\d{1,12}$/.test(expires)) return 0;
      const [expected, given] = [sign(pathOf(fileId), Number(expires)), signature].map((text) => Buffer.from(text));
      const isGood = expected?.length === given?.length && timingSafeEqual(expected as Buffer, given as Buffer);
      return isGood ? Math.max(0, Math.floor(Number(expires) - now.getTime() / 1000)) : 0;
    },
  };
}

const pathOf = (fileId: string) => `/media/${fileId}`;
