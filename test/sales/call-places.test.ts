import { expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { runTransaction } from '#domain/core/transaction.ts';
import { callLead } from '#domain/sales/calls/dialling/call-lead.ts';
import { takePlace } from '#domain/sales/calls/dialling/take-place.ts';
import { lockCall } from '#domain/sales/calls/lock-call.ts';
import { lockCallPlaces, wakeNext } from '#domain/sales/campaigns/call-places.ts';
import { importLeads } from '#domain/sales/import/import-leads.ts';
import type { Call } from '#generated/prisma/client.ts';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { useServices } from '../support/services.ts';

const app = useServices({ env: { ...OPEN_ALL_HOURS, MAX_CONCURRENT_CALLS: '2' } });
const TODAY = new Date().toISOString().slice(0, 10);
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 2_000 };

/** Places calls whose jobs run, as workers' do that find no place. */
async function placeCalls(deps: Deps, count: number): Promise<Call[]> {
  const { prisma } = deps.database;
  const rows = Array.from({ length: count }, (_, n) => `Dana,+97254${7_000_000 + n},${TODAY},${TODAY}`);
  await importLeads(deps, { csv: `name,phone,consent,registry check\n${rows.join('\n')}\n` });
  const leads = await prisma.lead.findMany({ where: { ownerId: deps.actor.userId } });
  const calls: Call[] = [];
  for (const { id } of leads) calls.push((await callLead(deps, { leadId: id })).call);
  await prisma.job.updateMany({ where: { kind: 'CALL_LEAD' }, data: { status: 'RUNNING' } });
  return calls;
}

const take = (deps: Deps, { id }: Call) =>
  runTransaction(deps, LIMITS, async (change) => {
    await lockCallPlaces(change.tx);
    return takePlace(change, deps, (await lockCall(change.tx, id)) as Call);
  });

const giveBack = (deps: Deps, { id }: Call) =>
  runTransaction(deps, LIMITS, async (change) => {
    await lockCallPlaces(change.tx);
    await change.tx.call.update({ where: { id }, data: { status: 'COMPLETED' } });
    await wakeNext(change, deps);
  });

it('two places that are given back before anybody takes one go to two who wait', async () => {
  const deps = await app.newUser();
  const { prisma } = deps.database;
  const wakes = async ({ id }: Call) => (await prisma.job.findFirstOrThrow({ where: { subjectId: id } })).wakes;
  const [first, second, ...waiting] = (await placeCalls(deps, 5)) as [Call, Call, Call, Call, Call];
  for (const { id } of [first, second]) await prisma.call.update({ where: { id }, data: { status: 'IN_PROGRESS' } });
  expect(await Promise.all(waiting.map((call) => take(deps, call)))).toEqual([false, false, false]);
  await giveBack(deps, first);
  await giveBack(deps, second);
  expect(await take(deps, waiting[0])).toBe(true);
  expect([await wakes(waiting[0]), await wakes(waiting[1]), await wakes(waiting[2])]).toEqual([2, 1, 0]);
});
