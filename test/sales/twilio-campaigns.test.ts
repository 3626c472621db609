import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { letPeopleAnswer, type Manner } from '../support/called-people.ts';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, makeCampaign, wakeSleepingJobs } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { useMovedClock } from '../support/moved-clock.ts';
import { CampaignLeads, StartCampaign, UpdateLead } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { type Creation, useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const ZONE = 'Asia/Jerusalem';
const LEADS = 48;
const AT_ONCE = 10;
const at = (local: string) => new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds);

// A Tuesday, ten minutes before the window closes.
const clock = useMovedClock(at('2026-03-24T17:50').toISOString());
const twilio = await useTwilioServer(clock.now);
const processes = useProcesses({
  env: {
    ...OPEN_ALL_HOURS,
    ...twilio.env,
    ...clock.env,
    CALL_WINDOW_START: '09:00',
    CALL_WINDOW_END: '18:00',
    OPEN_DAYS: '',
    CALL_MAX_SECONDS: '3600',
    JOB_LEASE_MS: '10000',
  },
});

/** What the line does with some of the first requests for calls; others it just makes. */
const CREATIONS: Record<number, Creation> = {
  1: 'late',
  2: 'made-error',
  4: 'too-many',
  5: 'error',
  7: 'unanswered',
  9: 'stall',
  11: { code: 21211, message: 'The number is not valid.' },
  13: 'late',
  17: 'made-error',
  22: 'too-many',
};
/** One that is not over; whether the line was asked for it. */
type OpenCall = { phone: string; status: string; asked: boolean };

const MANNERS: Manner[] = ['answers', 'busy', 'answers', 'voicemail', 'no-answer'];

let talk = false;
const PORT = String(await freePort());
const to = { url: `http://127.0.0.1:${PORT}` };
const people = letPeopleAnswer(twilio, to, (phone) => (talk ? 'talks' : (MANNERS[Number(phone) % 5] as Manner)));

it('a campaign over Twilio asks for no call twice, nor outside its window, whatever dies and however the line answers', async () => {
  const startServer = async () => Object.assign(await processes.start('server', { PORT }), to);
  twilio.creationsInOrder(CREATIONS);
  let [server, worker] = await Promise.all([startServer(), processes.start('worker')]);
  const ann = await server.user();
  const id = await makeCampaign(
    ann,
    LEADS,
    { maxConcurrentCalls: AT_ONCE, maxAttempts: 2 },
    { agreedAt: '2026-03-20', timeZone: ZONE },
  );
  const refused = [await refuseOne(ann, id)];
  await ann.ask(StartCampaign, { id });
  await asked(8);
  worker.kill('SIGKILL');
  worker = await processes.start('worker');
  await asked(14);
  server.kill('SIGKILL');
  server = await startServer();
  await asked(18);

  // Those who talk when the window closes are not cut off, and nobody else is called.
  talk = true;
  await untilCalls((open) => people.talking() > 0 && open.length === AT_ONCE && open.every((call) => call.asked));
  const owner = server.as(ann);
  refused.push(await refuseOne(owner, id));
  const talked = people.talking();
  clock.moveTo(at('2026-03-24T17:59:10'));
  talk = false;
  people.goOn();
  await runUntil(owner, id, ({ pending }, sleepsUntil) => pending > 0 && sleepsUntil > at('2026-03-24T18:00'));
  const { calls } = await owner.ask(`{ calls(first: 100) { edges { node { status endedAt } } } }`);
  const ended = calls.edges.filter(
    ({ node }: { node: { status: string; endedAt: string } }) =>
      node.status === 'COMPLETED' && new Date(node.endedAt) >= at('2026-03-24T17:59:10'),
  );
  expect(ended.length).toBeGreaterThanOrEqual(talked);

  const before = twilio.asked.length;
  clock.moveTo(at('2026-03-25T09:00:01'));
  await wakeSleepingJobs(processes.database);
  await asked(before + 5);
  worker.kill('SIGKILL');
  server.kill('SIGKILL');
  [server, worker] = await Promise.all([startServer(), processes.start('worker')]);
  const again = server.as(ann);
  await runUntil(again, id, () => false);

  const over = await campaignOf(again, id);
  expect(over).toMatchObject({
    status: 'COMPLETED',
    progress: { leads: LEADS, pending: 0, inProgress: 0, blocked: 2 },
  });
  expect(over.progress.reached).toBeGreaterThan(LEADS / 4);
  expect(await openCalls()).toEqual([]);
  for (const { at: instant } of twilio.asked) {
    const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(ZONE);
    expect(hour * 60 + minute).toSatisfy((minutes: number) => minutes >= 9 * 60 && minutes < 17 * 60 + 59);
  }
  const made = Map.groupBy(
    twilio.asked.filter(({ creation }) => creation !== 'too-many'),
    ({ phone }) => phone,
  );
  for (const phone of refused) expect(made.has(phone)).toBe(false);
  const attempts = await attemptsByPhone();
  for (const [phone, tries] of made) {
    expect(tries.length).toBeLessThanOrEqual(attempts.get(phone) ?? 0);
    for (const [index, { at: instant }] of tries.entries())
      if (index > 0)
        expect(instant.getTime() - (tries[index - 1] as { at: Date }).at.getTime()).toBeGreaterThan(15 * 60_000);
  }
  expect(Math.max(...attempts.values())).toBeLessThanOrEqual(2);
  expect(twilio.calls.filter(({ status }) => ['queued', 'ringing', 'in-progress'].includes(status))).toEqual([]);
}, 300_000);

/** Makes a lead DO_NOT_CALL that was never called; returns their number. */
async function refuseOne(owner: Client, id: string): Promise<string> {
  const { campaign } = await owner.ask(CampaignLeads, { id, first: 100, filter: { statuses: ['PENDING'] } });
  const lead = campaign?.leads.edges.findLast(({ node }) => node.attempts === 0)?.node.lead as { id: string };
  const { updateLead } = await owner.ask(UpdateLead, { input: { leadId: lead.id, status: 'DO_NOT_CALL' } });
  return updateLead?.lead.phone as string;
}

/** Lets the clock go from one time at which something is to be done to the next, until the campaign is over or `passes`. */
async function runUntil(
  owner: Client,
  id: string,
  passes: (progress: Awaited<ReturnType<typeof campaignOf>>['progress'], sleepsUntil: Date) => boolean,
): Promise<void> {
  await until(
    async () => {
      const { status, progress } = await campaignOf(owner, id);
      if (status !== 'RUNNING') return true;
      const [open, [job]] = [await openCalls(), await campaignJob()];
      const sleepsUntil = job?.sleepsUntil ?? null;
      if (open.length > 0) await settleLost(open);
      else if (sleepsUntil && sleepsUntil > clock.now()) {
        if (passes(progress, sleepsUntil)) return true;
        clock.moveTo(new Date(sleepsUntil.getTime() + 1_000));
        await wakeSleepingJobs(processes.database);
      }
      return false;
    },
    (isOver) => isOver,
  );
}

const asked = (count: number) => untilCalls(() => twilio.asked.length >= count);

/** Resolves once the calls that are not over pass; where all of them are lost, no other would be made. */
const untilCalls = (passes: (open: OpenCall[]) => boolean) =>
  until(async () => {
    const open = await openCalls();
    if (open.length === AT_ONCE) await settleLost(open);
    return open;
  }, passes);

/** Calls whose webhooks were lost are over at the line: lets their deadlines come. */
async function settleLost(open: OpenCall[]): Promise<void> {
  if (people.carried() > 0 || open.some(({ status }) => status === 'QUEUED')) return;
  clock.moveTo(new Date(clock.now().getTime() + 61_000));
  const overdue = 'SELECT id FROM calls WHERE ended_at IS NULL AND deadline_at <= $1';
  await until(
    () => sql(processes.database, overdue, [clock.now()]),
    (left) => left.length === 0,
  );
}

async function openCalls(): Promise<OpenCall[]> {
  const open = 'SELECT phone, status FROM calls WHERE ended_at IS NULL';
  const calls = await sql<{ phone: string; status: string }>(processes.database, open);
  const known = new Set(twilio.asked.map(({ phone }) => phone));
  return calls.map((call) => ({ ...call, asked: call.status !== 'QUEUED' && known.has(call.phone) }));
}

const campaignJob = () =>
  sql<{ sleepsUntil: Date | null }>(
    processes.database,
    `SELECT sleeps_until AS "sleepsUntil" FROM jobs WHERE kind = 'RUN_CAMPAIGN'`,
  );

async function attemptsByPhone(): Promise<Map<string, number>> {
  const tried = 'SELECT l.phone, c.attempts FROM campaign_leads c JOIN leads l ON l.id = c.lead_id';
  const rows = await sql<{ phone: string; attempts: number }>(processes.database, tried);
  return new Map(rows.map(({ phone, attempts }) => [phone, attempts]));
}
