import { randomUUID } from 'node:crypto';
import type { Scratch } from '#adapters/files/file-store.ts';
import type { Services } from '#domain/core/deps.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';

/**
 * Makes an empty directory for an attempt at a job. What an earlier attempt has left, as its process was killed, goes: nobody uses that
 * any more, and the clean-up would come for it only after a day.
 */
export async function openScratch({ files }: Pick<Services, 'files'>, { id }: RunningJob): Promise<Scratch> {
  for await (const { attempt } of files.listScratch())
    if (attempt.startsWith(`${id}.`)) await files.removeScratch(attempt);
  return files.openScratch(`${id}.${randomUUID()}`);
}
