import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import type { ComponentHealth, HealthStatus } from '#domain/core/deps.ts';
import { createDamper } from '#domain/operations/alerts/damper.ts';
import { startAlerts } from '#domain/operations/alerts/start-alerts.ts';
import type { TestDatabase } from '../support/databases.ts';
import { makeConversation } from '../support/fixtures.ts';
import { SendMessage } from '../support/operations.ts';
import { setUpServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { setUpProcesses } from '../support/use-parley.ts';
import { type Delivery, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const AT_ONCE = { ALERT_AFTER_SECONDS: '0', JOB_LEASE_MS: '10000' };

async function receive({ onTestFinished }: TestContext): Promise<WebhookReceiver> {
  const receiver = await startWebhookReceiver();
  onTestFinished(async () => {
    await receiver.stop();
    expect(receiver.forged).toBe(0);
  });
  return receiver;
}

const about = (component: string, status: string) => (delivery: Delivery) =>
  delivery.type === 'health.changed' && delivery.data.component === component && delivery.data.status === status;
const aboutBackups = about('backups', 'DEGRADED');

/** As if the last backup had failed. */
const setFailed = (database: TestDatabase, failed: boolean) =>
  sql(
    database,
    failed
      ? `INSERT INTO schedules (name, last_due_at, failed_at) VALUES ('backups', now(), now())
         ON CONFLICT (name) DO UPDATE SET failed_at = now()`
      : `DELETE FROM schedules WHERE name = 'backups'`,
  );

const waitForStatus = (database: TestDatabase, id: string | undefined, status: string) =>
  until(
    async () => (await sql(database, 'SELECT status FROM jobs WHERE id = $1', [id]))[0]?.status,
    (found) => found === status,
  );

const idsOf = (deliveries: readonly Delivery[]) => new Set(deliveries.map(({ id }) => id));

// At once, each with a database, a receiver and processes of its own: most of their time they wait.
describe.concurrent('alerts', { timeout: 120_000 }, () => {
  it('tell once, for all processes, what is not well, and that it is well again; go nowhere else, and are tried again', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: { ...receiver.env, ...AT_ONCE } });
    await Promise.all([start('server'), start('worker')]);
    await setFailed(database, true);
    await until(
      () => sql(database, `SELECT process_id FROM health_findings WHERE component = 'backups'`),
      (found) => found.length === 2,
    );
    const told = await receiver.waitFor(aboutBackups);
    expect(told.data).toEqual({
      component: 'backups',
      status: 'DEGRADED',
      message: expect.stringContaining('The last backup failed'),
      previousStatus: 'HEALTHY',
      previousMessage: null,
    });
    await setFailed(database, false);
    await receiver.waitFor(about('backups', 'HEALTHY'));
    expect(receiver.taken().filter(({ data }) => data.component === 'backups')).toHaveLength(2);

    receiver.deliveries.length = 0;
    receiver.answer(307, { location: `${receiver.env.ALERT_WEBHOOK_URL}/elsewhere` });
    await setFailed(database, true);
    await until(
      async () => receiver.deliveries.filter(aboutBackups).length,
      (count) => count > 1,
    );
    const [job] = await sql(
      database,
      `SELECT error_message FROM jobs WHERE kind = 'SEND_ALERT' AND status IN ('RETRYING', 'RUNNING') AND error_message IS NOT NULL`,
    );
    expect(job?.error_message).toBe('The receiver of alerts answered 307, a redirect, which is not followed.');
    receiver.answer(204);
    await receiver.waitFor(aboutBackups);
    expect(idsOf(receiver.deliveries.filter(aboutBackups)).size).toBe(1);
  });

  it('tell of each backup that failed; those that are given up are told anew, as long as they are true', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: { ...receiver.env, ...AT_ONCE } });
    const backupDir = join(database.env.DATA_DIR as string, 'backups');
    mkdirSync(backupDir);
    const { admin } = await start(undefined, { BACKUP_DIR: backupDir });
    rmSync(backupDir, { recursive: true });
    writeFileSync(backupDir, 'a file, where a directory should be');
    for (const failed of [1, 2]) {
      const { createBackup } = await admin.ask('mutation { createBackup(input: {}) { job { id } } }');
      const told = await until(
        async () => receiver.taken().filter(({ type }) => type === 'backup.failed'),
        (all) => all.length === failed,
      );
      const { job } = await admin.ask('query ($id: ID!) { job(id: $id) { status } }', { id: createBackup.job.id });
      expect(job.status).toBe('FAILED');
      expect(told.at(-1)?.data).toEqual({
        jobId: expect.any(String),
        code: 'UNAVAILABLE',
        message: expect.stringContaining('BACKUP_DIR cannot be written'),
      });
    }

    await setFailed(database, false);
    await receiver.waitFor(about('backups', 'HEALTHY'));
    receiver.deliveries.length = 0;
    receiver.answer(500);
    await setFailed(database, true);
    const lost = await until(async () => receiver.deliveries.find(aboutBackups), Boolean);
    await sql(database, 'UPDATE jobs SET max_attempts = 1 WHERE id = $1', [lost?.id]);
    await waitForStatus(database, lost?.id, 'FAILED');
    receiver.answer(204);
    const told = await receiver.waitFor(aboutBackups);
    expect(told.id).not.toBe(lost?.id);
    expect(told.data).toMatchObject({ previousStatus: 'HEALTHY', previousMessage: null });
  });

  it('say that nobody takes jobs, and again under the same id when somebody does; outlive a worker that is killed while it sends one', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: { ...receiver.env, ...AT_ONCE } });
    const server = await start('server');
    const ann = await server.user();
    await ann.ask(SendMessage, { input: { conversationId: await makeConversation(ann), content: 'hello' } });
    await sql(database, `UPDATE jobs SET updated_at = now() - interval '31 seconds' WHERE kind = 'GENERATE_REPLY'`);
    const stuck = await receiver.waitFor(about('queue', 'DEGRADED'));
    const message = 'Replies have waited for more than 30 s; look whether workers run.';
    expect(stuck.data).toMatchObject({ message, previousStatus: 'HEALTHY' });
    const { health } = await server.admin.ask('{ health { status warnings } }');
    expect(health).toMatchObject({ status: 'DEGRADED', warnings: expect.arrayContaining([`queue: ${message}`]) });
    const worker = await start('worker');
    await receiver.waitFor(about('queue', 'HEALTHY'));
    expect(idsOf(receiver.deliveries.filter(about('queue', 'DEGRADED'))).size).toBe(1);

    receiver.answer(null);
    await setFailed(database, true);
    const cutOff = await until(async () => receiver.deliveries.find(aboutBackups), Boolean);
    worker.kill('SIGKILL');
    await worker.ended;
    await receiver.stop();
    await Promise.all([start('worker'), receiver.start()]);
    receiver.answer(204);
    expect((await receiver.waitFor(aboutBackups)).id).toBe(cutOff?.id);
  });

  it('past the queue are not sent any more when workers take jobs again', async (context) => {
    const receiver = await receive(context);
    const { services } = await setUpServices(context);
    receiver.answer(null);
    const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = receiver.env;
    const seen = new PassThrough({ objectMode: true });
    const health = { ...services.health, follow: () => seen[Symbol.asyncIterator]() as never };
    const untilWaiting = (count: number) =>
      until(
        async () => receiver.waiting,
        (waiting) => waiting === count,
      );
    const see = (status: HealthStatus, message: string | null) =>
      seen.write({ components: [{ name: 'queue', status, message }] });
    const stop = startAlerts(
      { ...services, health, alerts: { webhook: { url, secrets: [secret] }, afterMs: 0 } },
      async () => false,
    );
    see('DEGRADED', 'Replies have waited for more than 30 s; look whether workers run.');
    await untilWaiting(1);
    see('HEALTHY', null);
    await untilWaiting(0);
    seen.end();
    await stop();
    expect(receiver.deliveries).toHaveLength(1);
  });

  it('past a database that is away say so once, and once that it is back', async (context) => {
    const receiver = await receive(context);
    const { start, database } = await setUpProcesses(context, { env: { ...receiver.env, ...AT_ONCE } });
    const { proxy, url } = await startProxy(database.url);
    context.onTestFinished(() => proxy.close());
    const parley = await start(undefined, { DATABASE_URL: url });
    proxy.freeze();
    await receiver.waitFor(about('database', 'UNHEALTHY'));
    proxy.thaw();
    await receiver.waitFor(about('database', 'HEALTHY'));
    expect(receiver.taken().filter(({ data }) => data.component === 'database')).toHaveLength(2);
    await parley.stop();
  });
});

describe('a condition counts when it has held', () => {
  const WELL = { status: 'HEALTHY', message: null } as const;
  const ILL = { status: 'DEGRADED', message: '3 jobs are late.' } satisfies Partial<ComponentHealth>;
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('for as long as it is said, whatever numbers are in its sentence', () => {
    const onChange = vi.fn();
    const damper = createDamper(10_000, onChange);
    damper.see('queue', ILL);
    vi.advanceTimersByTime(9_000);
    damper.see('queue', { ...ILL, message: '4 jobs are late.' });
    vi.advanceTimersByTime(1_000);
    expect(damper.findings()).toMatchObject([{ component: 'queue', message: '4 jobs are late.' }]);
    damper.see('queue', { ...ILL, message: '5 jobs are late.' });
    vi.advanceTimersByTime(100_000);
    expect(onChange).toHaveBeenCalledTimes(1);
    damper.see('queue', WELL);
    damper.see('queue', ILL);
    vi.advanceTimersByTime(100_000);
    expect(onChange, 'it was well for a moment only').toHaveBeenCalledTimes(1);
  });

  it('whichever are concerned', () => {
    const onChange = vi.fn();
    const damper = createDamper(10_000, onChange);
    for (const lanes of ['calls', 'calls, light', 'light']) {
      damper.see('queue', { ...ILL, message: `Jobs (${lanes}) wait.` });
      vi.advanceTimersByTime(10_000);
    }
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(damper.findings()).toMatchObject([{ message: 'Jobs (light) wait.' }]);
    damper.see('queue', { ...ILL, message: 'Jobs (light) fail.' });
    vi.advanceTimersByTime(100_000);
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('though it is now this, now that', () => {
    const damper = createDamper(10_000, () => {});
    for (let turn = 0; turn < 3; turn += 1) {
      damper.see('queue', turn % 2 ? { status: 'UNHEALTHY', message: 'No worker runs.' } : ILL);
      vi.advanceTimersByTime(4_000);
    }
    expect(damper.findings()).toMatchObject([{ component: 'queue', ...ILL }]);
    damper.see('queue', WELL);
    vi.advanceTimersByTime(100_000);
    expect(damper.findings()).toEqual([]);
  });

  it('for twice as long with each change, so that an hour of flapping is told a few times', () => {
    const onChange = vi.fn();
    const damper = createDamper(10_000, onChange);
    for (let minute = 0; minute < 60; minute += 1) {
      damper.see('queue', minute % 2 ? WELL : ILL);
      vi.advanceTimersByTime(60_000);
    }
    expect(onChange.mock.calls.length).toBeLessThan(6);
    damper.see('queue', ILL);
    vi.advanceTimersByTime(900_000);
    expect(damper.findings(), 'what stays is told').toHaveLength(1);
  });
});
