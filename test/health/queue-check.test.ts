import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { checkQueue } from '#domain/health/queue-check.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import { useServices } from '../support/services.ts';

const { services } = useServices();
beforeEach(() => services.database.prisma.job.deleteMany());

const check = (maxQueueSize = 100) => checkQueue({ ...services, maxQueueSize });

/** Puts a job there that nothing happened to for so long. */
async function putJob(kind: JobKind, status: JobStatus, seconds: number, more: object = {}): Promise<void> {
  const at = new Date(Date.now() - seconds * 1_000);
  const ids = { id: randomUUID(), engineJobId: randomUUID() };
  const times = { queuedAt: at, updatedAt: at };
  await services.database.prisma.job.create({
    data: { ...ids, ...times, kind, status, maxAttempts: 1, payload: {}, ...more },
  });
}

it('replies may wait for 30 s', async () => {
  await putJob('GENERATE_REPLY', 'QUEUED', 20);
  await putJob('GENERATE_REPLY', 'RETRYING', 200);
  await putJob('GENERATE_REPLY', 'QUEUED', 200, { heldAt: new Date() });
  expect(await check()).not.toHaveProperty('status');
  await putJob('GENERATE_REPLY', 'QUEUED', 40);
  await putJob('GENERATE_REPLY', 'RUNNING', 1);
  expect(await check()).toMatchObject({
    status: 'DEGRADED',
    message: 'Replies have waited for more than 30 s; look whether workers run.',
    details: { longestWaitSeconds: { replies: expect.closeTo(40, -1), long: 0 } },
  });
});

it('other jobs may wait for those before them, but not for workers', async () => {
  await putJob('PROCESS_EPISODE', 'QUEUED', 200);
  await putJob('RUN_CAMPAIGN', 'RUNNING', 900, { sleepsUntil: new Date(Date.now() + 60_000) });
  expect(await check()).not.toHaveProperty('status');
  await putJob('PROCESS_EPISODE', 'QUEUED', 400);
  await putJob('PROCESS_EPISODE', 'RUNNING', 500);
  await putJob('RUN_CAMPAIGN', 'RUNNING', 900, { sleepsUntil: new Date(Date.now() - 400_000) });
  expect(await check()).toMatchObject({
    status: 'DEGRADED',
    message: 'Jobs (long, campaigns) have waited for more than 5 minutes, and no worker has begun any.',
  });
  await putJob('PROCESS_EPISODE', 'RUNNING', 10);
  expect(await check()).toMatchObject({ message: expect.stringMatching(/^Jobs \(campaigns\) have waited/) });
});

it('a full queue does not hide that no worker is there', async () => {
  await putJob('PROCESS_EPISODE', 'QUEUED', 200);
  expect(await check(1)).toMatchObject({ status: 'DEGRADED', message: 'The queue is full.' });
  await putJob('PROCESS_EPISODE', 'QUEUED', 400);
  expect(await check(1)).toMatchObject({ message: expect.stringContaining('no worker has begun any') });
});
