import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreFull } from '#adapters/files/file-store.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, DomainError, NotFound } from '#domain/core/errors.ts';
import { abandonUpload, UploadComplete } from '#domain/episodes/media/uploads/abandon.ts';
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  ChecksumMismatch,
  OffsetConflict,
  receiveUpload,
  resumeUpload,
} from '#domain/episodes/media/uploads/receive.ts';
import { readUpload } from '#domain/episodes/media/uploads/uploads.ts';
import { createUploadWriters } from '#domain/episodes/media/uploads/writers.ts';
import type { MediaFile } from '#generated/prisma/client.ts';
import { createAdmission } from '#http/admission.ts';
import { streamUntilSilent } from '#http/body.ts';
import { HttpError } from '#http/errors.ts';
import { type Headers, replyEmpty } from '#http/reply.ts';
import { type Gatekeeper, pointsOf } from '#http/request.ts';
import { authorizeUpload, contentTypeOf } from './upload-request.ts';

/** The paths of an upload, with the id of its file, and of all uploads, for OPTIONS requests. */
const PATH = /^\/uploads(?:\/([^/]*))?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const VERSION = '1.0.0';
const PART_TYPE = 'application/offset+octet-stream';

/** A connection without any byte for this long is closed. The total duration of a request is not limited. */
const MAX_SILENCE_MS = 60_000;

/**
 * The maximum number of concurrent requests that transfer parts, of one user and of the process. Each holds a connection and an open file,
 * but little memory.
 */
const ADMITTED = { ofUser: 16, inAll: 512, what: 'uploads' } as const;

/** Returns the tus capabilities of this server for an OPTIONS request; undefined for other paths. */
export function tusOptions(path: string, { limits }: Pick<Services, 'limits'>): Headers {
  if (!PATH.test(path)) return {};
  return {
    'tus-resumable': VERSION,
    'tus-version': VERSION,
    'tus-extension': 'termination,checksum,expiration',
    'tus-checksum-algorithm': CHECKSUM_ALGORITHMS.join(','),
    'tus-max-size': limits.maxFileBytes,
  };
}

/** Uploads of recordings. */
export type TusEndpoint = {
  /** Responds to a request; returns false for other paths. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
  /** Ends the requests that transfer parts. Received bytes are kept, and clients resume with another process. */
  stop(): void;
};

/**
 * Creates the endpoint for recordings, which implements tus 1.0 (https://tus.io/protocols/resumable-upload) with termination, checksum and
 * expiration. Uploads are created by `createEpisode`, which returns their URL; it accepts only API keys of their owner.
 *
 * Throws HttpError (400, 405, 408, 409, 410, 412, 415, 423, 460, 507), Unauthenticated, Forbidden, NotFound, DomainError (FILE_TOO_LARGE,
 * RATE_LIMITED), Unavailable.
 */
export function createTusEndpoint(
  services: Services,
  gatekeeper: Gatekeeper,
  { maxSilenceMs = MAX_SILENCE_MS } = {},
): TusEndpoint {
  const writers = createUploadWriters();
  const admit = createAdmission(ADMITTED);
  const methods: Record<string, (deps: Deps, id: string, request: IncomingMessage) => Promise<[number, Headers]>> = {
    async HEAD(deps, id) {
      const { file, offset } = await resumeUpload(deps, id);
      return [200, { ...describe(file, offset), 'upload-length': Number(file.sizeBytes) }];
    },
    async PATCH(deps, id, request) {
      const part = {
        ...readPart(request),
        body: streamUntilSilent(request, maxSilenceMs),
        announcedBytes: announcedBytes(request),
      };
      const { file, offset } = await admit(deps.actor.userId, () => receiveUpload(deps, writers, id, part));
      return [204, describe(file, offset)];
    },
    async DELETE(deps, id) {
      await abandonUpload(deps, id);
      return [204, {}];
    },
  };
  return {
    async serve(request, response, path) {
      const match = PATH.exec(path);
      if (!match) return false;
      response.setHeader('tus-resumable', VERSION);
      const method = methods[methodOf(request)];
      if (!method) throw methodNotAllowed();
      assertVersion(request);
      const context = await authorizeUpload(gatekeeper, request);
      await gatekeeper.charge(context, pointsOf(0));
      const [, id = ''] = match;
      if (!UUID.test(id)) throw new NotFound('upload');
      const deps = { ...services, actor: context.actor };
      const [status, headers] = await method(deps, id, request).catch((error: unknown) => explain(deps, id, error));
      replyEmpty(response, status, headers);
      return true;
    },
    stop: writers.stopAll,
  };
}

/** The headers of every response about an upload. */
function describe({ expiresAt, state, sizeBytes }: MediaFile, offset: number): Headers {
  const isOpen = state === 'UPLOADING' && offset < Number(sizeBytes);
  return { 'upload-offset': offset, ...(isOpen && expiresAt ? { 'upload-expires': expiresAt.toUTCString() } : {}) };
}

/** Some proxies and clients support only GET and POST. */
function methodOf({ method = '', headers }: IncomingMessage): string {
  const override = headers['x-http-method-override'];
  return (typeof override === 'string' ? override : method).toUpperCase();
}

const methodNotAllowed = () =>
  new HttpError(405, 'BAD_USER_INPUT', 'Send HEAD, PATCH or DELETE; the mutation `createEpisode` creates an upload.', {
    headers: { allow: 'HEAD, PATCH, DELETE, OPTIONS' },
  });

function assertVersion({ headers }: IncomingMessage): void {
  if (headers['tus-resumable'] === VERSION) return;
  throw new HttpError(412, 'BAD_USER_INPUT', `Send the header Tus-Resumable: ${VERSION}.`, {
    headers: { 'tus-version': VERSION },
  });
}

function readPart(request: IncomingMessage): { offset: number; checksum: Checksum | null } {
  if (contentTypeOf(request) !== PART_TYPE)
    throw new DomainError('UNSUPPORTED_MEDIA', `Send parts of a file as ${PART_TYPE}.`);
  return { offset: readOffset(request), checksum: readChecksum(request) };
}

function readOffset({ headers }: IncomingMessage): number {
  const text = headers['upload-offset'];
  const offset = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(offset)) return offset;
  throw new BadUserInput('Upload-Offset', 'Say where the part belongs: a whole number of bytes from the start.');
}

function readChecksum({ headers }: IncomingMessage): Checksum | null {
  const text = headers['upload-checksum'];
  if (text === undefined) return null;
  const [, name, digest] = /^(\w+) ([A-Za-z0-9+/]+={0,2})$/.exec(String(text)) ?? [];
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name);
  if (algorithm && digest) return { algorithm, digest: Buffer.from(digest, 'base64') };
  throw new BadUserInput('Upload-Checksum', `A checksum is ${CHECKSUM_ALGORITHMS.join(', ')}, and the hash in base64.`);
}

function announcedBytes({ headers }: IncomingMessage): number | null {
  const length = headers['content-length'];
  return length === undefined ? null : Number(length);
}

/** Throws an error with the status that tus specifies for it, and with the offset of the upload. */
async function explain(deps: Deps, id: string, error: unknown): Promise<never> {
  const [status, shown] = statusOf(error);
  if (status === null) throw error;
  const state = await readUpload(deps, id).catch(() => null);
  const headers = state ? { 'upload-offset': state.offset } : {};
  throw new HttpError(status, shown.code, shown.message, { details: shown.details, headers });
}

function statusOf(error: unknown): [number, DomainError] | [null, null] {
  if (error instanceof StoreFull) return [507, FULL];
  if (error instanceof ChecksumMismatch) return [460, error];
  if (error instanceof OffsetConflict) return [409, error];
  // Not 409 or 423, which tus-js-client repeats.
  if (error instanceof UploadComplete) return [410, error];
  if (error instanceof Conflict) return [423, error];
  if (error instanceof BadUserInput) return [400, error];
  return [null, null];
}

const FULL = new DomainError(
  'UNAVAILABLE',
  'The disk is full. Received bytes are kept; resume the upload when there is free space.',
);
