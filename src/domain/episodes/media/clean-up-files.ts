import type { StoredFile } from '#adapters/files/file-store.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { daysBefore } from '#domain/core/retention.ts';
import { IN_BACKGROUND, runTransaction } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { findOrphans } from './files/find-orphans.ts';
import { removeFiles } from './files/removed.ts';
import { deleteUpload } from './uploads/abandon.ts';
import { settleUploads } from './uploads/settle.ts';
import { uploadExpiry } from './uploads/uploads.ts';

/** What a clean-up has removed: uploads that were given up, media of archives, and files that no row names. */
export type FilesCleanUp = { uploads: number; archived: number; removed: number; orphans: number };

/** A file that no row names is left alone for this long, since it may be on its way to a row: longer than any job takes. Hours. */
const LONGEST_JOB_HOURS = 24;

/** Where more than this share of all files seems to be nobody's, and more than a few, something else is wrong. */
const UNLIKELY_SHARE = 0.5;
const FEW_FILES = 10;

/** What was heard in parts of a recording is kept for so long after its job has failed. Hours. */
const HEARD_KEEP_HOURS = 24;

/**
 * Removes what has no more use: unfinished uploads that got no bytes for a day, what was heard in recordings whose jobs have failed, the
 * media of episodes that have been archived for long, and what processes that died have left. A file that a row names is never removed. May
 * run twice with one effect.
 */
export async function cleanUpFiles(deps: Deps, _payload: unknown, job: RunningJob): Promise<void> {
  const report = (fraction: number, stage: string) => job.reportProgress({ fraction, stage });
  report(0, 'uploads');
  await settleUploads(deps);
  const uploads = await removeExpiredUploads(deps, job.signal);
  await forgetHeard(deps);
  report(0.2, 'archives');
  const archived = await deleteArchivedMedia(deps);
  const removed = await removeFiles(deps);
  report(0.4, 'orphans');
  const orphans = await removeOrphans(deps, job.signal);
  await job.finish(async () => ({ uploads, archived, removed, orphans }) satisfies FilesCleanUp);
}

/** What still gets bytes, by a request that takes more than a day, is not expired. */
async function removeExpiredUploads(services: Services, signal: AbortSignal): Promise<number> {
  const { prisma } = services.database;
  const where = { state: 'UPLOADING', expiresAt: { lt: services.now() } } as const;
  let removed = 0;
  for (const file of await prisma.mediaFile.findMany({ where })) {
    signal.throwIfAborted();
    const stored = await services.files.find(file.storageKey);
    const expiresAt = stored && uploadExpiry({ now: () => stored.modifiedAt });
    if (expiresAt && expiresAt > services.now())
      await prisma.mediaFile.updateMany({ where: { ...where, id: file.id }, data: { expiresAt } });
    else if (await runTransaction(services, IN_BACKGROUND, (change) => deleteUpload(change, file, where))) removed += 1;
  }
  return removed;
}

/** Deletes what was heard in parts of recordings that no job has gone on with for a day; one that does so later asks for it again. */
async function forgetHeard({ database, now }: Services): Promise<void> {
  const before = new Date(now().getTime() - HEARD_KEEP_HOURS * 3_600_000);
  await database.sql(
    `DELETE FROM heard_pieces h USING media_files f WHERE f.id = h.file_id AND NOT EXISTS (
       SELECT FROM jobs j WHERE j.subject_id = f.episode_id AND j.kind = 'PROCESS_EPISODE' AND coalesce(j.finished_at > $1, true))`,
    [before],
  );
}

/** Deletes the media of episodes that have been archived for `archivedMediaKeepDays`; transcript and clips stay. */
async function deleteArchivedMedia({ database, limits, now }: Services): Promise<number> {
  const archivedBefore = daysBefore(now(), limits.archivedMediaKeepDays);
  const where = { state: 'STORED', episode: { archivedAt: { lt: archivedBefore } } } as const;
  return (await database.prisma.mediaFile.deleteMany({ where })).count;
}

/**
 * Removes files that no row names and that are old enough. Nothing is removed where the list cannot be read to its end, or where
 * an unlikely share would go, as of a store that belongs to another database; and each is looked at again just before.
 */
async function removeOrphans(services: Services, signal: AbortSignal): Promise<number> {
  const orphans: string[] = [];
  let all = 0;
  for await (const slice of inSlices(services.files.list())) {
    signal.throwIfAborted();
    all += slice.length;
    orphans.push(
      ...(await findOrphans(
        services,
        slice.filter((file) => isOld(services, file)).map(({ key }) => key),
      )),
    );
  }
  if (orphans.length > FEW_FILES && orphans.length > all * UNLIKELY_SHARE) {
    services.log.error({ orphans: orphans.length, files: all }, 'so many files have no row that none is removed');
    return 0;
  }
  let removed = 0;
  for (const key of orphans) {
    signal.throwIfAborted();
    const file = await services.files.find(key);
    if (!file || !isOld(services, file) || (await findOrphans(services, [key])).length === 0) continue;
    await services.files.remove(key);
    services.log.info({ key, bytes: file.sizeBytes }, 'a file that no row names was removed');
    removed += 1;
  }
  return removed;
}

const isOld = ({ now }: Services, { modifiedAt }: Pick<StoredFile, 'modifiedAt'>) =>
  modifiedAt.getTime() < now().getTime() - LONGEST_JOB_HOURS * 3_600_000;

/** Files that are asked about by one statement. */
const SLICE = 1_000;

async function* inSlices(files: AsyncIterable<StoredFile>): AsyncGenerator<StoredFile[]> {
  let slice: StoredFile[] = [];
  for await (const file of files) {
    slice.push(file);
    if (slice.length < SLICE) continue;
    yield slice;
    slice = [];
  }
  yield slice;
}
