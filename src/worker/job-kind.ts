import type { ZodType } from 'zod';
import type { Deps } from '#domain/core/deps.ts';
import type { RunningJob } from '#domain/jobs/attempts.ts';

/**
 * How a kind of job is done. It may run twice, even at the same time: whatever it changes, it changes in `job.fenced` or
 * `job.finish`. Throws domain errors for its owner to read; UNAVAILABLE is tried again, all others are final.
 */
export type JobHandler = { run(deps: Deps, payload: unknown, job: RunningJob): Promise<void> };

export function defineHandler<Payload>(handler: {
  payload: ZodType<Payload>;
  run(deps: Deps, payload: Payload, job: RunningJob): Promise<void>;
}): JobHandler {
  return { run: (deps, payload, job) => handler.run(deps, handler.payload.parse(payload), job) };
}
