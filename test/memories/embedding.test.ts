import { beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { openLog } from '#adapters/log.ts';
import type { Services } from '#domain/core/deps.ts';
import { createEmbedderClient } from '#domain/core/model-clients.ts';
import { enqueueEmbeddingBacklog } from '#domain/memories/embedding-backlog.ts';
import { saveMemory, updateMemory } from '#domain/memories/memories.ts';
import { skipPauses } from '../model/skip-pauses.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { waitForJob } from '../support/job-rows.ts';
import { type EmbeddingRequest, embedWords, useModelServer } from '../support/model-server.ts';
import { setUpServices, type TestServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const server = await useModelServer();
beforeEach(() => {
  server.embeddings.length = 0;
  server.embedBy(embedWords);
});

const anySignal = () => new AbortController().signal;

const endpoint = { baseUrl: server.url, name: 'meanings', apiKey: 'sk-secret', timeoutMs: 1_000 };
const log = openLog('silent');
const embedder = await createEmbedderClient(endpoint, log);

describe('an embedder', () => {
  skipPauses(log);
  const embed = (...texts: string[]) => embedder.embed(texts, { signal: anySignal() });

  it('makes a vector of length 1 of each text, 64 texts at a time, in their order', async () => {
    const texts = Array.from({ length: 150 }, (_, n) => `apple ${'banana '.repeat(n)}`);
    const vectors = await embed(...texts);
    expect(vectors).toHaveLength(150);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(server.embeddings.map(({ input }) => input.length)).toEqual([64, 64, 22]);
    expect(server.embeddings[0]).toMatchObject({ model: 'meanings', headers: { authorization: 'Bearer sk-secret' } });
    expect(vectors[70]).toEqual((await embed(texts[70] as string))[0]);
  });

  it('puts them in order where the endpoint does not', async () => {
    server.embedBy(({ input }) => ({
      data: input.map((text, index) => ({ index, embedding: [text.length, 1] })).reverse(),
    }));
    const [short, long] = await embed('a', 'a'.repeat(100));
    expect(short?.[0]).toBeLessThan(long?.[0] as number);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['too few vectors', { data: [{ index: 0, embedding: [1] }] }],
    ['vectors of words', { data: [0, 1].map((index) => ({ index, embedding: ['one'] })) }],
    ['vectors of nothing', { data: [0, 1].map((index) => ({ index, embedding: [] })) }],
    ['vectors without a direction', { data: [0, 1].map((index) => ({ index, embedding: [0, 0] })) }],
    ['an error that may pass', 503],
  ])('is UNAVAILABLE where the endpoint answers with %s, three times', async (_what, answer) => {
    server.embedBy(() => answer);
    await expect(embed('one', 'two')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(server.embeddings).toHaveLength(3);
  });

  it('is MODEL_REFUSED where it will not do it', async () => {
    server.embedBy(() => 401);
    await expect(embed('one')).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect(server.embeddings).toHaveLength(1);
  });
});

describeOnEachDatabase((on) => {
  const settings = { EMBEDDING_BASE_URL: server.url, EMBEDDING_MODEL: 'meanings' };

  /** For a test that needs a database to itself: what is embedded is whatever lacks an embedding. */
  const setUp = (context: TestContext, env = {}) => setUpServices(context, { on, env, works: true });
  const work = ({ startWorker }: TestServices) => startWorker({ concurrency: { light: 2 } });
  const embeddingsOf = ({ database }: Services) =>
    database.prisma.memoryEmbedding.findMany({ orderBy: { memoryId: 'asc' } });

  it('a memory is embedded after it is saved, and again when it is changed', async (context) => {
    const test = await setUp(context, settings);
    const { services } = test;
    await work(test);
    const ann = await test.newUser();
    const { memory } = await saveMemory(ann, { content: 'I keep bees.' });
    const [first] = await until(
      () => embeddingsOf(services),
      (rows) => rows.length === 1,
    );
    expect(first).toMatchObject({ memoryId: memory.id, model: 'meanings' });
    expect(Math.hypot(...(first?.embedding ?? []))).toBeCloseTo(1, 5);
    await updateMemory(ann, { memoryId: memory.id, content: 'I keep goats.' });
    const [second] = await until(
      () => embeddingsOf(services),
      ([row]) => row !== undefined && row.createdAt > (first?.createdAt as Date),
    );
    expect(second?.embedding).not.toEqual(first?.embedding);
  });

  it('what a memory meant before it was changed is not stored', async (context) => {
    const test = await setUp(context, settings);
    const { services } = test;
    const asked: EmbeddingRequest[] = [];
    const answer = Promise.withResolvers<void>();
    server.embedBy(async (request) => {
      asked.push(request);
      if (request.input[0] === 'I keep bees.') await answer.promise;
      return { data: [{ index: 0, embedding: request.input[0] === 'I keep bees.' ? [1, 0] : [0, 1] }] };
    });
    await work(test);
    const ann = await test.newUser();
    const { memory } = await saveMemory(ann, { content: 'I keep bees.' });
    await until(
      async () => asked.length,
      (count) => count === 1,
    );
    await updateMemory(ann, { memoryId: memory.id, content: 'I keep goats.' });
    await until(
      () => embeddingsOf(services),
      (rows) => rows.length === 1,
    );
    answer.resolve();
    const jobs = await services.database.prisma.job.findMany({ where: { kind: 'EMBED_MEMORIES' } });
    for (const { id } of jobs) await waitForJob(services, id, 'SUCCEEDED');
    expect((await embeddingsOf(services))[0]?.embedding).toEqual([0, 1]);
  });

  it('memories without an embedding by the configured model get one by a single job, which goes on where it stopped', async (context) => {
    const test = await setUp(context);
    const { services } = test;
    const ann = await test.newUser();
    const admin = await test.newUser('ADMIN');
    await services.database.prisma.memory.createMany({
      data: Array.from({ length: 150 }, (_, n) => ({
        id: crypto.randomUUID(),
        ownerId: (n % 2 ? ann : admin).actor.userId,
        content: `memory ${n}`,
        kind: 'FACT' as const,
        tags: [],
        importance: 0.5,
      })),
    });
    await test.restart(settings);
    let batches = 0;
    server.embedBy((request) => {
      batches += 1;
      return batches >= 2 && batches <= 4 ? 503 : embedWords(request);
    });
    await Promise.all([enqueueEmbeddingBacklog(services), enqueueEmbeddingBacklog(services)]);
    await enqueueEmbeddingBacklog(services);
    const [job, ...others] = await services.database.prisma.job.findMany({ where: { kind: 'EMBED_MEMORIES' } });
    expect(others).toEqual([]);
    expect(job).toMatchObject({ requestedById: admin.actor.userId, payload: { all: true } });
    await work(test);
    expect(await waitForJob(services, job?.id as string, 'SUCCEEDED')).toMatchObject({
      attempt: 2,
      result: { embedded: 86 },
    });
    expect(await embeddingsOf(services)).toHaveLength(150);
    expect(server.embeddings.flatMap(({ input }) => input)).toHaveLength(150 + 3 * 64);
    await enqueueEmbeddingBacklog(services);
    expect(await services.database.prisma.job.count()).toBe(1);
  });

  it('a memory that the embedder refuses holds up no other', async (context) => {
    const test = await setUp(context);
    const { services } = test;
    const admin = await test.newUser('ADMIN');
    for (const content of ['I keep bees.', 'I keep goats.', 'I grow roses.']) await saveMemory(admin, { content });
    await test.restart(settings);
    server.embedBy((request) => (request.input.includes('I keep goats.') ? 400 : embedWords(request)));
    await enqueueEmbeddingBacklog(services);
    const [job] = await services.database.prisma.job.findMany({ where: { kind: 'EMBED_MEMORIES' } });
    await work(test);
    expect(await waitForJob(services, job?.id as string, 'SUCCEEDED')).toMatchObject({
      attempt: 1,
      result: { embedded: 2 },
    });
    expect(await embeddingsOf(services)).toHaveLength(2);
  });

  it('an embedder that refuses everything fails the job, in words', async (context) => {
    const test = await setUp(context);
    const { services } = test;
    const admin = await test.newUser('ADMIN');
    for (const content of ['I keep bees.', 'I keep goats.']) await saveMemory(admin, { content });
    await test.restart(settings);
    server.embedBy(() => 401);
    await enqueueEmbeddingBacklog(services);
    const [job] = await services.database.prisma.job.findMany({ where: { kind: 'EMBED_MEMORIES' } });
    await work(test);
    expect(await waitForJob(services, job?.id as string, 'FAILED')).toMatchObject({ errorCode: 'MODEL_REFUSED' });
  });
});
