import type { Lane } from '#adapters/queue/queue.ts';
import type { JobKind } from '#generated/prisma/enums.ts';
import type { JobHooks } from './job-hooks.ts';

/** What is fixed for a kind of job, whoever asks for it. Each is defined in src/worker/kinds, with how it is run. */
export type JobRules = {
  lane: Lane;
  maxAttempts: number;
  hooks: JobHooks;
  /** Whether people outside notice it, as a call: a restored database does it again only when an operator says so. */
  actsOutside: boolean;
};

/** The rules of every kind. */
export type JobKinds = Record<JobKind, JobRules>;

/** The lanes of long work, whose queues are bounded together: what is quick is worth no refusal. */
export const LIMITED_LANES: readonly Lane[] = ['long', 'renders'];

/** The kinds that run in some lanes. */
export function kindsOf(jobKinds: JobKinds, ...lanes: readonly Lane[]): JobKind[] {
  return (Object.keys(jobKinds) as JobKind[]).filter((kind) => lanes.includes(jobKinds[kind].lane));
}
