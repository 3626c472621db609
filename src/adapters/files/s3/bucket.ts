import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bulkhead } from 'cockatiel';
import { type ByteRange, type FileAddress, StoreUnavailable } from '#adapters/files/file-store.ts';
import type { BucketSettings } from '#config/files.ts';
import { explainFailure } from './failures.ts';

/** An object of the bucket. */
export type BucketObject = { name: string; sizeBytes: number; modifiedAt: Date };
/** A multipart upload that is neither completed nor aborted. */
export type OpenUpload = { name: string; uploadId: string; begunAt: Date };
/** A part of one, numbered from 1. */
export type UploadedPart = { number: number; sizeBytes: number; etag: string; modifiedAt: Date };

/** Milliseconds for a connection, and for a silence on one. */
const CONNECT_TIMEOUT_MS = 3_000;
const SILENCE_TIMEOUT_MS = 20_000;
/** Attempts at a request, with pauses between. */
const MAX_ATTEMPTS = 4;
const MAX_SOCKETS = 128;
/** Requests that send bytes at once: each holds up to a part in memory. */
const SENDING_AT_ONCE = 4;
const PING_TIMEOUT_MS = 2_000;

/** Where a part goes. */
type UploadPlace = Pick<OpenUpload, 'name' | 'uploadId'>;

export type Bucket = ReturnType<typeof openBucket>;

/**
 * Opens a bucket: what is done with it, in our words. All of it throws StoreUnavailable where it does not answer or refuses, StoreFull
 * where it has no room, FileMissing for an object that is not there, and the reason of a signal.
 */
export function openBucket(settings: BucketSettings) {
  const client = createClient(settings);
  const places = bulkhead(SENDING_AT_ONCE, Number.POSITIVE_INFINITY);
  const ofBucket = { Bucket: settings.bucket };
  const ofUpload = ({ name, uploadId }: UploadPlace) => ({ ...ofBucket, Key: name, UploadId: uploadId });
  return {
    /** Runs what reads up to a part into memory and sends it, when it has a place. */
    inTurn: <T>(send: () => Promise<T>): Promise<T> => places.execute(send),

    /** Yields the objects whose names begin like this, in order. */
    async *list(prefix: string): AsyncGenerator<BucketObject> {
      const assertNew = watchMarkers();
      try {
        for await (const page of paginateListObjectsV2({ client }, { ...ofBucket, Prefix: prefix })) {
          for (const { Key = '', Size = 0, LastModified = NEVER } of page.Contents ?? [])
            yield { name: Key, sizeBytes: Size, modifiedAt: LastModified };
          if (page.NextContinuationToken) assertNew({ ContinuationToken: page.NextContinuationToken });
        }
      } catch (error) {
        throw explainFailure(error, prefix);
      }
    },

    /** Yields the open uploads of objects whose names begin like this. */
    async *listUploads(prefix: string): AsyncGenerator<OpenUpload> {
      const assertNew = watchMarkers();
      for (let from = {}; ; ) {
        const command = new ListMultipartUploadsCommand({ ...ofBucket, Prefix: prefix, ...from });
        const page = await explained(prefix, client.send(command));
        for (const { Key = '', UploadId = '', Initiated = NEVER } of page.Uploads ?? [])
          yield { name: Key, uploadId: UploadId, begunAt: Initiated };
        if (!page.IsTruncated) return;
        from = assertNew({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
      }
    },

    /** The library's own paging goes by the marker alone, which stores also give with the last page: it would ask for ever. */
    async listParts(upload: UploadPlace): Promise<UploadedPart[]> {
      const parts: UploadedPart[] = [];
      const assertNew = watchMarkers();
      for (let from = {}; ; ) {
        const page = await explained(upload.name, client.send(new ListPartsCommand({ ...ofUpload(upload), ...from })));
        for (const { PartNumber = 0, Size = 0, ETag = '', LastModified = NEVER } of page.Parts ?? [])
          parts.push({ number: PartNumber, sizeBytes: Size, etag: ETag, modifiedAt: LastModified });
        if (!page.IsTruncated) return parts;
        from = assertNew({ PartNumberMarker: page.NextPartNumberMarker });
      }
    },

    async put(name: string, bytes: Uint8Array): Promise<void> {
      await explained(name, client.send(new PutObjectCommand({ ...ofBucket, Key: name, Body: bytes })));
    },

    async read(name: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
      const command = new GetObjectCommand({
        ...ofBucket,
        Key: name,
        ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
      });
      const { Body } = await explained(name, client.send(command, signal ? { abortSignal: signal } : {}), signal);
      return Body as Readable;
    },

    async remove(name: string): Promise<void> {
      await explained(name, client.send(new DeleteObjectCommand({ ...ofBucket, Key: name })));
    },

    async beginUpload(name: string): Promise<OpenUpload> {
      const command = new CreateMultipartUploadCommand({ ...ofBucket, Key: name });
      const { UploadId = '' } = await explained(name, client.send(command));
      return { name, uploadId: UploadId, begunAt: new Date() };
    },

    async putPart(upload: UploadPlace, number: number, bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
      const command = new UploadPartCommand({ ...ofUpload(upload), PartNumber: number, Body: bytes });
      const { ETag = '' } = await explained(
        upload.name,
        client.send(command, signal ? { abortSignal: signal } : {}),
        signal,
      );
      return ETag;
    },

    async completeUpload(upload: UploadPlace, parts: readonly Pick<UploadedPart, 'number' | 'etag'>[]): Promise<void> {
      const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
      const command = new CompleteMultipartUploadCommand({ ...ofUpload(upload), MultipartUpload: { Parts } });
      await explained(upload.name, client.send(command));
    },

    async abortUpload(upload: UploadPlace): Promise<void> {
      await explained(upload.name, client.send(new AbortMultipartUploadCommand(ofUpload(upload))));
    },

    /** Returns an address at which anybody can read an object for some seconds, signed without asking the store. */
    address(name: string, { contentType, contentDisposition, seconds }: FileAddress): Promise<string> {
      const command = new GetObjectCommand({
        ...ofBucket,
        Key: name,
        ResponseContentType: contentType,
        ResponseContentDisposition: contentDisposition,
        ResponseCacheControl: `private, max-age=${seconds}`,
      });
      return getSignedUrl(client, command, { expiresIn: seconds });
    },

    /** Asks for the bucket, and not for long. */
    async ping(): Promise<void> {
      await client.send(new HeadBucketCommand(ofBucket), { abortSignal: AbortSignal.timeout(PING_TIMEOUT_MS) });
    },

    close: () => client.destroy(),
  };
}

const NEVER = new Date(0);

/**
 * Returns a function that returns the marker of a list's next page. It throws StoreUnavailable for one that was read before, as the
 * first page is, which has none: a store that says so would be asked for ever. Part of a list is not taken for all of it.
 */
function watchMarkers(): <Marker extends object>(next: Marker) => Marker {
  const read = new Set([JSON.stringify({})]);
  return (next) => {
    const marker = JSON.stringify(next);
    if (read.has(marker))
      throw new StoreUnavailable(new Error('A list of the bucket goes on with a page that it had.'));
    read.add(marker);
    return next;
  };
}

function createClient({ region, endpoint, keys }: BucketSettings): S3Client {
  return new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(keys ? { credentials: keys } : {}),
    maxAttempts: MAX_ATTEMPTS,
    // The checksums that newer clients add by themselves are refused by many stores that are not AWS.
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

/** Waits for an answer about an object. Throws the signal's reason, or what the failure means. */
async function explained<T>(name: string, answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainFailure(error, name);
  }
}
