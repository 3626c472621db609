import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { runTransaction } from '#domain/core/transaction.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import { startCampaign } from '#domain/sales/campaigns/campaigns.ts';
import { createCampaign } from '#domain/sales/campaigns/create-campaign.ts';
import { importLeads } from '#domain/sales/import/import-leads.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const ENV = {
  CALL_WINDOW_START: '09:00',
  CALL_WINDOW_END: '18:00',
  CALL_DAYS: '1,2,3,4,5,6,7',
  CALLS_PER_SECOND: '1000',
  SIMULATED_CALL_SPEED: '10000',
  CALL_MAX_SECONDS: '30',
  MAX_CONCURRENT_CALLS: '30',
  REGISTRY_DAYS: '365',
};
const STARTS = ['2026-03-26T14:30:00Z', '2026-10-22T14:30:00Z'] as const;
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 2_000 };

const PLACES = [
  { zone: 'Asia/Jerusalem', phone: (n: number) => `+97254${2_000_000 + n}` },
  { zone: 'Europe/London', phone: (n: number) => `+447400${100_000 + n}` },
  { zone: 'America/New_York', phone: (n: number) => `+1212555${1_000 + n}` },
];

describe('the times of a campaign', () => {
  // Before the services are there, whose own timers would wait for all the time that a clock is set back by.
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date(STARTS[0]) }));
  afterAll(() => void vi.useRealTimers());
  const app = useServices({ env: ENV, works: true });

  it.each([
    // Israel changes its clock on Friday, 27 March, Britain on Sunday, 29 March.
    ['over a change of the clock and a Friday evening', STARTS[0]],
    // All change back: Israel and Britain on Sunday, 25 October.
    ['over the change back', STARTS[1]],
  ])(
    'are those of each lead’s own clock, %s',
    async (_name, start) => {
      vi.setSystemTime(new Date(start));
      await app.startWorker({ concurrency: { campaigns: 2, calls: 4 } });
      const ann = await app.newUser();
      const rows = PLACES.flatMap(({ zone, phone }) =>
        Array.from({ length: 8 }, (_, n) => `דנה,${phone(n)},${zone},2026-03-01,2026-03-01`),
      );
      const csv = `name,phone,timezone,consent,registry check\n${rows.join('\n')}\n`;
      expect(await importLeads(ann, { csv })).toMatchObject({ created: rows.length, errors: [] });
      const leadFilter = { statuses: null, tagsAny: null, search: null };
      const input = { name: 'x', goal: 'y', leadIds: null, leadFilter, maxConcurrentCalls: 20, maxAttempts: 3 };
      const { id } = await createCampaign(ann, input);
      await startCampaign(ann, { campaignId: id });
      await runToEnd(ann, id);

      const { prisma } = app.services.database;
      const campaignLeads = await prisma.campaignLead.findMany({ where: { campaignId: id } });
      expect(new Set(campaignLeads.map(({ status }) => status))).toEqual(new Set(['REACHED', 'NOT_REACHED']));
      const calls = await prisma.call.findMany({
        where: { campaignId: id },
        include: { lead: true },
        orderBy: { dialledAt: 'asc' },
      });
      const dialled = calls.filter(({ dialledAt }) => dialledAt !== null);
      for (const { dialledAt, lead } of dialled) {
        const zone = lead.timeZone as string;
        const local = Temporal.Instant.fromEpochMilliseconds((dialledAt as Date).getTime()).toZonedDateTimeISO(zone);
        expect([local.hour >= 9 && local.hour < (local.dayOfWeek === 5 ? 12 : 18), local.toString()]).toEqual([
          true,
          local.toString(),
        ]);
        expect(local.dayOfWeek).not.toBe(6);
      }
      const byLead = Map.groupBy(dialled, ({ leadId }) => leadId);
      for (const tries of byLead.values())
        for (const [index, { dialledAt, status }] of tries.entries()) {
          const next = tries[index + 1]?.dialledAt;
          if (next)
            expect(next.getTime() - (dialledAt as Date).getTime()).toBeGreaterThanOrEqual(
              status === 'BUSY' ? 900_000 : 7_200_000,
            );
        }
      expect(Math.max(...Array.from(byLead.values(), ({ length }) => length))).toBeLessThanOrEqual(3);
    },
    60_000,
  );
});

/** Lets the clock go from one time at which the campaign has something to do to the next, until it is over. */
async function runToEnd(deps: Deps, id: string): Promise<void> {
  const { prisma } = deps.database;
  for (;;) {
    const { status, jobId } = await prisma.campaign.findUniqueOrThrow({ where: { id } });
    if (status !== 'RUNNING') return;
    const job = await until(
      async () => ({
        job: await prisma.job.findUniqueOrThrow({ where: { id: jobId as string } }),
        calls: await prisma.campaignLead.count({ where: { campaignId: id, status: 'IN_PROGRESS' } }),
      }),
      ({ job, calls }) => job.status !== 'RUNNING' || (calls === 0 && (job.sleepsUntil?.getTime() ?? 0) > Date.now()),
    );
    if (!job.job.sleepsUntil) continue;
    vi.setSystemTime(job.job.sleepsUntil);
    await runTransaction(deps, LIMITS, (change) => wakeJob(change, deps, jobId as string));
  }
}
