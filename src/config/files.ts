import { z } from 'zod';
import { number, url, wholeNumber } from './variables.ts';

/** The bucket of media files. Without an endpoint, AWS is used; without keys, the default credentials of the machine. */
export type BucketSettings = {
  bucket: string;
  region: string;
  endpoint: string | undefined;
  keys: { accessKeyId: string; secretAccessKey: string } | undefined;
};

/** Bytes per GB, in decimal units. */
const GB = 1_000_000_000;

/** The maximum size of an upload to a bucket in bytes: 10,000 parts of 8 MiB. */
const MAX_ARRIVING_BYTES = 10_000 * 8 * 2 ** 20;

/** The limits of media files, the retention of those of archived episodes, and the bucket, if they are not in DATA_DIR. */
export const fileSettings = z
  .object({
    MAX_FILE_SIZE: wholeNumber(1, 1_000 * GB).default(524_288_000),
    MAX_STORAGE_GB: number(0.001, 1_000_000).default(10),
    ARCHIVED_MEDIA_KEEP_DAYS: wholeNumber(1, 36_500).default(30),
    S3_BUCKET: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'must be the name of a bucket, without s3://' })
      .optional(),
    S3_ENDPOINT: url('http:', 'https:').optional(),
    S3_REGION: z.string().default('us-east-1'),
    S3_ACCESS_KEY_ID: z.string().optional(),
    S3_SECRET_ACCESS_KEY: z.string().optional(),
  })
  .refine((vars) => vars.S3_BUCKET || !(vars.S3_ENDPOINT || vars.S3_ACCESS_KEY_ID || vars.S3_SECRET_ACCESS_KEY), {
    path: ['S3_BUCKET'],
    error: 'is missing: the other settings of S3 need it',
  })
  .refine((vars) => !vars.S3_ACCESS_KEY_ID === !vars.S3_SECRET_ACCESS_KEY, {
    path: ['S3_SECRET_ACCESS_KEY'],
    error: 'and S3_ACCESS_KEY_ID go together: set both, or neither',
  })
  .refine((vars) => !vars.S3_BUCKET || vars.MAX_FILE_SIZE <= MAX_ARRIVING_BYTES, {
    path: ['MAX_FILE_SIZE'],
    error: `must be ${MAX_ARRIVING_BYTES} at most in a bucket`,
  })
  .transform((vars) => ({
    maxFileBytes: vars.MAX_FILE_SIZE,
    maxStorageBytes: Math.floor(vars.MAX_STORAGE_GB * GB),
    archivedMediaKeepDays: vars.ARCHIVED_MEDIA_KEEP_DAYS,
    bucket: toBucket(vars),
  }));

function toBucket(vars: {
  S3_BUCKET?: string | undefined;
  S3_ENDPOINT?: string | undefined;
  S3_REGION: string;
  S3_ACCESS_KEY_ID?: string | undefined;
  S3_SECRET_ACCESS_KEY?: string | undefined;
}): BucketSettings | null {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region } = vars;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = vars;
  if (!bucket) return null;
  return {
    bucket,
    endpoint,
    region,
    keys: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
  };
}
