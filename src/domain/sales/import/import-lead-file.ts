import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize } from 'node:v8';
import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { readUpload } from '#domain/core/stored-uploads.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { cancelCallsTo } from '#domain/sales/calls/ending/cancel-call.ts';
import { importFinished } from '#domain/webhooks/events.ts';
import { tryImportLock } from './import-lock.ts';
import type { LargeLeadFileTasks } from './large-file-thread.ts';
import { MAX_DESCRIBED_ERRORS, type ReadLargeFile, type RowSlice } from './read-lead-file.ts';
import type { LeadRow, RowError } from './read-row.ts';
import { readingRules } from './reading-rules.ts';
import { addCounts, type LeadDefaults, type RowCounts, writeRows } from './write-rows.ts';

/** An uploaded file of leads; `charset` is the encoding that its sender declared. */
export type StoredLeadFile = LeadDefaults & { uploadId: string; charset: string | null };

/** One file at a time, and separate from the threads for files within requests, which must not wait for it. */
const THREADS: ThreadFile<LargeLeadFileTasks> = {
  url: new URL('./large-file-thread.ts', import.meta.url),
  size: 1,
  heapMb: 1024,
};

/** The share of reading in the progress. */
const READING = 0.3;
/** How long to wait for another import of the same owner before trying again. */
const TURN_MS = 250;

/** What was written so far: rows up to a line of the file, and the results. Stored with the file after each slice. */
type Written = RowCounts & { lastLine: number; errors: RowError[]; errorCount: number };

const NOTHING_WRITTEN: Written = { lastLine: 0, created: 0, merged: 0, unchanged: 0, errors: [], errorCount: 0 };

/**
 * Creates leads from the rows of an uploaded file, and merges rows into leads, as `importLeads` does. What was written stays if the job is
 * cancelled or fails; a retry continues after the last row that was written. Throws NotFound, BadUserInput (no file of leads),
 * LIMIT_EXCEEDED, Unavailable, AttemptEnded.
 */
export async function importLeadFile(deps: Deps, stored: StoredLeadFile, job: RunningJob): Promise<void> {
  const { uploadId } = stored;
  job.reportProgress({ fraction: 0, stage: 'reading', message: 'The file is read.' });
  const { file, slices } = await readFile(deps, stored, job);
  const written = await readWritten(deps, uploadId);
  const total = slices.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const slice of slices) {
    job.signal.throwIfAborted();
    if (slice.lastLine > written.lastLine) await writeSlice(deps, slice, { stored, written, job });
    done += slice.rows;
    const fraction = READING + (1 - READING) * (done / total);
    job.reportProgress({ fraction, stage: 'importing', message: `${done} of ${total} good rows are imported.` });
  }
  await job.finish(async ({ tx, emit }) => {
    await tx.storedUpload.deleteMany({ where: { id: uploadId } });
    const report = toReport(file, written);
    const { rows, created, updated, errorCount } = report;
    emit(importFinished(deps.actor.userId, job, { of: 'LEADS', rows, created, updated, errorCount }));
    return report;
  });
}

/** Returns the valid rows of the file in slices, and the errors of the others. */
async function readFile(deps: Deps, { uploadId, charset, language }: StoredLeadFile, job: RunningJob) {
  const bytes = await readUpload(deps, uploadId, job.signal);
  if (!bytes) throw new NotFound('file to import');
  const request = { bytes, charset, language, ...(await readingRules(deps)) };
  const slices: RowSlice[] = [];
  let rows = 0;
  const file = await runInThread(deps, THREADS, 'readLargeLeadFile', request, {
    signal: job.signal,
    onProgress: (slice: RowSlice) => {
      slices.push(slice);
      rows += slice.rows;
      job.reportProgress({ fraction: 0, stage: 'reading', message: `${rows} good rows are read.` });
    },
  });
  if ('refused' in file) throw new BadUserInput('body', file.refused);
  return { file, slices };
}

async function readWritten({ database, actor }: Deps, uploadId: string): Promise<Written> {
  const found = await database.prisma.storedUpload.findFirst({
    where: { id: uploadId, ownerId: actor.userId },
    select: { progress: true },
  });
  if (!found) throw new NotFound('file to import');
  return { ...NOTHING_WRITTEN, ...(found.progress as Written | null) };
}

type Writing = { stored: StoredLeadFile; written: Written; job: RunningJob };

/** Writes a slice, and the progress of the file, in one transaction, once no other import of the owner is running. */
async function writeSlice(deps: Deps, slice: RowSlice, { stored, written, job }: Writing): Promise<void> {
  const { uploadId, language, timeZone } = stored;
  const rows = (deserialize(slice.serialized) as LeadRow[]).filter(({ line }) => line > written.lastLine);
  for (;;) {
    let refusals: string[] = [];
    const next = await job.writeFenced(async (change) => {
      if (!(await tryImportLock(change.tx, deps.actor.userId))) return null;
      const { errors, ...more } = await writeRows(change, deps, rows, { language, timeZone });
      refusals = more.refusals;
      const result: Written = {
        ...addCounts(written, more),
        lastLine: slice.lastLine,
        errors: [...written.errors, ...errors].slice(0, MAX_DESCRIBED_ERRORS),
        errorCount: written.errorCount + errors.length,
      };
      await change.tx.storedUpload.update({
        where: { id: uploadId },
        data: { progress: result },
        select: { id: true },
      });
      return result;
    });
    if (next) {
      Object.assign(written, next);
      return cancelCallsTo(deps, refusals);
    }
    await sleep(TURN_MS, undefined, { signal: job.signal });
  }
}

/** Returns the job's result as users read it (src/schema/job-kinds.ts). */
function toReport(file: Exclude<ReadLargeFile, { refused: string }>, written: Written) {
  const { created, merged, unchanged } = written;
  const errors = [...file.errors, ...written.errors].sort((a, b) => a.row - b.row).slice(0, MAX_DESCRIBED_ERRORS);
  return {
    rows: file.rows,
    created,
    updated: merged + unchanged,
    merged,
    unchanged,
    refused: file.badRows,
    errorCount: file.errorCount + written.errorCount,
    errors,
    ignoredColumns: file.ignoredColumns,
  };
}
