import { v7 as uuidv7 } from 'uuid';
import type { Deps, Services } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobPriority, JobStatus } from '#generated/prisma/enums.ts';
import { until } from './until.ts';
import type { Task } from './worker-process-main.ts';

/** Enqueues a job as a mutation does; returns its id. */
export async function enqueue(
  deps: Deps,
  task: Task,
  { priority, episodeId }: { priority?: JobPriority; episodeId?: string } = {},
): Promise<string> {
  const subject = episodeId ? { subject: { type: 'Episode', id: episodeId } } : {};
  const job = await write(deps, {
    action: 'test.enqueue',
    run: (change) => change.enqueue({ kind: 'PROCESS_EPISODE', payload: { task }, priority, ...subject }),
  });
  return job.id;
}

/** Inserts an episode that jobs may be about; returns its id. */
export async function insertEpisode({ database, actor }: Deps): Promise<string> {
  const id = uuidv7();
  await database.prisma.episode.create({
    data: { id, ownerId: actor.userId, originalName: 'talk.srt', status: 'UPLOADED' },
  });
  return id;
}

export function findJob({ database }: Services, id: string): Promise<Job> {
  return database.prisma.job.findUniqueOrThrow({ where: { id } });
}

/** Resolves with the job as soon as it has one of the statuses. */
export function waitForJob(services: Services, id: string, ...statuses: JobStatus[]): Promise<Job> {
  return until(
    () => findJob(services, id),
    (job) => statuses.includes(job.status),
  );
}

export async function createEffectsTable({ database }: Services): Promise<void> {
  await database.pool.query('CREATE TABLE effects (job_id uuid NOT NULL)');
}

export async function countEffects({ database }: Services, jobId: string): Promise<number> {
  const { rows } = await database.pool.query('SELECT 1 FROM effects WHERE job_id = $1', [jobId]);
  return rows.length;
}
