import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Model } from '#adapters/model/model.ts';
import { publishCircuitState } from '#domain/health/model-circuits.ts';
import { newUser } from '../support/app.ts';
import { type Client, clientOf } from '../support/client.ts';
import { failsWith, says, stalls, startModelServer } from '../support/model-server.ts';
import { HealthNow, ReplyOf } from '../support/operations.ts';
import { ADMIN_KEY, type Parley, startParley } from '../support/parley.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { send, wholeReply } from '../support/replies.ts';
import { openServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const model = await startModelServer();
afterAll(() => model.stop());

const modelHealth = async (asker: Client): Promise<any> =>
  (await asker.ask(HealthNow)).health.components.find(({ name }: { name: string }) => name === 'model');
const healthWhen = (asker: Client, circuit: string) =>
  until(
    () => modelHealth(asker),
    ({ details }) => details.circuit === circuit,
  );
const BASE = { ...model.env, MODEL_API_KEY: 'sk-secret', MODEL_TIMEOUT_MS: '200', EXTRACT_MEMORIES: 'false' };

describe.each(['a server and a worker', 'one embedded process'])('the health of %s', (kind) => {
  let database: TestDatabase | undefined;
  let dataDir: string;
  let parleys: Parley[];

  beforeEach(async () => {
    if (kind === 'one embedded process') {
      dataDir = await mkdtemp(join(tmpdir(), 'parley-circuit-'));
      parleys = [await startParley({ ...BASE, DATA_DIR: dataDir })];
    } else {
      database = await createDatabase();
      const env = { ...BASE, DATABASE_URL: database.url };
      parleys = [await startParley(env, 'server'), await startParley(env, 'worker')];
    }
  });
  afterEach(async () => {
    await Promise.all(parleys.map((parley) => parley.stop()));
    await database?.drop();
    if (dataDir) await rm(dataDir, { recursive: true });
  });

  it('has the circuit of the model in it, and nothing of the key', async () => {
    const { url } = parleys[0] as Parley;
    const ann = await newUser(clientOf(url, ADMIN_KEY), url);
    expect(await modelHealth(ann)).toMatchObject({
      status: 'HEALTHY',
      details: { kind: 'openai-compatible', name: 'test-model', circuit: 'closed' },
    });
    model.answer(stalls);
    const { reply } = await send(ann, 'Are you there?');
    expect(await wholeReply(ann, reply.id)).toMatchObject({ text: '', message: { status: 'FAILED' } });
    expect((await ann.ask(ReplyOf, { id: reply.id })).node).toMatchObject({
      error: { code: 'UNAVAILABLE', message: expect.stringContaining('The model'), retryable: true },
      job: { attempt: 3 },
    });
    expect(await healthWhen(ann, 'open')).toMatchObject({
      status: 'DEGRADED',
      details: { name: 'test-model', since: expect.any(String) },
    });
    expect(JSON.stringify((await ann.ask(HealthNow)).health)).not.toMatch(/sk-secret|127\.0\.0\.1/);
  });

  if (kind === 'a server and a worker') {
    it('forgets a circuit whose worker has died, or ended', async () => {
      const [server, worker] = parleys as [Parley, Parley];
      const ann = await newUser(clientOf(server.url, ADMIN_KEY), server.url);
      const db = new pg.Client({ connectionString: database?.url as string });
      await db.connect();
      model.answer(failsWith(503));
      await wholeReply(ann, (await send(ann, 'Are you there?')).reply.id);
      await healthWhen(ann, 'open');
      worker.kill('SIGKILL');
      await worker.ended;
      expect((await modelHealth(ann)).details.circuit).toBe('open');
      await db.query(`UPDATE model_circuits SET seen_at = now() - interval '31 seconds'`);
      expect(await healthWhen(ann, 'closed')).toMatchObject({ status: 'HEALTHY' });
      await db.end();
    });
  }
});

describe('a circuit', () => {
  afterEach(() => void vi.useRealTimers());

  it('is told of when it opens, while it stays open, and no more when it closes or its process ends', async () => {
    const database = await createDatabase();
    const services = await openServices({ ...BASE, DATABASE_URL: database.url });
    const own = services.model as Model;
    const stop = publishCircuitState(services.database, own, services.log);
    const ask = async () => {
      const words: string[] = [];
      const question = [{ role: 'user', content: 'Who?' }] as const;
      for await (const word of own.stream(question, { signal: new AbortController().signal })) words.push(word);
      return words;
    };
    const told = async () => (await services.database.pool.query('SELECT state FROM model_circuits')).rows;
    const toldWhen = (count: number) => until(told, (rows) => rows.length === count);
    vi.useFakeTimers({ toFake: ['Date'] });

    model.answer(failsWith(503));
    for (let n = 0; n < 2; n += 1) await expect(ask()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await toldWhen(1)).toEqual([{ state: 'open' }]);
    await until(
      async () => services.health.now(),
      ({ status }) => status === 'DEGRADED',
    );

    vi.setSystemTime(Date.now() + 31_000);
    model.answer(says('Here.'));
    expect(await ask()).toEqual(['Here.']);
    await toldWhen(0);
    await until(
      async () => services.health.now(),
      ({ status }) => status === 'HEALTHY',
    );

    model.answer(failsWith(503));
    for (let n = 0; n < 2; n += 1) await ask().catch(() => {});
    await toldWhen(1);
    await stop();
    expect(await told()).toEqual([]);
    await services.close();
    await database.drop();
  });
});
