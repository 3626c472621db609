import type { JobStatus } from '#generated/prisma/enums.ts';

/** For a worker; these fill the queue. */
const WAITING = ['QUEUED', 'RETRYING'] as const satisfies JobStatus[];
/** Only its user's `retryJob` changes a job that has ended. */
export const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED'] as const satisfies JobStatus[];

/** Whether the job waits for a worker. */
export const isWaiting = (status: JobStatus): boolean => (WAITING as readonly JobStatus[]).includes(status);
/** Whether the job has SUCCEEDED, FAILED or was CANCELLED. */
export const hasEnded = (status: JobStatus): boolean => (ENDED as readonly JobStatus[]).includes(status);
