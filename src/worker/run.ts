import { isOutage } from '#adapters/database/outages.ts';
import { countFor, createTally } from '#adapters/database/tally.ts';
import { type Actor, SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import {
  type Attempt,
  cancelAttempt,
  failAttempt,
  giveAttemptsBack,
  queryFenced,
  releaseJob,
  sleepAttempt,
  succeed,
  writeFenced,
  writeProgress,
} from '#domain/jobs/attempts.ts';
import { failureOf } from '#domain/jobs/failures.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { RunJob } from './job-kind.ts';
import { createProgressWriter, type ProgressWriter } from './progress.ts';
import { watchAttempt } from './watch.ts';

/** One attempt under way. */
export type Run = {
  /** Resolves when it has ended and the job's row says how; rejects where that could not be written. */
  done: Promise<void>;
  /** Gives the job to another worker now, whether or not the code that runs it heeds its signal. */
  release(): Promise<void>;
};

/** Starts an attempt that was claimed. `claimLost` aborts when the engine gives the job to another worker. */
export function startRun(services: Services, runJob: RunJob, attempt: Attempt, claimLost: AbortSignal): Run {
  const over = new AbortController();
  const superseded = () => over.abort(new AttemptEnded('superseded'));
  claimLost.addEventListener('abort', superseded);
  return {
    // pg-boss aborts its signal after every job, however that went; ours says nothing to a run that has ended.
    done: countFor([createTally(attempt.job.kind)], () => runAttempt(services, runJob, attempt, over)).finally(() =>
      claimLost.removeEventListener('abort', superseded),
    ),
    async release() {
      // First the row, then the signal: once `done` resolves, the engine takes the job as dealt with.
      await releaseJob(services, attempt).finally(() => over.abort(new AttemptEnded('stopping')));
    },
  };
}

async function runAttempt(shared: Services, runJob: RunJob, attempt: Attempt, over: AbortController): Promise<void> {
  const { id: jobId, kind, attempt: number } = attempt.job;
  const services = { ...shared, log: shared.log.child({ jobId, kind, attempt: number }) };
  let finished = false;
  const stopIf = (reason: AttemptEnded | null) => {
    if (reason && !finished) over.abort(reason);
  };
  const progress = progressOf(services, attempt, stopIf);
  let unwatch = () => {};
  const job = createRunningJob(services, attempt, over.signal, progress, () => (finished = true));
  try {
    unwatch = await watchAttempt(services, attempt, stopIf);
    await runJob(await depsFor(services, attempt.job), attempt.job.payload, job);
    if (!finished) await job.finish(async () => undefined);
  } catch (error) {
    await recordEnd(services, attempt, over.signal.aborted ? over.signal.reason : error);
  } finally {
    unwatch();
    await progress.stop();
  }
}

function progressOf(services: Services, attempt: Attempt, stopIf: (reason: AttemptEnded | null) => void) {
  return createProgressWriter((latest) =>
    writeProgress(services, attempt, latest).then(stopIf, (error: unknown) => {
      if (!isOutage(error)) services.log.warn({ err: error }, 'cannot write progress');
    }),
  );
}

/** The job as the code that runs it has it. */
function createRunningJob(
  services: Services,
  attempt: Attempt,
  signal: AbortSignal,
  { report }: ProgressWriter,
  onFinish: () => void,
): RunningJob {
  return {
    id: attempt.job.id,
    signal,
    reportProgress: report,
    writeFenced: (change, lockFirst) => writeFenced(services, attempt, change, lockFirst),
    giveAttemptsBack: (tx) => giveAttemptsBack(services, attempt, tx),
    queryFenced: (text, values) => queryFenced(services, attempt, text, values),
    async finish(change) {
      await succeed(services, attempt, change);
      onFinish();
      services.log.info('a job succeeded');
    },
    async sleep(until) {
      await sleepAttempt(services, attempt, until);
      onFinish();
    },
  };
}

/** Writes how an attempt ended that did not succeed, unless that is for another to say. */
async function recordEnd(services: Services, attempt: Attempt, error: unknown): Promise<void> {
  const { log } = services;
  if (error instanceof AttemptEnded) {
    if (error.because === 'cancelled' || error.because === 'targetGone') await cancelAttempt(services, attempt);
    log.info({ because: error.because }, 'a job left this worker');
    return;
  }
  const { expected, ...failure } = failureOf(error);
  const status = (await failAttempt(services, attempt, failure))?.status;
  if (expected) log.info({ status, failure }, 'an attempt at a job ended');
  else log.error({ status, err: error }, 'an attempt at a job failed unexpectedly');
}

/** A job acts for the user who asked for the job, with what that user may do to their own; one that nobody asked for, for the server. */
async function depsFor(services: Services, { requestedById }: Job): Promise<Deps> {
  if (requestedById === null) return { ...services, actor: SYSTEM_ACTOR };
  const { id, role } = await services.database.prisma.user.findUniqueOrThrow({
    where: { id: requestedById },
  });
  const actor: Actor = { userId: id, role, apiKeyId: null, scopes: ['READ', 'WRITE'], requestId: null, ip: null };
  return { ...services, ffmpeg: services.ffmpeg.forOwner(id), actor };
}
