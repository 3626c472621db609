import type { Lane } from '#adapters/queue/queue.ts';
import { REPLY_FOLLOWS_JOB } from '#domain/conversations/replies/reply-job-hooks.ts';
import { EPISODE_FOLLOWS_JOB } from '#domain/episodes/episode-job-hooks.ts';
import { JobKind } from '#generated/prisma/enums.ts';
import type { JobHooks } from './job-hooks.ts';

export type JobRules = { lane: Lane; maxAttempts: number; hooks: JobHooks };

/** What is fixed for each kind, whoever asks for it. How it is done is in src/jobs. */
export const JOB_RULES: Record<JobKind, JobRules> = {
  PROCESS_EPISODE: { lane: 'long', maxAttempts: 3, hooks: EPISODE_FOLLOWS_JOB },
  GENERATE_REPLY: { lane: 'replies', maxAttempts: 3, hooks: REPLY_FOLLOWS_JOB },
  EXTRACT_MEMORIES: { lane: 'light', maxAttempts: 3, hooks: {} },
  EMBED_MEMORIES: { lane: 'light', maxAttempts: 5, hooks: {} },
};

/** The lane whose jobs have to find a place among those that wait: what is quick is worth no refusal. */
export const LIMITED_LANE: Lane = 'long';

export function kindsOf(lane: Lane): JobKind[] {
  return Object.values(JobKind).filter((kind) => JOB_RULES[kind].lane === lane);
}
