import type { Job } from '#generated/prisma/client.ts';
import type { JobKind } from '#generated/prisma/enums.ts';
import type { Deps } from './deps.ts';
import { BadUserInput, Unavailable } from './errors.ts';
import {
  assertStorage,
  discardUpload,
  giveUpload,
  MAX_UPLOAD_BYTES,
  receiveUpload,
  reserveStorage,
} from './stored-uploads.ts';
import { writeAndLoad } from './write.ts';

/** A file as it arrives: its bytes, and the announced size (0 if none was announced). */
export type IncomingFile = {
  body: AsyncIterable<Uint8Array>;
  announcedBytes: number;
  idempotencyKey: string | null;
};

/** What to do with a file: the job that imports it, and the further settings of that job. */
export type UploadPurpose = { action: string; kind: JobKind; settings?: Record<string, string | null> };

/**
 * Stores a file, and enqueues the job that imports it, which it returns. Safe to repeat with the same idempotency key. Throws
 * QUOTA_EXCEEDED, QueueFull, IdempotencyConflict, Unavailable, and what `body` throws.
 */
export async function uploadForJob(
  deps: Deps,
  { action, kind, settings = {} }: UploadPurpose,
  { body, announcedBytes, idempotencyKey }: IncomingFile,
): Promise<Job> {
  await assertStorage(deps.database.prisma, deps, Math.min(announcedBytes, MAX_UPLOAD_BYTES));
  const upload = await receiveUpload(deps, body);
  const { id: uploadId, sizeBytes, contentHash } = upload;
  try {
    if (sizeBytes === 0) throw new BadUserInput('body', 'The file is empty.');
    return await writeAndLoad(deps, {
      action,
      once: { key: idempotencyKey, input: { contentHash, ...settings } },
      async run({ tx, about, enqueue }) {
        await reserveStorage(tx, deps, sizeBytes);
        const { id } = await enqueue({ kind, payload: { uploadId, ...settings } });
        if ((await giveUpload(tx, deps, upload, id)) === 0) throw new Unavailable();
        about({ type: 'Job', id }, { bytes: sizeBytes, contentHash });
        return id;
      },
      what: 'job',
      load: (id, tx) => tx.job.findFirst({ where: { id, requestedById: deps.actor.userId } }),
    });
  } finally {
    await discardUpload(deps, uploadId);
  }
}
