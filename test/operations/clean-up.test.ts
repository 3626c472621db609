import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import type { JobStatus } from '#generated/prisma/enums.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeEpisode, processToEnd } from '../support/fixtures.ts';
import { CreateConversation } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { useProcesses } from '../support/use-parley.ts';

const KEEP_DAYS = { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 };
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);

describe('a process', () => {
  const { database, start } = useProcesses();
  const AGED = `WITH aged_jobs AS (UPDATE jobs SET finished_at = finished_at - $1 * interval '1 day' WHERE id = ANY($2)),
    aged_entries AS (UPDATE audit_entries SET at = at - $3 * interval '1 day'),
    aged_seals AS (UPDATE audit_seals SET newest_at = newest_at - $3 * interval '1 day')
    UPDATE idempotency_keys SET created_at = created_at - $1 * interval '1 day'`;
  const COUNTS = `SELECT (SELECT count(*) FROM jobs)::int AS jobs, (SELECT count(*) FROM audit_entries)::int AS entries,
    (SELECT count(*) FROM idempotency_keys)::int AS keys`;

  it('deletes what is past its time when it starts, and says how much; what is younger stays', async () => {
    const first = await start();
    const ann = await first.user();
    const episodes = [await makeEpisode(ann), await makeEpisode(ann)];
    for (const episodeId of episodes) await processToEnd(ann, episodeId);
    await ann.ask(CreateConversation, { input: { idempotencyKey: 'one' } });
    await first.stop();
    const jobs = await sql<{ id: string }>(database, `SELECT id FROM jobs WHERE status = 'SUCCEEDED' ORDER BY id`);
    await sql(database, AGED, [4, jobs.slice(0, 1).map(({ id }) => id), 3]);

    const second = await start(undefined, { JOBS_KEEP_DAYS: '3', AUDIT_KEEP_DAYS: '2' });
    const deleted = await Promise.all(
      ['jobs', 'audit entries', 'idempotency keys'].map((rows) => second.waitForLog((line) => line.rows === rows)),
    );
    expect(deleted).toMatchObject([{ deleted: 1 }, { deleted: expect.any(Number) }, { deleted: 1 }]);
    expect(await sql(database, COUNTS)).toMatchObject([{ entries: 0, keys: 0 }]);
    const { episode } = await second.as(ann).ask(`query ($id: ID!) { episode(id: $id) { status job { id } } }`, {
      id: episodes[0],
    });
    expect(episode).toEqual({ status: 'READY', job: null });
    const { episode: other } = await second.as(ann).ask(`query ($id: ID!) { episode(id: $id) { job { status } } }`, {
      id: episodes[1],
    });
    expect(other).toEqual({ job: { status: 'SUCCEEDED' } });
  });
});

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on });
  let ann: Deps;

  beforeEach(async () => {
    await services.database.pool.query('TRUNCATE jobs, audit_entries');
    ann = await newUser();
  });

  it('forgets when numbers were dialled after 30 days', async () => {
    const phoneHash = new Uint8Array(32);
    const dialled = (days: number) => ({
      callId: uuidv7(),
      ownerId: ann.actor.userId,
      phoneHash,
      dialledAt: daysAgo(days),
    });
    const [young, old] = [dialled(29), dialled(31)];
    await services.database.prisma.dialledNumber.createMany({ data: [young, old] });
    await cleanUp(services, KEEP_DAYS);
    const left = await services.database.prisma.dialledNumber.findMany({ where: { ownerId: ann.actor.userId } });
    expect(left.map(({ callId }) => callId)).toEqual([young.callId]);
  });

  it('deletes API keys that ended as long ago, and no others', async () => {
    const key = (name: string, ended: object) => ({
      id: uuidv7(),
      userId: ann.actor.userId,
      name,
      prefix: 'prl_test',
      hash: Buffer.from(name),
      ...ended,
    });
    await services.database.prisma.apiKey.createMany({
      data: [
        key('revoked', { revokedAt: daysAgo(401) }),
        key('expired', { expiresAt: daysAgo(401) }),
        key('lately', { revokedAt: daysAgo(399) }),
        key('works', {}),
      ],
    });
    await cleanUp(services, KEEP_DAYS);
    const left = await services.database.prisma.apiKey.findMany({ where: { userId: ann.actor.userId } });
    expect(left.map(({ name }) => name).sort()).toEqual(['lately', 'works']);
  });

  const insertJobs = (count: number, status: JobStatus, finishedAt: Date | null, subjectId: string | null = null) =>
    services.database.prisma.job.createMany({
      data: Array.from({ length: count }, () => ({
        id: uuidv7(),
        kind: 'GENERATE_REPLY' as const,
        status,
        finishedAt,
        subjectId,
        queuedAt: daysAgo(500),
        maxAttempts: 3,
        engineJobId: uuidv7(),
        payload: {},
        requestedById: ann.actor.userId,
      })),
    });

  it('deletes more rows than a slice holds, and only jobs that ended long enough ago', async () => {
    await insertJobs(1_500, 'SUCCEEDED', daysAgo(31));
    await insertJobs(3, 'CANCELLED', daysAgo(31));
    await insertJobs(2, 'SUCCEEDED', daysAgo(29));
    await insertJobs(1, 'QUEUED', null);
    await insertJobs(1, 'RUNNING', null);
    await Promise.all([cleanUp(services, KEEP_DAYS), cleanUp(services, KEEP_DAYS)]);
    const left = await services.database.prisma.job.groupBy({
      by: ['status'],
      _count: true,
      orderBy: { status: 'asc' },
    });
    expect(left.map(({ status, _count }) => [status, _count])).toEqual([
      ['QUEUED', 1],
      ['RUNNING', 1],
      ['SUCCEEDED', 2],
    ]);
  });

  it('keeps the job that says why a reply failed, until the reply is gone', async () => {
    const conversation = { id: uuidv7(), ownerId: ann.actor.userId };
    const reply = { id: uuidv7(), conversationId: conversation.id, ownerId: ann.actor.userId, sequence: 1 };
    await services.database.prisma.conversation.create({ data: conversation });
    await services.database.prisma.message.create({
      data: { ...reply, role: 'ASSISTANT', status: 'FAILED', content: '' },
    });
    await insertJobs(1, 'FAILED', daysAgo(400), reply.id);
    await cleanUp(services, KEEP_DAYS);
    expect(await services.database.prisma.job.count()).toBe(1);
    await services.database.prisma.conversation.delete({ where: { id: conversation.id } });
    await cleanUp(services, KEEP_DAYS);
    expect(await services.database.prisma.job.count()).toBe(0);
  });

  it('stops between two slices when it is told to', async () => {
    await insertJobs(1_500, 'SUCCEEDED', daysAgo(31));
    await cleanUp(services, KEEP_DAYS, AbortSignal.abort());
    expect(await services.database.prisma.job.count()).toBe(1_500);
  });
});
