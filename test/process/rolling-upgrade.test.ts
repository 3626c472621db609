import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { applyNewer } from '../support/migrations.ts';
import { AddMessage, MessageAdded } from '../support/operations.ts';
import { fetchStatus, type Parley } from '../support/parley.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const PROBE_MS = 50;

const { start, database } = useProcesses({ env: { SHUTDOWN_DELAY_MS: '2000' } });

/** Sends whoever asks to one of the servers that were ready when they were last asked, as load balancers do. */
class Balancer {
  readonly #ready = new Set<Parley>();
  #turn = 0;
  #stopped = false;

  add(server: Parley): void {
    this.#ready.add(server);
    void this.#probe(server);
  }

  pick(): Parley {
    this.#turn += 1;
    return [...this.#ready][this.#turn % this.#ready.size] as Parley;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #probe(server: Parley): Promise<void> {
    while (!this.#stopped) {
      const status = await fetchStatus(server, '/health/ready').catch(() => 0);
      if (status !== 200) return void this.#ready.delete(server);
      await sleep(PROBE_MS);
    }
  }
}

/** What a newer version brings: a column of another type under the plans of the old servers, and a new one. */
const NEWER_MIGRATION = `
  ALTER TABLE conversations ALTER COLUMN title TYPE VARCHAR(1000), ADD COLUMN newer INT NOT NULL DEFAULT 1`;

it('servers that are restarted one after the other, with a migration before, fail no request, and lose nothing', async (context) => {
  const balancer = new Balancer();
  const [first, second] = [await start('server'), await start('server')];
  balancer.add(first);
  balancer.add(second);
  const ann = await first.user();
  const conversationId = await makeConversation(ann);
  const reader = startResumingReader((afterSequence) =>
    balancer.pick().as(ann).follow(MessageAdded, { conversationId, afterSequence }),
  );
  const acknowledged = new Map<number, string>();
  const failures: unknown[] = [];
  let isOver = false;
  const write = async () => {
    const input = { conversationId, role: 'USER' as const, content: randomUUID() };
    const { addMessage } = await balancer.pick().as(ann).ask(AddMessage, { input });
    acknowledged.set(addMessage?.message.sequence as number, input.content);
  };
  const read = () =>
    balancer
      .pick()
      .as(ann)
      .ask('query ($id: ID!) { conversation(id: $id) { title messageCount } }', { id: conversationId });
  const load = [write, write, read, read].map(async (send) => {
    while (!isOver) await send().catch((error: unknown) => failures.push(error));
  });
  const waitForWrites = async () => {
    const written = acknowledged.size;
    await until(
      async () => acknowledged.size,
      (count) => count > written + 20,
    );
  };
  await waitForWrites();
  await applyNewer(context, database, NEWER_MIGRATION);
  await waitForWrites();
  for (const old of [first, second]) {
    expect(await old.stop()).toBe(0);
    balancer.add(await start('server'));
    await waitForWrites();
  }
  isOver = true;
  await Promise.all(load);
  const last = Math.max(...acknowledged.keys());
  await reader.waitForSequence(last);
  await reader.stop();
  balancer.stop();
  expect(failures).toEqual([]);
  expect([...acknowledged.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(reader.seen.map(({ sequence, content }) => [sequence, content])).toEqual(
    [...acknowledged].sort(([a], [b]) => a - b),
  );
}, 120_000);
