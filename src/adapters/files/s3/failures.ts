import { FileMissing, StoreFull, StoreUnavailable } from '#adapters/files/file-store.ts';

/** The client's error for an unsuccessful response, or for none. */
type Refusal = { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };

const MISSING = new Set(['NoSuchKey', 'NotFound']);
/** Error codes of full stores, in addition to the status 507. */
const FULL = new Set(['XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded']);

const statusOf = (error: unknown) => (error as Refusal).$metadata?.httpStatusCode;
const nameOf = (error: unknown) => String((error as Refusal).name ?? '');

/** Returns the error that a failure means for a request about an object. */
export function explainFailure(error: unknown, name: string): Error {
  if (error instanceof FileMissing || error instanceof StoreFull || error instanceof StoreUnavailable) return error;
  if (MISSING.has(nameOf(error))) return new FileMissing(name);
  if (statusOf(error) === 507 || FULL.has(nameOf(error))) return new StoreFull(error);
  return new StoreUnavailable(error);
}

/** Whether a failure means that an upload was already completed or aborted. */
export const isUploadGone = (error: unknown): boolean =>
  error instanceof StoreUnavailable && nameOf(error.cause) === 'NoSuchUpload';

/** Returns a sentence for the operator of a bucket that does not work; it names settings, not their values. */
export function describeFailure(error: unknown): string {
  const status = statusOf(error);
  if (status === 404) return 'There is no such bucket: create it, or check S3_BUCKET, S3_REGION and S3_ENDPOINT.';
  if (status === 401 || status === 403)
    return 'The bucket refuses the keys: check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, and what they may do with it.';
  if (status === 301 || status === 400) return 'The bucket is in another region: check S3_REGION.';
  if (nameOf(error) === 'CredentialsProviderError')
    return 'There are no keys for the bucket: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or give this machine a role.';
  const how = status ? `answers with ${status}` : `does not answer (${(error as Refusal).code ?? nameOf(error)})`;
  return `The store of the bucket ${how}: check S3_ENDPOINT, and that it runs. Uploads and jobs go on when it is back.`;
}
