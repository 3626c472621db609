import type { JobStatus } from '#generated/prisma/enums.ts';

/** Statuses in which a job waits for a worker, and counts towards the bound of the queue. */
const WAITING = ['QUEUED', 'RETRYING'] as const satisfies JobStatus[];
/** Final statuses: only `retryJob` changes a job after them. */
export const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED'] as const satisfies JobStatus[];

/** Whether the job waits for a worker. */
export const isWaiting = (status: JobStatus): boolean => (WAITING as readonly JobStatus[]).includes(status);
/** Whether the job has SUCCEEDED, FAILED or was CANCELLED. */
export const hasEnded = (status: JobStatus): boolean => (ENDED as readonly JobStatus[]).includes(status);
