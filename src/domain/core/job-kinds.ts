import type { Lane } from '#adapters/queue/queue.ts';
import type { JobKind } from '#generated/prisma/enums.ts';
import type { JobHooks } from './job-hooks.ts';

/** The fixed properties of a kind of job. Each kind is defined in src/worker/kinds, together with the function that runs it. */
export type JobRules = {
  lane: Lane;
  maxAttempts: number;
  hooks: JobHooks;
  /** Whether people outside notice the job, as they do a call. After a restore it runs again only once an operator releases it. */
  actsOutside: boolean;
};

/** The rules of every kind. */
export type JobKinds = Record<JobKind, JobRules>;

/** The lanes of long work, whose queues share one bound. Short jobs are never refused. */
export const LIMITED_LANES: readonly Lane[] = ['long', 'renders'];

/** The kinds that run in some lanes. */
export function kindsOf(jobKinds: JobKinds, ...lanes: readonly Lane[]): JobKind[] {
  return (Object.keys(jobKinds) as JobKind[]).filter((kind) => lanes.includes(jobKinds[kind].lane));
}
