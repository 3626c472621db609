import { beforeEach, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { checkWebhooks } from '#domain/health/webhooks-check.ts';
import { sendTestEvent } from '#domain/webhooks/deliveries.ts';
import { createWebhook } from '#domain/webhooks/webhooks.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';

const HOUR_MS = 3_600_000;
const before = (ms: number) => new Date(Date.now() - ms);

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on });
  beforeEach(() => services.database.prisma.webhook.deleteMany());

  const check = () => checkWebhooks(services);
  const make = async (deps: Deps, data: { failingSince?: Date; disabledAt?: Date } = {}) => {
    const { webhook } = await createWebhook(deps, { url: 'https://webhooks.example.com/', events: ['CALL_ENDED'] });
    await services.database.prisma.webhook.update({ where: { id: webhook.id }, data });
    return webhook.id;
  };
  const send = async (deps: Deps, webhookId: string, data: object) => {
    const { id } = await sendTestEvent(deps, { webhookId });
    await services.database.prisma.webhookDelivery.update({ where: { id }, data });
  };

  it('are well where there are none, and while those that fail are of few users', async () => {
    const nothing = { enabled: 0, failing: 0, switchedOff: 0, overdueSeconds: 0 };
    expect(await check()).toEqual({ details: nothing });
    const [ann, bob] = [await newUser(), await newUser()];
    for (let count = 0; count < 6; count += 1) await make(ann, { failingSince: before(2 * HOUR_MS) });
    await make(bob, { failingSince: before(2 * HOUR_MS) });
    expect(await check()).toEqual({ details: { ...nothing, enabled: 7, failing: 7 } });
  });

  it('are not where those of half of the users fail, or were switched off for that', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => newUser()));
    const [ann, bob, cem, ...others] = users as [Deps, Deps, Deps, ...Deps[]];
    for (const other of others) await make(other);
    await make(ann, { failingSince: before(2 * HOUR_MS) });
    await make(bob, { failingSince: before(100 * HOUR_MS), disabledAt: before(20 * HOUR_MS) });
    await make(cem, { failingSince: before(2 * HOUR_MS), disabledAt: before(HOUR_MS) }); // by its owner
    expect(await check()).toEqual({ details: { enabled: 4, failing: 1, switchedOff: 1, overdueSeconds: 0 } });
    await make(cem, { failingSince: before(2 * HOUR_MS) });
    expect(await check()).toMatchObject({
      status: 'DEGRADED',
      message: expect.stringMatching(/^The webhooks of many users fail/),
    });
    await make(await newUser());
    expect(await check()).not.toHaveProperty('status');
  });

  it('are late where nothing is sent for an owner, and not while their receivers are slow', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    const [slow, failing] = [await make(ann), await make(bob, { failingSince: before(60_000) })];
    await send(ann, slow, { nextAttemptAt: before(300_000) });
    await send(ann, await make(ann), { nextAttemptAt: new Date(Date.now() + 50_000), lastAttemptAt: before(10_000) });
    await send(bob, failing, { nextAttemptAt: before(900_000) });
    expect(await check()).toMatchObject({ details: { overdueSeconds: expect.closeTo(300, -1) } });
    expect(await check()).not.toHaveProperty('status');
    await send(bob, await make(bob), { nextAttemptAt: before(60_000) });
    expect(await check()).not.toHaveProperty('status');
    await send(bob, await make(bob), { nextAttemptAt: before(180_000) });
    expect(await check()).toMatchObject({
      status: 'DEGRADED',
      message: expect.stringMatching(/^Deliveries to webhooks have been due/),
    });
  });
});
