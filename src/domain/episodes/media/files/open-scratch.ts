import { randomUUID } from 'node:crypto';
import type { Scratch } from '#adapters/files/file-store.ts';
import type { Services } from '#domain/core/deps.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { removeAttempt } from './remove-attempts.ts';

/**
 * Makes an empty directory for an attempt at a job. What an earlier attempt has left, as its process was killed, goes: nobody uses that
 * any more, and the clean-up would come for it only after a day.
 */
export async function openScratch(
  services: Pick<Services, 'files' | 'database'>,
  { id }: RunningJob,
): Promise<Scratch> {
  const { files } = services;
  for await (const { attempt } of files.listScratch())
    if (attempt.startsWith(`${id}.`)) await removeAttempt(services, attempt);
  return files.openScratch(`${id}.${randomUUID()}`);
}
