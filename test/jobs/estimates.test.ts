import { v7 as uuidv7 } from 'uuid';
import { beforeEach, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { expectedSecondsLeft, queuePositions } from '#domain/jobs/estimates.ts';
import { queueStats, queueStatsOf } from '#domain/jobs/queue-stats.ts';
import type { Prisma } from '#generated/prisma/client.ts';
import { JobKind } from '#generated/prisma/enums.ts';
import { useServices } from '../support/services.ts';

const { services, newUser } = useServices();
let ann: Deps;

beforeEach(async () => {
  await services.database.pool.query('TRUNCATE jobs');
  ann = await newUser();
});

const NOW = new Date('2026-01-01T12:00:00Z');
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const rowOf = (owner: Deps, row: Partial<Prisma.JobUncheckedCreateInput>) => ({
  id: uuidv7(),
  kind: 'PROCESS_EPISODE' as const,
  maxAttempts: 3,
  engineJobId: uuidv7(),
  payload: {},
  requestedById: owner.actor.userId,
  ...row,
});
const succeededRow = (owner: Deps, seconds: number) =>
  rowOf(owner, { status: 'SUCCEEDED', startedAt: secondsAgo(100 + seconds), finishedAt: secondsAgo(100) });

it('knows how many are ahead, by priority and age', async () => {
  const rows = [
    rowOf(ann, { priority: 'NORMAL', queuedAt: secondsAgo(10) }),
    rowOf(ann, { priority: 'NORMAL', queuedAt: secondsAgo(20) }),
    rowOf(ann, { priority: 'HIGH', queuedAt: secondsAgo(5) }),
    rowOf(ann, { priority: 'LOW', status: 'RETRYING', queuedAt: secondsAgo(90) }),
    rowOf(ann, { priority: 'LOW', queuedAt: secondsAgo(80) }),
    rowOf(ann, { status: 'RUNNING' }),
  ];
  await services.database.prisma.job.createMany({ data: rows });
  expect(await queuePositions(services, [...rows.map((row) => row.id), uuidv7()])).toEqual([
    2,
    1,
    0,
    null,
    4,
    null,
    null,
  ]);
});

it('tells what is left from what such jobs took and how far this one is', async () => {
  const running = { kind: 'PROCESS_EPISODE', status: 'RUNNING', progress: 0.75 } as const;
  await services.database.prisma.job.createMany({ data: [succeededRow(ann, 10), succeededRow(ann, 400)] });
  expect(await expectedSecondsLeft(services, [running])).toEqual([null]);
  await services.database.prisma.job.createMany({ data: [succeededRow(ann, 40)] });
  expect(
    await expectedSecondsLeft(services, [running, { ...running, status: 'QUEUED' }, { ...running, status: 'FAILED' }]),
  ).toEqual([10, 40, null]);
});

it('counts the queue', async () => {
  await services.database.prisma.job.createMany({
    data: [
      ...[10, 20, 30].map((seconds) => succeededRow(ann, seconds)),
      rowOf(ann, { queuedAt: secondsAgo(30) }),
      rowOf(ann, { queuedAt: secondsAgo(60) }),
      rowOf(ann, { status: 'RETRYING', queuedAt: secondsAgo(600) }),
      rowOf(ann, { status: 'RUNNING' }),
      rowOf(ann, { status: 'CANCELLING' }),
      rowOf(ann, { status: 'FAILED', finishedAt: secondsAgo(3000) }),
      rowOf(ann, { status: 'FAILED', finishedAt: secondsAgo(4000) }),
    ],
  });
  const { kinds, ...totals } = await queueStats({ ...services, now: () => NOW });
  expect(totals).toEqual({
    queued: 2,
    running: 2,
    retrying: 1,
    succeededLastHour: 3,
    failedLastHour: 1,
    oldestQueuedSeconds: 60,
  });
  const none = { queued: 0, running: 0, medianSeconds: null, p95Seconds: null };
  expect(kinds).toHaveLength(Object.keys(JobKind).length);
  for (const { kind, ...counts } of kinds) {
    const busy = { queued: 2, running: 2, medianSeconds: 20, p95Seconds: 29 };
    expect(counts).toEqual(kind === 'PROCESS_EPISODE' ? busy : none);
  }
  const stranger = '01900000-0000-7000-8000-000000000000';
  const [own, theirs] = await queueStatsOf({ ...services, now: () => NOW }, [ann.actor.userId, stranger]);
  expect(own).toEqual({ ...totals, kinds });
  expect(theirs).toMatchObject({ queued: 0, running: 0, succeededLastHour: 0, oldestQueuedSeconds: null });
  expect(theirs?.kinds.every(({ queued, running }) => queued + running === 0)).toBe(true);
});
