import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { prepareRestored } from '#domain/operations/backups/prepare-restored.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import { eraseUserNow } from '#domain/operations/erasure/erase-user.ts';
import { claimDeliveries } from '#domain/webhooks/claim-deliveries.ts';
import { sendTestEvent } from '#domain/webhooks/deliveries.ts';
import { countHeldDeliveries, releaseHeldDeliveries } from '#domain/webhooks/held-deliveries.ts';
import { createWebhook } from '#domain/webhooks/webhooks.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';

const directory = mkdtempSync(join(tmpdir(), 'parley-webhooks-'));
afterAll(() => rmSync(directory, { recursive: true }));

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on, works: true, env: { BACKUP_DIR: join(directory, on) } });

  const make = (deps: Deps) =>
    createWebhook(deps, { url: 'https://webhooks.example.com/', events: ['LEAD_REFUSED', 'CALL_ENDED'] });
  const emit = (deps: Deps, then: () => void = () => {}) =>
    write(deps, {
      action: 'test',
      async run(change) {
        change.emit({ ownerId: deps.actor.userId, type: 'LEAD_REFUSED', data: { leadId: 'a', callId: null } });
        change.emit({ ownerId: deps.actor.userId, type: 'MEETING_BOOKED', data: {} });
        change.changed({ ownerId: deps.actor.userId, type: 'LEAD', id: deps.actor.userId });
        then();
      },
    });
  const pendingOf = (deps: Deps) =>
    services.database.prisma.webhookDelivery.findMany({
      where: { webhook: { ownerId: deps.actor.userId }, status: 'PENDING' },
    });

  it('an event is written with its change, for each webhook that asks for it, and not without it', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    await emit(ann);
    await make(ann);
    const off = (await make(ann)).webhook;
    await make(bob);
    await services.database.prisma.webhook.update({
      where: { id: off.id },
      data: { disabledAt: new Date(), disabledReason: 'test' },
    });
    await expect(
      emit(ann, () => {
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await pendingOf(ann)).toEqual([]);
    await emit(ann);
    expect(await pendingOf(ann)).toMatchObject([{ event: 'LEAD_REFUSED', data: { leadId: 'a', callId: null } }]);
    expect(await pendingOf(bob)).toEqual([]);
  });

  it('costs no statement', async () => {
    const ann = await newUser();
    const counted = async (run: () => Promise<unknown>) => {
      const before = services.database.stats.count;
      await run();
      return services.database.stats.count - before;
    };
    const without = await counted(() =>
      write(ann, {
        action: 'test',
        run: async ({ changed }) => changed({ ownerId: ann.actor.userId, type: 'LEAD', id: ann.actor.userId }),
      }),
    );
    expect(await counted(() => emit(ann))).toBe(without);
    await make(ann);
    expect(await counted(() => emit(ann))).toBe(without);
  });

  it('users take turns, and no webhook takes more than its places', async () => {
    await services.database.prisma.webhook.deleteMany();
    const [ann, bob] = [await newUser(), await newUser()];
    const [one, failing] = [(await make(ann)).webhook, (await make(ann)).webhook];
    const bobs = (await make(bob)).webhook;
    await services.database.prisma.webhook.update({ where: { id: failing.id }, data: { failingSince: new Date() } });
    for (const [deps, { id }] of [
      [ann, one],
      [ann, failing],
      [bob, bobs],
    ] as const)
      for (let count = 0; count < 6; count += 1) await sendTestEvent(deps, { webhookId: id });
    await services.database.prisma.user.update({ where: { id: bob.actor.userId }, data: { suspendedAt: new Date() } });
    const { claimed } = await claimDeliveries(services, []);
    expect(new Set(claimed.map(({ webhookId, refusal }) => `${webhookId} ${refusal}`))).toEqual(
      new Set([`${one.id} null`, `${failing.id} null`, `${bobs.id} The owner of the webhook is suspended.`]),
    );
    const countOf = (id: string) => claimed.filter(({ webhookId }) => webhookId === id).length;
    expect([one.id, failing.id, bobs.id].map(countOf)).toEqual([4, 1, 4]);
    expect((await claimDeliveries(services, claimed)).claimed).toEqual([]);
    const next = await claimDeliveries(services, claimed.slice(1));
    expect(next.claimed.map(({ webhookId }) => webhookId)).toEqual([claimed[0]?.webhookId]);
    expect(next.nextMs).toBeGreaterThan(50_000);
  });

  it('a restored database holds deliveries until an operator releases them', async () => {
    await services.database.prisma.webhook.deleteMany();
    const ann = await newUser();
    const { webhook } = await make(ann);
    await sendTestEvent(ann, { webhookId: webhook.id });
    const deps = { ...services, actor: SYSTEM_ACTOR };
    expect(await prepareRestored(services)).toMatchObject({ heldDeliveries: 1 });
    expect((await claimDeliveries(services, [])).claimed).toEqual([]);
    expect(await countHeldDeliveries(deps)).toBe(1);
    await sendTestEvent(ann, { webhookId: webhook.id }); // what happens from now on is sent
    expect((await claimDeliveries(services, [])).claimed).toHaveLength(1);
    expect(await releaseHeldDeliveries(deps)).toBe(1);
    expect(await releaseHeldDeliveries(deps)).toBe(0);
    expect((await claimDeliveries(services, [])).claimed).toHaveLength(1);
  });

  it('deliveries are kept for their days, and webhooks as long as their owner', async () => {
    const ann = await newUser();
    const { webhook } = await make(ann);
    const [old, young] = [
      await sendTestEvent(ann, { webhookId: webhook.id }),
      await sendTestEvent(ann, { webhookId: webhook.id }),
    ];
    const createdAt = new Date(Date.now() - 15 * 24 * 3_600_000);
    await services.database.prisma.webhookDelivery.update({ where: { id: old.id }, data: { createdAt } });
    await cleanUp(services, { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 });
    expect((await pendingOf(ann)).map(({ id }) => id)).toEqual([young.id]);
    expect(await eraseUserNow(services, ann.actor.userId)).toMatchObject({ webhooks: 1, webhookDeliveries: 1 });
    expect(await services.database.prisma.webhook.count({ where: { id: webhook.id } })).toBe(0);
  });
});
