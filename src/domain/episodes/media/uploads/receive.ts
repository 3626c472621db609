import { createHash } from 'node:crypto';
import { episodeChannel, uploadChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, DomainError, NotFound } from '#domain/core/errors.ts';
import { newFileName } from '#domain/episodes/media/files/files.ts';
import { assertFileSize } from '#domain/episodes/media/files/storage.ts';
import type { MediaFile } from '#generated/prisma/client.ts';
import { finishUpload } from './finish.ts';
import { readUpload, storedBytes, uploadExpiry } from './uploads.ts';
import type { UploadWriters } from './writers.ts';

/** Hashes that a client may send of what one request brings. */
export const CHECKSUM_ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;
export type Checksum = { algorithm: (typeof CHECKSUM_ALGORITHMS)[number]; digest: Uint8Array };

/** What one request brings of a recording. */
export type UploadPart = {
  /** Where its client takes it to belong. */
  offset: number;
  body: AsyncIterable<Uint8Array>;
  /** Null where the request does not say. */
  announcedBytes: number | null;
  checksum: Checksum | null;
};

/** The upload is somewhere else than where its client takes it to be. */
export class OffsetConflict extends Conflict {
  constructor(offset: number) {
    super(`The upload is at ${offset}; go on from there.`, { offset });
  }
}

/** What came is not what was sent; none of it was kept. */
export class ChecksumMismatch extends DomainError {
  constructor() {
    super('BAD_USER_INPUT', 'What came does not have the checksum that was sent; none of it was kept.');
  }
}

/** Progress is written at most this often. */
const PROGRESS_MS = 500;

/**
 * Takes a part of a recording of the actor's into the store, as it comes, and returns where the upload is then. Another request
 * that is still at it, in whichever process, is ended. What came before a part breaks off counts, unless it has a checksum. With
 * the last byte the upload is finished. Throws NotFound, OffsetConflict, FILE_TOO_LARGE, ChecksumMismatch, StoreFull, and what the
 * body throws.
 */
export async function receiveUpload(
  deps: Deps,
  writers: UploadWriters,
  id: string,
  part: UploadPart,
): Promise<{ file: MediaFile; offset: number }> {
  using writer = await writers.begin(id);
  const file = await takeOver(deps, id);
  const leave = await deps.pubsub.subscribe(uploadChannel(id), () => void checkFence(deps, file, writer));
  try {
    const before = await storedBytes(deps, file);
    if (part.offset !== before) throw new OffsetConflict(before);
    const room = Number(file.sizeBytes) - before;
    if ((part.announcedBytes ?? 0) > room) throw tooLarge(file);
    const body = within(writer.watch(part.body), room, () => tooLarge(file));
    const report = reportProgress(deps, file, writer);
    try {
      await writeParts(deps, file, { ...part, body }, report.note);
    } finally {
      await report.end();
    }
    return await settle(deps, file);
  } finally {
    leave();
  }
}

/** Finishes an upload whose bytes are all there, as after a crash behind the last one. Returns where it is. Throws NotFound. */
export async function resumeUpload(deps: Deps, id: string): Promise<{ file: MediaFile; offset: number }> {
  const { file } = await readUpload(deps, id);
  return settle(deps, file);
}

async function settle(deps: Deps, file: MediaFile): Promise<{ file: MediaFile; offset: number }> {
  const offset = await storedBytes(deps, file);
  if (file.state === 'UPLOADING' && offset === Number(file.sizeBytes)) await finishUpload(deps, file);
  return { file, offset };
}

/** Makes this request the one that writes: those of other processes see that they are not any more. */
async function takeOver(deps: Deps, id: string): Promise<MediaFile> {
  const { file: before } = await readUpload(deps, id);
  assertFileSize(deps, Number(before.sizeBytes));
  if (before.state === 'STORED') return before;
  const [file] = await deps.database.prisma.mediaFile.updateManyAndReturn({
    where: { id, ownerId: deps.actor.userId, state: 'UPLOADING' },
    data: { uploadFence: { increment: 1 }, expiresAt: uploadExpiry(deps) },
  });
  if (!file) throw new NotFound('upload');
  deps.pubsub.publish(uploadChannel(id));
  return file;
}

/** Ends a writer whose place another has taken, or whose upload is gone. */
async function checkFence({ database, log }: Deps, { id, uploadFence }: MediaFile, writer: { stop(): void }) {
  try {
    const current = await database.prisma.mediaFile.findUnique({ where: { id }, select: { uploadFence: true } });
    if (current?.uploadFence !== uploadFence) writer.stop();
  } catch (error) {
    log.warn({ err: error }, 'cannot see whether an upload goes on in another request');
  }
}

/** Writes a part at its place; one with a checksum first aside, so that nothing counts that is not what was sent. */
async function writeParts(
  { files }: Deps,
  { storageKey }: MediaFile,
  { offset, body, checksum }: UploadPart,
  note: (offset: number) => void,
): Promise<void> {
  if (!checksum) {
    await files.write(storageKey, offset, body, note);
    return;
  }
  const aside = newFileName().storageKey;
  try {
    const hash = createHash(checksum.algorithm);
    const sizeBytes = await files.write(aside, 0, hashed(body, hash), () => {});
    if (!hash.digest().equals(checksum.digest)) throw new ChecksumMismatch();
    if (sizeBytes === 0) return;
    await files.finish(aside, sizeBytes);
    await files.write(storageKey, offset, await files.read(aside), note);
  } finally {
    await files.remove(aside);
  }
}

async function* hashed(body: AsyncIterable<Uint8Array>, hash: { update(bytes: Uint8Array): unknown }) {
  for await (const bytes of body) {
    hash.update(bytes);
    yield bytes;
  }
}

async function* within(body: AsyncIterable<Uint8Array>, room: number, tooMuch: () => Error) {
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > room) throw tooMuch();
    yield bytes;
  }
}

const tooLarge = ({ sizeBytes }: MediaFile) =>
  new DomainError('FILE_TOO_LARGE', `This upload was to have ${sizeBytes} bytes, and more came.`, {
    limit: Number(sizeBytes),
  });

/** Tells the owner how far an upload is, at most every PROGRESS_MS; stops the writer where another has its place. */
function reportProgress(deps: Deps, file: MediaFile, writer: { stop(): void }) {
  let offset: number | null = null;
  let writing: Promise<void> | undefined;
  const send = async () => {
    const reportedOffset = offset;
    offset = null;
    if (reportedOffset !== null && !(await writeProgress(deps, file, reportedOffset))) writer.stop();
  };
  const timer = setInterval(() => {
    writing ??= send()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'cannot write how far an upload is'))
      .finally(() => (writing = undefined));
  }, PROGRESS_MS);
  return {
    note(end: number) {
      offset = end;
    },
    async end() {
      clearInterval(timer);
      await writing;
      await send().catch((error: unknown) => deps.log.warn({ err: error }, 'cannot write how far an upload is'));
    },
  };
}

/** Returns whether the upload is still this request's. */
async function writeProgress({ database, pubsub }: Deps, file: MediaFile, offset: number): Promise<boolean> {
  const { id, episodeId, uploadFence } = file;
  const rows = await database.sql(WRITE_PROGRESS, [episodeId, offset, id, uploadFence]);
  if (rows.length > 0) pubsub.publish(episodeChannel(episodeId));
  return rows.length > 0;
}

const WRITE_PROGRESS = /* sql */ `
UPDATE episodes SET received_bytes = $2::bigint WHERE id = $1::uuid
  AND EXISTS (SELECT FROM media_files WHERE id = $3::uuid AND upload_fence = $4::int AND state = 'UPLOADING')
RETURNING id`;
