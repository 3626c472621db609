import { v7 as uuidv7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConversation } from '#domain/conversations/conversations.ts';
import { addMessage } from '#domain/conversations/messages.ts';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { cancelJob, retryJob } from '#domain/jobs/jobs.ts';
import { startExtraction } from '#domain/memories/extraction/start-extraction.ts';
import { countEffects, createEffectsTable, enqueue, findJob, insertEpisode, waitForJob } from '../support/job-rows.ts';
import { useServices } from '../support/services.ts';

const { services, newUser, startWorkerProcess } = useServices();
let ann: Deps;

beforeAll(() => createEffectsTable(services));
beforeEach(async () => {
  await services.database.pool.query('TRUNCATE jobs, audit_entries, pgboss.job_common');
  ann = await newUser();
});

const statusOf = async (episodeId: string) =>
  (await services.database.prisma.episode.findUniqueOrThrow({ where: { id: episodeId } })).status;

describe('cancelJob', () => {
  it('takes a job out of the queue, for good', async () => {
    const id = await enqueue(ann, 'quick');
    const version = (await findJob(services, id)).version;
    expect(await cancelJob(ann, { jobId: id })).toMatchObject({
      status: 'CANCELLED',
      attempt: 0,
      version: version + 1,
      finishedAt: expect.any(Date),
    });
    const next = await enqueue(ann, 'quick');
    await startWorkerProcess();
    await waitForJob(services, next, 'SUCCEEDED');
    expect(await countEffects(services, id)).toBe(0);
    expect(await services.database.prisma.auditEntry.findFirst({ where: { action: 'job.cancel' } })).toMatchObject({
      subjectId: id,
      actorId: ann.actor.userId,
    });
  });

  it('may be repeated while a job is being cancelled', async () => {
    const running = await startWorkerProcess();
    const id = await enqueue(ann, 'stubborn');
    await running.waitFor('begun', id);
    const first = await cancelJob(ann, { jobId: id });
    expect(await cancelJob(ann, { jobId: id })).toEqual(first);
  });

  it('refuses a job that has ended', async () => {
    const id = await enqueue(ann, 'quick');
    await startWorkerProcess();
    await waitForJob(services, id, 'SUCCEEDED');
    await expect(cancelJob(ann, { jobId: id })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { jobId: id, status: 'SUCCEEDED' },
    });
  });

  it('knows no job of somebody else, except for an ADMIN with the scope', async () => {
    const id = await enqueue(ann, 'quick');
    const admin = await newUser('ADMIN');
    for (const stranger of [await newUser(), { ...admin, actor: { ...admin.actor, scopes: ['WRITE' as const] } }]) {
      await expect(cancelJob(stranger, { jobId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(retryJob(stranger, { jobId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await cancelJob(admin, { jobId: id })).toMatchObject({ status: 'CANCELLED' });
    await expect(cancelJob(ann, { jobId: uuidv7() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what a job is about', () => {
  it('follows it when nothing runs, and when something does', async () => {
    const episodeId = await insertEpisode(ann);
    const id = await enqueue(ann, 'hold', { episodeId });
    await cancelJob(ann, { jobId: id });
    expect(await statusOf(episodeId)).toBe('UPLOADED');
    const running = await startWorkerProcess();
    await retryJob(ann, { jobId: id });
    await running.waitFor('begun', id);
    expect(await statusOf(episodeId)).toBe('PROCESSING');
    await cancelJob(ann, { jobId: id });
    await waitForJob(services, id, 'CANCELLED');
    expect(await statusOf(episodeId)).toBe('UPLOADED');
  });

  it('is READY again where an earlier job made it so', async () => {
    const episodeId = await insertEpisode(ann);
    await services.database.prisma.episode.update({ where: { id: episodeId }, data: { processedAt: new Date() } });
    await cancelJob(ann, { jobId: await enqueue(ann, 'quick', { episodeId }) });
    expect(await statusOf(episodeId)).toBe('READY');
  });
});

describe('a failing job', () => {
  it('is tried again with growing pauses where that may help, then FAILED, in words', async () => {
    const episodeId = await insertEpisode(ann);
    const id = await enqueue(ann, 'unavailable', { episodeId });
    await services.database.prisma.job.update({ where: { id }, data: { maxAttempts: 3 } });
    const worker = await startWorkerProcess();
    const error = {
      errorCode: 'UNAVAILABLE',
      errorMessage: 'The transcriber is down; try again shortly.',
      errorRetryable: true,
    };
    expect(await waitForJob(services, id, 'RETRYING')).toMatchObject({ ...error, attempt: 1, finishedAt: null });
    expect(await waitForJob(services, id, 'FAILED')).toMatchObject({
      ...error,
      attempt: 3,
      maxAttempts: 3,
      finishedAt: expect.any(Date),
    });
    expect(worker.messages.filter((message) => message.event === 'begun')).toHaveLength(3);
    expect(await statusOf(episodeId)).toBe('FAILED');
  });

  it('fails at once where trying again cannot help', async () => {
    const id = await enqueue(ann, 'refused');
    await startWorkerProcess();
    expect(await waitForJob(services, id, 'FAILED', 'RETRYING')).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      errorCode: 'BAD_USER_INPUT',
      errorMessage: 'There is nothing to do for no platform.',
      errorRetryable: false,
    });
  });

  it('says nothing of an unexpected error', async () => {
    const id = await enqueue(ann, 'broken');
    await startWorkerProcess();
    const job = await waitForJob(services, id, 'FAILED', 'RETRYING');
    expect(job).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      errorCode: 'INTERNAL_SERVER_ERROR',
      errorRetryable: false,
    });
    expect(JSON.stringify(job)).not.toContain('hunter2');
  });
});

describe('retryJob', () => {
  it('runs a failed job anew, with all its attempts and a greater fence', async () => {
    const id = await enqueue(ann, 'refused', { episodeId: await insertEpisode(ann) });
    await startWorkerProcess();
    const failed = await waitForJob(services, id, 'FAILED');
    await services.database.prisma.job.update({ where: { id }, data: { payload: { task: 'quick' } } });
    expect(await retryJob(ann, { jobId: id })).toMatchObject({
      status: 'QUEUED',
      attempt: 0,
      fence: failed.fence,
      errorCode: null,
      finishedAt: null,
      version: failed.version + 1,
    });
    expect(await waitForJob(services, id, 'SUCCEEDED')).toMatchObject({ attempt: 1, fence: failed.fence + 1 });
    expect(await countEffects(services, id)).toBe(1);
  });

  it('refuses a job that is neither FAILED nor CANCELLED', async () => {
    const id = await enqueue(ann, 'quick');
    await expect(retryJob(ann, { jobId: id })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { status: 'QUEUED' },
    });
  });

  it('refuses where the queue is full, another job does the same, or there is nothing left to do it to', async () => {
    const episodeId = await insertEpisode(ann);
    const id = await enqueue(ann, 'quick', { episodeId });
    await cancelJob(ann, { jobId: id });
    const full = { ...ann, limits: { ...ann.limits, maxQueueSize: 0 } };
    await expect(retryJob(full, { jobId: id })).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    const rival = await enqueue(ann, 'quick', { episodeId });
    await expect(retryJob(ann, { jobId: id })).rejects.toMatchObject({ code: 'CONFLICT', details: { jobId: rival } });
    await cancelJob(ann, { jobId: rival });
    await services.database.prisma.episode.delete({ where: { id: episodeId } });
    await expect(retryJob(ann, { jobId: id })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('retries one of the jobs of a message, however many are retried or asked for at once', async () => {
    const { id: conversationId } = await createConversation(ann, {});
    const { id } = await addMessage(ann, { conversationId, role: 'USER', content: 'I love green tea.' });
    const subject = { type: 'Message', id };
    const ended = Array.from({ length: 8 }, async () => {
      const job = await write(ann, {
        action: 'test.enqueue',
        run: (change) => change.enqueue({ kind: 'EXTRACT_MEMORIES', subject, payload: { messageId: id } }),
      });
      return (await cancelJob(ann, { jobId: job.id })).id;
    });
    const retries = (await Promise.all(ended)).map((jobId) => retryJob(ann, { jobId }));
    await Promise.allSettled([...retries, startExtraction(ann, { messageId: id })]);
    expect(await services.database.prisma.job.count({ where: { subjectId: id, status: 'QUEUED' } })).toBe(1);
  });
});
