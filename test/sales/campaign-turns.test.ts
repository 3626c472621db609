import { expect, it, vi } from 'vitest';
import { runTransaction } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { createCampaign } from '#domain/sales/campaigns/create-campaign.ts';
import { runCampaign } from '#domain/sales/campaigns/run-campaign.ts';
import { importLeads } from '#domain/sales/import/import-leads.ts';
import { useServices } from '../support/services.ts';

const app = useServices({ env: { RESPECT_SHABBAT: 'false' } });

it('a campaign that has many leads to put off makes room for others after a second, and goes on from there', async () => {
  // 22:00 in Israel.
  const now = () => new Date('2027-01-04T20:00:00Z');
  const deps = { ...(await app.newUser()), now };
  const { prisma } = deps.database;
  const rows = Array.from({ length: 30 }, (_, n) => `דנה,+97254${7_000_000 + n},2027-01-03,2027-01-03`);
  await importLeads(deps, { csv: `name,phone,consent,registry check\n${rows.join('\n')}\n` });
  const leadFilter = { statuses: null, tagsAny: null, search: null };
  const { id } = await createCampaign(deps, { name: 'x', goal: 'y', leadIds: null, leadFilter });
  await prisma.campaign.update({ where: { id }, data: { status: 'RUNNING' } });
  const countDue = () => prisma.campaignLead.count({ where: { campaignId: id, dueAt: { lte: now() } } });
  let passedMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => passedMs);
  const limits = { timeoutMs: 10_000, lockWaitMs: 2_000 };
  const sleep = vi.fn<RunningJob['sleep']>(async () => {});
  const job = {
    id,
    signal: new AbortController().signal,
    reportProgress() {},
    async writeFenced(run) {
      passedMs += 600;
      return runTransaction(deps, limits, (change) => run({ ...change, now: now() }));
    },
    sleep,
  } as Partial<RunningJob> as RunningJob;
  const left = [await countDue()];
  for (let runs = 0; runs < 2; runs += 1) {
    await runCampaign(deps, { campaignId: id }, job);
    left.push(await countDue());
  }
  vi.restoreAllMocks();
  // Of three at first, and then of more, each time in a transaction.
  expect(left).toEqual([30, 18, 6]);
  expect(sleep.mock.calls).toEqual([[now()], [now()]]);
});
