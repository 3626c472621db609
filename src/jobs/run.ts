import type { Actor, Deps, Services } from '../domain/deps.ts';
import { type Attempt, AttemptOver, failAttempt, fenced, giveBack, type RunningJob, succeed, writeProgress } from '../domain/job-attempts.ts';
import { failureOf } from '../domain/job-failures.ts';
import type { Job } from '../generated/prisma/client.ts';
import type { JobHandler } from './handlers.ts';
import { createProgressWriter } from './progress.ts';
import { watchAttempt } from './watch.ts';

/** One attempt under way. */
export type Run = {
  /** Resolves when it has ended and the job's row says how; rejects where that could not be written. */
  done: Promise<void>;
  /** Gives the job to another worker now, whether or not the handler heeds its signal. */
  giveBack(): Promise<void>;
};

export function startRun(services: Services, handler: JobHandler, attempt: Attempt, claimLost: AbortSignal): Run {
  const over = new AbortController();
  claimLost.addEventListener('abort', () => over.abort(new AttemptOver('superseded')), { once: true });
  return {
    done: run(services, handler, attempt, over),
    async giveBack() {
      // First the row, then the handler: once `done` resolves, the engine takes the job as dealt with.
      await giveBack(services, attempt).finally(() => over.abort(new AttemptOver('stopping')));
    },
  };
}

async function run(services: Services, handler: JobHandler, attempt: Attempt, over: AbortController): Promise<void> {
  const { job } = attempt;
  const log = services.log.child({ jobId: job.id, kind: job.kind, attempt: job.attempt });
  const progress = createProgressWriter(async (latest) => {
    await writeProgress(services, attempt, latest).catch((error: unknown) => log.warn({ err: error }, 'a progress was not written'));
  });
  let unwatch = () => {};
  let finished = false;
  const finish: RunningJob['finish'] = async (change) => {
    await succeed(services, attempt, ({ tx, publish }) => change(tx, publish));
    finished = true;
  };
  try {
    unwatch = await watchAttempt(services, attempt, (reason) => over.abort(reason));
    await handler.run(await depsOf(services, job), job.payload, {
      id: job.id,
      signal: over.signal,
      progress: progress.report,
      fenced: (change) => fenced(services, attempt, ({ tx, publish }) => change(tx, publish)),
      finish,
    });
    if (!finished) await finish(async () => undefined);
    log.info('a job succeeded');
  } catch (error) {
    await end(services, attempt, over.signal.aborted ? over.signal.reason : error);
  } finally {
    unwatch();
    await progress.stop();
  }
}

/** Writes how an attempt ended that did not succeed, unless that is for another to say. */
async function end(services: Services, attempt: Attempt, error: unknown): Promise<void> {
  const { id: jobId, kind, attempt: number } = attempt.job;
  if (error instanceof AttemptOver && error.because !== 'cancelled') {
    services.log.info({ jobId, kind, attempt: number, because: error.because }, 'a job left this worker');
    return;
  }
  const { expected, ...failure } = failureOf(error);
  const ended = await failAttempt(services, attempt, failure);
  const fields = { jobId, kind, attempt: number, status: ended?.status };
  if (expected || error instanceof AttemptOver) services.log.info({ ...fields, failure }, 'an attempt at a job ended');
  else services.log.error({ ...fields, err: error }, 'an attempt at a job failed unexpectedly');
}

/** A handler acts for the user who asked for the job, with what that user may do to their own. */
async function depsOf(services: Services, { requestedById }: Job): Promise<Deps> {
  const { id, role } = await services.database.prisma.user.findUniqueOrThrow({ where: { id: requestedById as string } });
  const actor: Actor = { userId: id, role, apiKeyId: null, scopes: ['READ', 'WRITE'], requestId: null, ip: null };
  return { ...services, actor };
}
