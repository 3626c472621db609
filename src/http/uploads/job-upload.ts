import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Deps, Services } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import { globalId } from '#domain/core/global-ids.ts';
import { MAX_UPLOAD_BYTES } from '#domain/core/stored-uploads.ts';
import type { IncomingFile } from '#domain/core/upload-for-job.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobStatus } from '#generated/prisma/enums.ts';
import { createAdmission, IN_MEMORY_UPLOADS } from '#http/admission.ts';
import { streamBody } from '#http/body.ts';
import { replyJson } from '#http/reply.ts';
import { type Gatekeeper, pointsOf, type RequestContext } from '#http/request.ts';
import {
  announcedBytesOf,
  assertMethod,
  authorizeUpload,
  chargeAnnounced,
  contentTypeOf,
  readIdempotencyKey,
} from './upload-request.ts';

/** Ten minutes: the time for MAX_UPLOAD_BYTES at 700 kbit/s. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;

/** The body of a successful response, as JSON: the global id of the job that imports the file. */
type UploadAnswer = { job: { id: string; status: JobStatus } };

/** An endpoint for files that are imported by jobs: a name for the files, such as `files of leads`, and the function that stores one. */
export type JobUpload = {
  path: string;
  what: string;
  types: readonly string[];
  /** Called with each chunk of bytes as it arrives. */
  count(bytes: number): void;
  store(deps: Deps, request: IncomingMessage, file: IncomingFile): Promise<Job>;
};

/**
 * Creates an endpoint that accepts a file by POST, and responds with 202 and an UploadAnswer. The file is stored as it arrives, and read by
 * the job. The header `Idempotency-Key` makes the request safe to retry.
 *
 * The endpoint returns false for other paths, and throws HttpError (405), Unauthenticated, Forbidden, DomainError (FILE_TOO_LARGE,
 * UNSUPPORTED_MEDIA, RATE_LIMITED), and the errors of `store`.
 */
export function createJobUploadEndpoint(services: Services, gatekeeper: Gatekeeper, upload: JobUpload) {
  const admit = createAdmission(IN_MEMORY_UPLOADS);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    if (path !== upload.path) return false;
    assertMethod(request, 'POST');
    const context = await authorizeUpload(gatekeeper, request);
    await chargeAnnounced(gatekeeper, context, request, limitOf(upload));
    assertType(request, upload);
    const job = await admit(context.actor.userId, () =>
      upload.store({ ...services, actor: context.actor }, request, {
        body: chargeAsItComes(request, context, gatekeeper, upload),
        announcedBytes: announcedBytesOf(request),
        idempotencyKey: readIdempotencyKey(request),
      }),
    );
    const answer: UploadAnswer = { job: { id: globalId('Job', job.id), status: job.status } };
    replyJson(response, 202, answer);
    return true;
  };
}

function assertType(request: IncomingMessage, { what, types }: JobUpload): void {
  if (types.includes(contentTypeOf(request))) return;
  throw new DomainError('UNSUPPORTED_MEDIA', `Send ${what} as ${types[0]}.`);
}

const limitOf = ({ what }: JobUpload) => ({
  maxBytes: MAX_UPLOAD_BYTES,
  tooLarge: () =>
    new DomainError('FILE_TOO_LARGE', `The limit of ${what} is ${MAX_UPLOAD_BYTES} bytes each; split it.`, {
      limit: MAX_UPLOAD_BYTES,
    }),
});

/** Charges for bytes that were not announced, before they are stored. */
async function* chargeAsItComes(
  request: IncomingMessage,
  context: RequestContext,
  gatekeeper: Gatekeeper,
  upload: JobUpload,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of streamBody(request, { ...limitOf(upload), timeoutMs: UPLOAD_TIMEOUT_MS })) {
    size += bytes.length;
    upload.count(bytes.length);
    await gatekeeper.charge(context, pointsOf(size));
    yield bytes;
  }
}
