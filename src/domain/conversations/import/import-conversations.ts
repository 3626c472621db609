import { CONVERSATIONS } from '#domain/conversations/import-conversation.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { removeUnseen } from '#domain/core/sliced-import.ts';
import { readUpload } from '#domain/core/stored-uploads.ts';
import type { Json } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { importFinished } from '#domain/webhooks/events.ts';
import type { ConversationRow } from './export-rows.ts';
import { insertMessages } from './message-rows.ts';
import type { Batch, ParsedExport } from './parse-export.ts';
import { parseExportFile } from './threads.ts';
import { beginConversation, giveConversation, insertConversations } from './write-conversations.ts';

/** The share of the progress that reading takes. */
const READING = 0.1;

/**
 * Imports the conversations of an uploaded file, each completely or not at all. One that its owner already has, by its id in the export, is
 * not changed. An attempt continues where the previous one ended. Throws NotFound, BadUserInput
 * (no export that is known), LIMIT_EXCEEDED, Unavailable, AttemptEnded.
 */
export async function importConversations(
  deps: Deps,
  { uploadId }: { uploadId: string },
  job: RunningJob,
): Promise<void> {
  job.reportProgress({ fraction: 0, stage: 'reading', message: 'The file is read.' });
  const bytes = await readUpload(deps, uploadId, job.signal);
  if (!bytes) throw new NotFound('file to import');
  const parsed = await parseExportFile(deps, { bytes, jobId: job.id, importedAt: deps.now().getTime() }, job.signal);
  if ('refused' in parsed) throw new BadUserInput('body', parsed.refused);
  await removeLeftovers(deps, parsed.batches);
  const imported = await writeBatches(deps, parsed, job);
  await job.finish(async ({ tx, emit }) => {
    await tx.storedUpload.deleteMany({ where: { id: uploadId } });
    emit(importFinished(deps.actor.userId, job, { of: 'CONVERSATIONS', ...imported }));
    return toReport(parsed, imported);
  });
}

/** Removes the rows of conversations that an earlier attempt has not completed. */
async function removeLeftovers({ database }: Deps, batches: readonly Batch[]): Promise<void> {
  const ids = batches.filter(isLong).flatMap(({ rows }) => rows.map(({ id }) => id));
  if (ids.length > 0) await removeUnseen(database, CONVERSATIONS, ids);
}

const isLong = ({ slices }: Batch): boolean => slices.length > 1;

type Imported = { conversations: number; messages: number };

async function writeBatches(deps: Deps, { batches }: ParsedExport, job: RunningJob): Promise<Imported> {
  const imported = { conversations: 0, messages: 0 };
  const total = batches.reduce((sum, { slices }) => sum + slices.length, 0);
  const all = batches.reduce((sum, { rows }) => sum + rows.length, 0);
  let [written, done] = [0, 0];
  const report = (slices: number) => {
    written += slices;
    const fraction = READING + (1 - READING) * (written / total);
    job.reportProgress({ fraction, stage: 'importing', message: `${done} of ${all} conversations are imported.` });
  };
  for (const batch of batches) {
    job.signal.throwIfAborted();
    const ids = await (isLong(batch) ? writeLong(deps, batch, job, report) : writeShort(deps, batch, job, report));
    for (const { id, last_sequence } of batch.rows) {
      if (!ids.has(id)) continue;
      imported.conversations += 1;
      imported.messages += last_sequence;
    }
    done += batch.rows.length;
  }
  return imported;
}

type ReportSlices = (count: number) => void;

async function writeShort({ actor }: Deps, batch: Batch, job: RunningJob, report: ReportSlices): Promise<Set<string>> {
  const ownerId = actor.userId;
  const ids = await job.writeFenced(async ({ tx, changed }) => {
    const inserted = await insertConversations(tx, ownerId, batch);
    for (const id of inserted) changed({ ownerId, type: 'CONVERSATION', id });
    return inserted;
  });
  report(batch.slices.length);
  return ids;
}

/** Writes a conversation a slice at a time, so that no transaction is long, and no reader sees a part of it. */
async function writeLong(
  deps: Deps,
  { rows, slices }: Batch,
  job: RunningJob,
  report: ReportSlices,
): Promise<Set<string>> {
  const row = rows[0] as ConversationRow;
  const { userId } = deps.actor;
  const there = await deps.database.prisma.conversation.findFirst({
    where: { ownerId: userId, sourceId: { in: [row.source_id, ...row.former_ids] } },
    select: { id: true },
  });
  if (there) {
    report(slices.length);
    return new Set([there.id]);
  }
  await job.writeFenced(({ tx }) => beginConversation(tx, row));
  for (const [index, slice] of slices.entries()) {
    job.signal.throwIfAborted();
    await job.writeFenced(async ({ tx, changed }) => {
      await insertMessages(tx, userId, slice);
      if (index < slices.length - 1) return;
      await giveConversation(tx, userId, row);
      changed({ ownerId: userId, type: 'CONVERSATION', id: row.id });
    });
    report(1);
  }
  return new Set([row.id]);
}

/** Returns what users read as the job's result (src/schema/job-kinds.ts). */
function toReport({ found, batches, passedOver, notImported, problems }: ParsedExport, imported: Imported): Json {
  const readable = batches.reduce((sum, { rows }) => sum + rows.length, 0);
  return {
    ...imported,
    found,
    alreadyThere: readable - imported.conversations,
    notImported,
    problems,
    passedOver,
  };
}
