import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { WEBHOOKS_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { deliverEvents } from '#domain/webhooks/deliver-events.ts';
import { sendTestEvent } from '#domain/webhooks/deliveries.ts';
import { createWebhook } from '#domain/webhooks/webhooks.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';

const receiver = createServer((request, response) => request.resume().once('end', () => response.end()));
let url = '';
beforeAll(async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
});
afterAll(() => void receiver.close());

describeOnEachDatabase((on) => {
  const { services, database, newUser, open } = useServices({
    on,
    works: true,
    env: { WEBHOOK_ALLOW_LOOPBACK: 'true', REDIS_URL: '' },
  });

  /** Delivers without timers: what is sent was woken for. */
  async function deliverWoken(): Promise<void> {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const stop = await deliverEvents(services);
    onTestFinished(async () => {
      vi.useRealTimers();
      await stop();
    });
  }

  const make = (deps: Deps) => createWebhook(deps, { url, events: ['LEAD_REFUSED'] });
  const emit = (deps: Deps) =>
    write(deps, {
      action: 'test',
      run: async (change) =>
        change.emit({ ownerId: deps.actor.userId, type: 'LEAD_REFUSED', data: { leadId: 'a', callId: null } }),
    });

  it('wakes whoever delivers, although no timer does', async () => {
    const ann = await newUser();
    const { webhook } = await make(ann);
    await deliverWoken();
    for (const cause of [() => emit(ann), () => sendTestEvent(ann, { webhookId: webhook.id })])
      await Promise.all([once(receiver, 'request'), cause()]);
  });

  it.runIf(on === 'postgres')('wakes nobody by pub/sub, where nobody waits for it', async () => {
    const ann = await newUser();
    const { webhook } = await make(ann);
    const wake = vi.fn();
    onTestFinished(await services.pubsub.subscribe(WEBHOOKS_CHANNEL, wake));
    await emit(ann);
    await sendTestEvent(ann, { webhookId: webhook.id });
    expect(wake).not.toHaveBeenCalled();
  });

  it.runIf(on === 'postgres')(
    'wakes other processes without Redis, also after they lost their connection',
    async () => {
      const ann = await newUser();
      await make(ann);
      const elsewhere = { ...(await open()), actor: ann.actor };
      await deliverWoken();
      await Promise.all([once(receiver, 'request'), emit(elsewhere)]);
      const ended = await sql<{ ended: boolean }>(
        database,
        `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
       WHERE application_name = 'parley notices' AND datname = current_database()`,
      );
      expect(ended).toEqual([{ ended: true }]);
      await Promise.all([once(receiver, 'request'), emit(elsewhere)]);
    },
  );
});
