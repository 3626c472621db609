import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { Prisma } from '#generated/prisma/client.ts';
import type { Deps } from './deps.ts';
import { DomainError } from './errors.ts';
import { daysBefore, deleteSliceOf, type RetentionRule } from './retention.ts';
import { lockName } from './row-locks.ts';
import { type ImportTarget, MAX_IMPORT_MINUTES, removeUnseen } from './sliced-import.ts';
import type { Tx } from './transaction.ts';

/** Bytes of a file: 50 MiB. */
export const MAX_UPLOAD_BYTES = 50 * 2 ** 20;

/** Bytes of files that one user may have stored for jobs, waiting or failed. */
export const MAX_STORED_BYTES = 4 * MAX_UPLOAD_BYTES;

/** Bytes per row of a file: the part that is in memory while the file is received. */
const CHUNK_BYTES = 128 * 1024;

/** Files, which stay hidden while they have no owner. */
export const UPLOADS: ImportTarget = {
  table: 'conversation_uploads',
  owner: 'owner_id',
  rows: 'conversation_upload_chunks',
  parent: 'upload_id',
};

/** A file that has been received. */
export type ReceivedUpload = { id: string; sizeBytes: number; contentHash: string };

/** Stores a file as it arrives, row by row, without an owner yet. Throws what `body` throws, and then leaves nothing behind. */
export async function receiveUpload(deps: Deps, body: AsyncIterable<Uint8Array>): Promise<ReceivedUpload> {
  const id = uuidv7();
  const hash = createHash('sha256');
  await deps.database.prisma.storedUpload.create({ data: { id } });
  try {
    let [index, sizeBytes] = [0, 0];
    for await (const bytes of inChunks(body)) {
      hash.update(bytes);
      sizeBytes += bytes.length;
      await deps.database.sql(
        'INSERT INTO conversation_upload_chunks (id, upload_id, index, bytes) VALUES ($1, $2, $3, $4)',
        [uuidv7(), id, index, bytes],
      );
      index += 1;
    }
    return { id, sizeBytes, contentHash: hash.digest('hex') };
  } catch (error) {
    await discardUpload(deps, id);
    throw error;
  }
}

async function* inChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let [waiting, size] = [[] as Uint8Array[], 0];
  for await (const bytes of body) {
    waiting.push(bytes);
    size += bytes.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** Removes a file that has no owner yet. If that fails, maintenance removes it later. */
export async function discardUpload({ database, log }: Deps, id: string): Promise<void> {
  await removeUnseen(database, UPLOADS, [id]).catch((error: unknown) =>
    log.warn({ err: error }, 'cannot remove an upload that nobody sees'),
  );
}

/** Assigns a file to its owner and job, unless it took too long to arrive. Returns how many files it has assigned. */
export function giveUpload(tx: Tx, { actor }: Deps, { id, sizeBytes }: ReceivedUpload, jobId: string): Promise<number> {
  return tx.$executeRaw`UPDATE conversation_uploads
    SET owner_id = ${actor.userId}::uuid, job_id = ${jobId}::uuid, size_bytes = ${sizeBytes}, created_at = now()
    WHERE id = ${id}::uuid AND created_at > now() - ${MAX_IMPORT_MINUTES} * interval '1 minute'`;
}

/** Throws QUOTA_EXCEEDED if that many more bytes would exceed what the actor's files may take. */
export async function assertStorage(tx: Pick<Tx, 'storedUpload'>, { actor }: Deps, bytes: number): Promise<void> {
  const stored = await tx.storedUpload.aggregate({
    where: { ownerId: actor.userId },
    _sum: { sizeBytes: true },
  });
  if ((stored._sum.sizeBytes ?? 0) + bytes <= MAX_STORED_BYTES) return;
  throw new DomainError(
    'QUOTA_EXCEEDED',
    `Files to import may have ${MAX_STORED_BYTES} bytes together; wait until some are imported.`,
    { limit: MAX_STORED_BYTES },
  );
}

/** The same, and until the transaction ends no other file of the actor takes the room that there is. */
export async function reserveStorage(tx: Tx, deps: Deps, bytes: number): Promise<void> {
  await lockName(tx, `parley:stored-uploads:${deps.actor.userId}`);
  await assertStorage(tx, deps, bytes);
}

/** Reads a file of the actor; null if it, or a part of it, is gone. Throws the signal's reason. */
export async function readUpload(
  { database: { prisma, sql }, actor }: Deps,
  id: string,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const upload = await prisma.storedUpload.findFirst({ where: { id, ownerId: actor.userId } });
  if (!upload) return null;
  const file = new Uint8Array(upload.sizeBytes);
  for (let [index, start] = [0, 0]; start < file.length; index += 1) {
    signal.throwIfAborted();
    const [chunk] = await sql<{ bytes: Buffer }>(
      'SELECT bytes FROM conversation_upload_chunks WHERE upload_id = $1 AND index = $2',
      [id, index],
    );
    if (!chunk) return null;
    file.set(chunk.bytes, start);
    start += chunk.bytes.length;
  }
  return file;
}

/** For how many days a file is kept after its job has FAILED or was CANCELLED, so that the job can be retried. */
const KEEP_DAYS = 1;

/** Files whose jobs have ended KEEP_DAYS ago, or are gone. A job that has SUCCEEDED has removed its file already. */
export const uploadRetention: RetentionRule = {
  rows: 'files to import',
  deleteSlice: (change, now) =>
    deleteSliceOf(
      change,
      'conversation_uploads',
      Prisma.sql`job_id IS NOT NULL AND NOT EXISTS (SELECT FROM jobs j
        WHERE j.id = job_id AND (j.finished_at IS NULL OR j.finished_at >= ${daysBefore(now, KEEP_DAYS)}))`,
    ),
};
