import type { ZodType } from 'zod';
import type { Deps, Services } from '#domain/core/deps.ts';
import type { JobRules } from '#domain/core/job-kinds.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { JobKind } from '#generated/prisma/enums.ts';

/**
 * A kind of job: its rules, and the function that runs it. A job may run twice, even concurrently, so all its changes have to be made in
 * `job.writeFenced` or `job.finish`. Throws domain errors for its owner to read; UNAVAILABLE is retried, all others are final.
 */
export type JobKindDefinition = JobRules & { kind: JobKind; run: RunJob; afterEnd?: AfterEnd | undefined };

/** Runs one attempt at a job, with the payload that it was enqueued with. */
export type RunJob = (deps: Deps, payload: unknown, job: RunningJob) => Promise<void>;

/**
 * What follows when an attempt has left this worker, whatever its outcome. Best effort: it does not run if the worker is killed. Throws
 * nothing.
 */
type AfterEnd = (services: Services) => Promise<unknown>;

type Definition<Payload> = JobRules & {
  /** The schema of the payload that the job was enqueued with; the function that runs it gets it parsed. */
  payload: ZodType<Payload>;
  /** Resolves to the function that runs a job, imported with the first job where nothing else has: servers run none. */
  load(): Promise<(deps: Deps, payload: Payload, job: RunningJob) => Promise<void>>;
  afterEnd?: AfterEnd;
};

/** Defines a kind of job, in a file of src/worker/kinds that is named after it. */
export function defineJobKind<Payload>(
  kind: JobKind,
  { payload, load, ...rules }: Definition<Payload>,
): JobKindDefinition {
  return {
    kind,
    ...rules,
    async run(deps, given, job) {
      const run = await load();
      await run(deps, payload.parse(given), job);
    },
  };
}
