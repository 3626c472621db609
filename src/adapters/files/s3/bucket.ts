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
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bulkhead } from 'cockatiel';
import { type ByteRange, type FileAddress, StoreUnavailable } from '#adapters/files/file-store.ts';
import type { BucketSettings } from '#config/files.ts';
import { createClient } from './client.ts';
import { explainFailure } from './failures.ts';

/** An object of the bucket. */
export type BucketObject = { name: string; sizeBytes: number; modifiedAt: Date };
/** A multipart upload that is neither completed nor aborted. */
export type OpenUpload = { name: string; uploadId: string; begunAt: Date };
/** A part of one, numbered from 1. */
export type UploadedPart = { number: number; sizeBytes: number; etag: string; modifiedAt: Date };

/** How many requests may upload bytes at once: each holds up to a part in memory. */
const SENDING_AT_ONCE = 4;
const PING_TIMEOUT_MS = 2_000;

/** The destination of a part. */
type UploadPlace = Pick<OpenUpload, 'name' | 'uploadId'>;

/**
 * The operations on a bucket. All of them throw StoreUnavailable if it does not answer or refuses, StoreFull if it is full, FileMissing
 * for an object that does not exist, and the reason of a signal.
 */
export class Bucket {
  readonly #client: S3Client;
  readonly #location: { Bucket: string };
  readonly #sending = bulkhead(SENDING_AT_ONCE, Number.POSITIVE_INFINITY);

  constructor(settings: BucketSettings) {
    this.#client = createClient(settings);
    this.#location = { Bucket: settings.bucket };
  }

  /** Runs a function that reads up to a part into memory and uploads it, once there is a slot for it. */
  inTurn<T>(send: () => Promise<T>): Promise<T> {
    return this.#sending.execute(send);
  }

  /** Yields the objects whose names have a prefix, in order. */
  async *list(prefix: string): AsyncGenerator<BucketObject> {
    const assertNew = watchMarkers();
    try {
      for await (const page of paginateListObjectsV2({ client: this.#client }, { ...this.#location, Prefix: prefix })) {
        for (const { Key = '', Size = 0, LastModified = NEVER } of page.Contents ?? [])
          yield { name: Key, sizeBytes: Size, modifiedAt: LastModified };
        if (page.NextContinuationToken) assertNew({ ContinuationToken: page.NextContinuationToken });
      }
    } catch (error) {
      throw explainFailure(error, prefix);
    }
  }

  /** Yields the open uploads of objects whose names have a prefix. */
  async *listUploads(prefix: string): AsyncGenerator<OpenUpload> {
    const assertNew = watchMarkers();
    for (let from = {}; ; ) {
      const command = new ListMultipartUploadsCommand({ ...this.#location, Prefix: prefix, ...from });
      const page = await explained(prefix, this.#client.send(command));
      for (const { Key = '', UploadId = '', Initiated = NEVER } of page.Uploads ?? [])
        yield { name: Key, uploadId: UploadId, begunAt: Initiated };
      if (!page.IsTruncated) return;
      from = assertNew({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
    }
  }

  /** The library's own pagination relies on the marker alone, which some stores also send with the last page: it would never end. */
  async listParts(upload: UploadPlace): Promise<UploadedPart[]> {
    const parts: UploadedPart[] = [];
    const assertNew = watchMarkers();
    for (let from = {}; ; ) {
      const page = await explained(
        upload.name,
        this.#client.send(new ListPartsCommand({ ...this.#locationOf(upload), ...from })),
      );
      for (const { PartNumber = 0, Size = 0, ETag = '', LastModified = NEVER } of page.Parts ?? [])
        parts.push({ number: PartNumber, sizeBytes: Size, etag: ETag, modifiedAt: LastModified });
      if (!page.IsTruncated) return parts;
      from = assertNew({ PartNumberMarker: page.NextPartNumberMarker });
    }
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    await explained(name, this.#client.send(new PutObjectCommand({ ...this.#location, Key: name, Body: bytes })));
  }

  async read(name: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    const command = new GetObjectCommand({
      ...this.#location,
      Key: name,
      ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
    });
    const { Body } = await explained(name, this.#client.send(command, signal ? { abortSignal: signal } : {}), signal);
    return Body as Readable;
  }

  async remove(name: string): Promise<void> {
    await explained(name, this.#client.send(new DeleteObjectCommand({ ...this.#location, Key: name })));
  }

  async beginUpload(name: string): Promise<OpenUpload> {
    const command = new CreateMultipartUploadCommand({ ...this.#location, Key: name });
    const { UploadId = '' } = await explained(name, this.#client.send(command));
    return { name, uploadId: UploadId, begunAt: new Date() };
  }

  async putPart(upload: UploadPlace, number: number, bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
    const command = new UploadPartCommand({ ...this.#locationOf(upload), PartNumber: number, Body: bytes });
    const { ETag = '' } = await explained(
      upload.name,
      this.#client.send(command, signal ? { abortSignal: signal } : {}),
      signal,
    );
    return ETag;
  }

  async completeUpload(upload: UploadPlace, parts: readonly Pick<UploadedPart, 'number' | 'etag'>[]): Promise<void> {
    const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    const command = new CompleteMultipartUploadCommand({ ...this.#locationOf(upload), MultipartUpload: { Parts } });
    await explained(upload.name, this.#client.send(command));
  }

  async abortUpload(upload: UploadPlace): Promise<void> {
    await explained(upload.name, this.#client.send(new AbortMultipartUploadCommand(this.#locationOf(upload))));
  }

  /** Returns an address at which anybody can read an object for some seconds, signed without a request to the store. */
  address(name: string, { contentType, contentDisposition, seconds }: FileAddress): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#location,
      Key: name,
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
      ResponseCacheControl: `private, max-age=${seconds}`,
    });
    return getSignedUrl(this.#client, command, { expiresIn: seconds });
  }

  /** Checks the bucket, with a short time limit. */
  async ping(): Promise<void> {
    await this.#client.send(new HeadBucketCommand(this.#location), {
      abortSignal: AbortSignal.timeout(PING_TIMEOUT_MS),
    });
  }

  close(): void {
    this.#client.destroy();
  }

  #locationOf({ name, uploadId }: UploadPlace) {
    return { ...this.#location, Key: name, UploadId: uploadId };
  }
}

const NEVER = new Date(0);

/**
 * Returns a function that returns the marker of a list's next page. It throws StoreUnavailable for a marker that was already used, as
 * that of the first page, which has none: such a store would be asked for ever. Part of a list is never taken for all of it.
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

/** Waits for a response about an object. Throws the signal's reason, or the error that the failure means. */
async function explained<T>(name: string, answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainFailure(error, name);
  }
}
