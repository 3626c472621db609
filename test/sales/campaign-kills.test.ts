import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, makeCampaign, waitForCampaign, wakeSleepingJobs } from '../support/campaigns.ts';
import { useMovedClock } from '../support/moved-clock.ts';
import { CampaignLeads, CreateCampaign, StartCampaign } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const ENV = {
  ...OPEN_ALL_HOURS,
  MAX_CONCURRENT_CALLS: '30',
  SIMULATED_CALL_SPEED: '2000',
  CALL_RING_SECONDS: '5',
  CALL_MAX_SECONDS: '30',
  JOB_LEASE_MS: '10000',
};

const ZONE = 'Asia/Jerusalem';
const at = (local: string) => new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds);

// At once: while one waits for the lease of what was killed, the other works.
describe.concurrent('a campaign of 140 leads whose processes are killed', () => {
  // A Thursday. In the night Israel puts its clocks forward, and the day after is the eve of Shabbat.
  const clock = useMovedClock(at('2026-03-26T17:50').toISOString());
  const window = { CALL_WINDOW_START: '09:00', CALL_WINDOW_END: '18:00', OPEN_DAYS: '', RESPECT_SHABBAT: 'true' };
  const processes = useProcesses({ on: 'postgres', env: { ...ENV, ...window, ...clock.env } });

  const HOUR_MS = 3_600_000;

  /** The time until which the campaign sleeps; null while it runs, or a call is not over. */
  async function sleepsUntil(): Promise<Date | null> {
    const [job] = await sql<{ until: Date | null }>(
      processes.database,
      `SELECT sleeps_until AS until FROM jobs WHERE kind = 'RUN_CAMPAIGN'
       AND NOT EXISTS (SELECT FROM calls WHERE ended_at IS NULL)`,
    );
    return job?.until && job.until > clock.now() ? job.until : null;
  }

  async function goOnAt(time: Date): Promise<void> {
    clock.moveTo(new Date(time.getTime() + 1_000));
    await wakeSleepingJobs(processes.database);
  }

  /**
   * Moves the clock to just before the window closes, when nothing may be dialled that would ring beyond, and returns until when the
   * campaign sleeps in the end. What was judged before the clock moved is dialled until then.
   */
  async function close(local: string): Promise<Date> {
    clock.moveTo(new Date(at(local).getTime() - 15_000));
    for (;;) {
      const time = (await until(sleepsUntil, (found) => found !== null)) as Date;
      if (time.getTime() - clock.now().getTime() > HOUR_MS) return time;
      await goOnAt(time);
    }
  }

  it('accounts for every lead over a change of the clock and a Friday evening, and calls nobody twice or outside the window', async () => {
    const [server, worker] = await Promise.all([processes.start('server'), processes.start('worker')]);
    const ann = await server.user();
    const id = await makeCampaign(
      ann,
      140,
      { maxAttempts: 1, maxConcurrentCalls: 20 },
      { agreedAt: '2026-03-20', timeZone: ZONE },
    );
    await ann.ask(StartCampaign, { id });
    const isDone = (share: number) => (campaign: Awaited<ReturnType<typeof campaignOf>>) =>
      campaign.progress.percent >= share || campaign.status === 'COMPLETED';
    await waitForCampaign(ann, id, isDone(10));
    worker.kill('SIGKILL');
    await processes.start('worker');
    const friday = await close('2026-03-26T18:00');
    expect(friday).toEqual(at('2026-03-27T09:00'));
    await goOnAt(friday);
    await waitForCampaign(ann, id, isDone(40));
    server.kill('SIGKILL');
    const sunday = await close('2026-03-27T12:00');
    expect(sunday).toEqual(at('2026-03-29T09:00'));
    const owner = (await processes.start('server')).as(ann);
    await goOnAt(sunday);
    const over = await waitForCampaign(owner, id, ({ status }) => status === 'COMPLETED');
    const { leads, reached, notReached, blocked } = over.progress;
    expect({ leads, sum: reached + notReached + blocked }).toEqual({ leads: 140, sum: 140 });
    const dialled = await sql<{ lead_id: string; dialled_at: Date }>(
      processes.database,
      'SELECT lead_id, dialled_at FROM calls WHERE dialled_at IS NOT NULL ORDER BY dialled_at',
    );
    expect(new Set(dialled.map(({ lead_id }) => lead_id)).size).toBe(dialled.length);
    const days = new Set<string>();
    for (const { dialled_at } of dialled) {
      const local = Temporal.Instant.fromEpochMilliseconds(dialled_at.getTime()).toZonedDateTimeISO(ZONE);
      days.add(local.toPlainDate().toString());
      expect(local.hour).toSatisfy((hour: number) => hour >= 9 && hour < (local.dayOfWeek === 5 ? 12 : 18));
    }
    expect([...days]).toEqual(['2026-03-26', '2026-03-27', '2026-03-29']);
    expect(await sql(processes.database, `SELECT id FROM calls WHERE ended_at IS NULL`)).toEqual([]);
  }, 240_000);
});

describe.concurrent('a campaign on the embedded database', () => {
  const clock = useMovedClock(new Date().toISOString());
  const processes = useProcesses({ on: 'embedded', env: { ...ENV, ...clock.env } });

  it('goes on a minute after its process was killed, and calls nobody twice; a large one that was just made gets all its leads', async () => {
    const first = await processes.start();
    const [ann, bob] = [await first.user(), await first.user()];
    await makeCampaign(bob, 2_000);
    const id = await makeCampaign(ann, 24, { maxAttempts: 1, maxConcurrentCalls: 10 });
    await ann.ask(StartCampaign, { id });
    await waitForCampaign(ann, id, ({ progress }) => progress.percent >= 20);
    const input = { name: 'אביב', goal: 'Meet', leadFilter: {} };
    const large = (await bob.ask(CreateCampaign, { input })).createCampaign?.campaign.id as string;
    first.kill('SIGKILL');
    await first.ended;
    clock.moveTo(new Date(clock.now().getTime() + 61_000)); // the calls that it had are overdue
    const again = await processes.start();
    const owner = again.as(ann);
    const over = await waitForCampaign(owner, id, ({ status }) => status === 'COMPLETED');
    expect(over.progress).toMatchObject({ leads: 24, pending: 0, inProgress: 0 });
    const { campaign } = await owner.ask(CampaignLeads, { id, first: 100 });
    for (const { node } of campaign?.leads.edges ?? []) expect(node.attempts).toBeLessThanOrEqual(1);
    expect(over.calls.totalCount).toBe(24);
    await until(
      () => again.as(bob).ask(CampaignLeads, { id: large, first: 1 }),
      ({ campaign }) => campaign?.leads.totalCount === 2_000,
    );
    expect((await campaignOf(again.as(bob), large)).progress).toMatchObject({ leads: 2_000, pending: 2_000 });
  }, 120_000);
});
