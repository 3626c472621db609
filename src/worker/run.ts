import { isOutage } from '#adapters/database/outages.ts';
import { countFor, createTally } from '#adapters/database/tally.ts';
import { type Actor, SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import {
  type Attempt,
  cancelAttempt,
  endSuspended,
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

/** An attempt in flight. */
export type Run = {
  /** Resolves when the attempt has ended and the job's row says how; rejects if that could not be written. */
  done: Promise<void>;
  /** Releases the job to other workers now, whether or not the code that runs it heeds its signal. */
  release(): Promise<void>;
};

/** Starts a claimed attempt. `claimLost` aborts when the queue gives the job to another worker. */
export function startRun(services: Services, runJob: RunJob, attempt: Attempt, claimLost: AbortSignal): Run {
  const over = new AbortController();
  const superseded = () => over.abort(new AttemptEnded('superseded'));
  claimLost.addEventListener('abort', superseded);
  return {
    // pg-boss aborts its signal after every job, whatever its outcome, so the listener is removed when the run has ended.
    done: countFor([createTally(attempt.job.kind)], () => runAttempt(services, runJob, attempt, over)).finally(() =>
      claimLost.removeEventListener('abort', superseded),
    ),
    async release() {
      // First the row, then the signal: once `done` resolves, the queue considers the job handled.
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

/** Creates the `RunningJob` that the handler gets. */
function createRunningJob(
  services: Services,
  attempt: Attempt,
  signal: AbortSignal,
  progress: ProgressWriter,
  onFinish: () => void,
): RunningJob {
  return {
    id: attempt.job.id,
    signal,
    reportProgress: progress.report,
    writeFenced: (change, lockFirst) => writeFenced(services, attempt, change, lockFirst),
    giveAttemptsBack: (tx) => giveAttemptsBack(services, attempt, tx),
    queryFenced: (text, values) => queryFenced(services, attempt, text, values),
    async finish(change) {
      await succeed(services, attempt, change);
      onFinish();
      services.log.info('a job succeeded');
    },
    async sleep(until) {
      await progress.flush(); // the last progress is shown for as long as the job sleeps
      await sleepAttempt(services, attempt, until);
      onFinish();
    },
  };
}

/** Records how an attempt without success ended, unless another process has that to record. */
async function recordEnd(services: Services, attempt: Attempt, error: unknown): Promise<void> {
  const { log } = services;
  if (error instanceof AttemptEnded) {
    if (error.because === 'suspended') await endSuspended(services, attempt);
    if (error.because === 'cancelled' || error.because === 'targetGone') await cancelAttempt(services, attempt);
    log.info({ because: error.because }, 'a job left this worker');
    return;
  }
  const { expected, ...failure } = failureOf(error);
  const status = (await failAttempt(services, attempt, failure))?.status;
  if (expected) log.info({ status, failure }, 'an attempt at a job ended');
  else log.error({ status, err: error }, 'an attempt at a job failed unexpectedly');
}

/** A job acts on behalf of the user who requested it, with that user's rights to their own data; on behalf of the server if nobody did. */
async function depsFor(services: Services, { requestedById }: Job): Promise<Deps> {
  if (requestedById === null) return { ...services, actor: SYSTEM_ACTOR };
  const { id, role } = await services.database.prisma.user.findUniqueOrThrow({
    where: { id: requestedById },
  });
  const actor: Actor = { userId: id, role, apiKeyId: null, scopes: ['READ', 'WRITE'], requestId: null, ip: null };
  return { ...services, ffmpeg: services.ffmpeg.forOwner(id), actor };
}
