import { afterEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '#config/config.ts';
import type { ChatEndpoint } from '#config/models.ts';
import { createModelClient } from '#domain/core/model-clients.ts';
import { publishCircuitState } from '#domain/health/model-circuits.ts';
import type { Client } from '../support/client.ts';
import { failsWith, says, stalls, useModelServer } from '../support/model-server.ts';
import { HealthNow, ReplyOf } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { setUpProcesses } from '../support/use-parley.ts';

const [model, failing] = [await useModelServer(), await useModelServer()];

const modelHealth = async (asker: Client): Promise<any> =>
  (await asker.ask(HealthNow)).health.components.find(({ name }: { name: string }) => name === 'model');
const waitForCircuitHealth = (asker: Client, circuit: string) =>
  until(
    () => modelHealth(asker),
    ({ details }) => details.circuit === circuit,
  );
const BASE = { ...model.env, MODEL_API_KEY: 'sk-secret', MODEL_TIMEOUT_MS: '200', EXTRACT_MEMORIES: 'false' };

/** Asks for a reply that fails, and sees in the health that the circuit opens. */
async function openCircuit(who: Client): Promise<void> {
  expect(await modelHealth(who)).toMatchObject({
    status: 'HEALTHY',
    details: { kind: 'openai-compatible', name: 'test-model', circuit: 'closed' },
  });
  const { reply } = await send(who, 'Are you there?');
  expect(await readReply(who, reply.id)).toMatchObject({ text: '', message: { status: 'FAILED' } });
  expect((await who.ask(ReplyOf, { id: reply.id })).node).toMatchObject({
    error: { code: 'UNAVAILABLE', message: expect.stringContaining('The model'), retryable: true },
    job: { attempt: 3 },
  });
  expect(await waitForCircuitHealth(who, 'open')).toMatchObject({
    status: 'DEGRADED',
    details: { name: 'test-model', since: expect.any(String) },
  });
  expect(JSON.stringify((await who.ask(HealthNow)).health)).not.toMatch(/sk-secret|127\.0\.0\.1/);
}

describe.concurrent('health has the circuit of the model in it, and nothing of the key', () => {
  it('that of a server, which forgets the circuit of a worker that has died', async (context) => {
    const { start, database } = await setUpProcesses(context, { env: BASE });
    const [server, worker] = await Promise.all([start('server'), start('worker')]);
    const ann = await server.user();
    model.answer(stalls);
    await openCircuit(ann);
    worker.kill('SIGKILL');
    await worker.ended;
    expect((await modelHealth(ann)).details.circuit).toBe('open');
    await sql(database, `UPDATE model_circuits SET seen_at = now() - interval '31 seconds'`);
    expect(await waitForCircuitHealth(ann, 'closed')).toMatchObject({ status: 'HEALTHY' });
  });

  it('that of one embedded process', async (context) => {
    const { start } = await setUpProcesses(context, { on: 'embedded', env: { ...BASE, ...failing.env } });
    failing.answer(failsWith(503));
    await openCircuit(await (await start()).user());
  });
});

describe('a circuit', () => {
  /** Nothing here waits for a model that is silent, and one that answers has the time that a busy machine takes. */
  const env = { ...BASE, MODEL_TIMEOUT_MS: '20000' };
  const { services } = useServices({ env });
  afterEach(() => void vi.useRealTimers());

  it('is published when it opens, while it stays open, and no more when it closes or its process ends', async () => {
    const own = await createModelClient(readConfig(env).model as ChatEndpoint, services.log);
    const stop = publishCircuitState(services.database, own, services.log);
    const ask = async () => {
      const words: string[] = [];
      const question = [{ role: 'user', content: 'Who?' }] as const;
      for await (const word of own.stream(question, { signal: new AbortController().signal })) words.push(word);
      return words;
    };
    const readCircuits = async () => (await services.database.pool.query('SELECT state FROM model_circuits')).rows;
    const waitForCircuits = (count: number) => until(readCircuits, (rows) => rows.length === count);
    // Not the status of the whole: on a busy machine the process may be overloaded.
    const waitForModelStatus = (wanted: string) =>
      until(
        async () => services.health.now().components.find(({ name }) => name === 'model'),
        (component) => component?.status === wanted,
      );
    vi.useFakeTimers({ toFake: ['Date'] });

    model.answer(failsWith(503));
    for (let n = 0; n < 2; n += 1) await expect(ask()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await waitForCircuits(1)).toEqual([{ state: 'open' }]);
    await waitForModelStatus('DEGRADED');

    vi.setSystemTime(Date.now() + 31_000);
    model.answer(says('Here.'));
    expect(await ask()).toEqual(['Here.']);
    await waitForCircuits(0);
    await waitForModelStatus('HEALTHY');

    model.answer(failsWith(503));
    for (let n = 0; n < 2; n += 1) await ask().catch(() => {});
    await waitForCircuits(1);
    await stop();
    expect(await readCircuits()).toEqual([]);
  });
});
