import { S3Client } from '@aws-sdk/client-s3';
import type { BucketSettings } from '#config/files.ts';

/** Timeouts for connecting, and for an idle connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000;
const SILENCE_TIMEOUT_MS = 20_000;
/** The number of attempts at a request, with pauses in between. */
const MAX_ATTEMPTS = 4;
const MAX_SOCKETS = 128;

/** Creates a client for any S3-compatible store. */
export function createClient({ region, endpoint, keys }: BucketSettings): S3Client {
  return new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(keys ? { credentials: keys } : {}),
    maxAttempts: MAX_ATTEMPTS,
    // Newer clients add checksums by default, which many stores other than AWS refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: { maxSockets: MAX_SOCKETS },
    },
  });
}
