import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ComponentHealth, HealthStatus } from '#domain/core/deps.ts';
import { createDamper } from '#domain/operations/alerts/damper.ts';
import { startAlerts } from '#domain/operations/alerts/start-alerts.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { makeConversation } from '../support/fixtures.ts';
import { followToEnd } from '../support/jobs.ts';
import { SendMessage } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';
import { type Delivery, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  expect(receiver.forged).toBe(0);
  await receiver.stop();
});
beforeEach(() => {
  receiver.answer(204);
  receiver.deliveries.length = 0;
});

const about = (component: string, status: string) => (delivery: Delivery) =>
  delivery.type === 'health.changed' && delivery.data.component === component && delivery.data.status === status;

describe('alerts', () => {
  const app = useProcesses();
  const cleanup = useCleanup();
  let backupDir: string;
  let env: Record<string, string>;
  let server: Parley;
  let worker: Parley;

  beforeAll(async () => {
    backupDir = createDirectory(cleanup);
    env = { ...receiver.env, ALERT_AFTER_SECONDS: '0', JOB_LEASE_MS: '10000', BACKUP_DIR: backupDir };
    [server, worker] = await Promise.all([app.start('server', env), app.start('worker', env)]);
  });
  beforeEach(async () => {
    await setFailed(false);
    await findings(0);
    await until(
      () => sql(app.database, `SELECT id FROM jobs WHERE kind = 'SEND_ALERT' AND finished_at IS NULL`),
      (unsent) => unsent.length === 0,
    );
    receiver.deliveries.length = 0;
  });

  /** As if the last backup had failed. */
  const setFailed = (failed: boolean) =>
    sql(
      app.database,
      failed
        ? `INSERT INTO schedules (name, last_due_at, failed_at) VALUES ('backups', now(), now())
           ON CONFLICT (name) DO UPDATE SET failed_at = now()`
        : `DELETE FROM schedules WHERE name = 'backups'`,
    );
  const findings = (count: number) =>
    until(
      async () =>
        (await sql(app.database, `SELECT count(*)::int AS n FROM health_findings WHERE component = 'backups'`))[0]?.n,
      (found) => found === count,
    );

  it('tell once, for all processes, what is not well, and that it is well again', async () => {
    await setFailed(true);
    await findings(2);
    const told = await receiver.waitFor(about('backups', 'DEGRADED'));
    expect(told.data).toEqual({
      component: 'backups',
      status: 'DEGRADED',
      message: expect.stringContaining('The last backup failed'),
      previousStatus: 'HEALTHY',
      previousMessage: null,
    });
    await setFailed(false);
    await receiver.waitFor(about('backups', 'HEALTHY'));
    expect(receiver.taken().filter(({ data }) => data.component === 'backups')).toHaveLength(2);
  }, 60_000);

  it('go nowhere else, and are tried again', async () => {
    receiver.answer(307, { location: `${receiver.env.ALERT_WEBHOOK_URL}/elsewhere` });
    await setFailed(true);
    await until(
      async () => receiver.deliveries.filter(about('backups', 'DEGRADED')).length,
      (count) => count > 1,
    );
    const [job] = await sql(
      app.database,
      `SELECT error_message FROM jobs WHERE kind = 'SEND_ALERT' AND status IN ('RETRYING', 'RUNNING') AND error_message IS NOT NULL`,
    );
    expect(job?.error_message).toBe('The receiver of alerts answered 307, a redirect, which is not followed.');
    receiver.answer(204);
    await receiver.waitFor(about('backups', 'DEGRADED'));
    expect(new Set(receiver.deliveries.filter(about('backups', 'DEGRADED')).map(({ id }) => id)).size).toBe(1);
  }, 60_000);

  it('that are given up are told anew, as long as they are true', async () => {
    receiver.answer(500);
    await setFailed(true);
    const lost = await until(async () => receiver.deliveries.find(about('backups', 'DEGRADED')), Boolean);
    await sql(app.database, 'UPDATE jobs SET max_attempts = 1 WHERE id = $1', [lost?.id]);
    await until(
      async () => (await sql(app.database, 'SELECT status FROM jobs WHERE id = $1', [lost?.id]))[0]?.status,
      (status) => status === 'FAILED',
    );
    receiver.answer(204);
    const told = await receiver.waitFor(about('backups', 'DEGRADED'));
    expect(told.id).not.toBe(lost?.id);
    expect(told.data).toMatchObject({ previousStatus: 'HEALTHY', previousMessage: null });
  }, 90_000);

  it('tell of each backup that failed', async () => {
    rmSync(backupDir, { recursive: true });
    writeFileSync(backupDir, 'a file, where a directory should be');
    for (const failed of [1, 2]) {
      const { createBackup } = await server.admin.ask('mutation { createBackup(input: {}) { job { id } } }');
      expect(await followToEnd(server.admin, createBackup.job.id)).toMatchObject({ status: 'FAILED' });
      const told = await until(
        async () => receiver.taken().filter(({ type }) => type === 'backup.failed'),
        (all) => all.length === failed,
      );
      expect(told.at(-1)?.data).toEqual({
        jobId: expect.any(String),
        code: 'UNAVAILABLE',
        message: expect.stringContaining('BACKUP_DIR cannot be written'),
      });
    }
  }, 60_000);

  it('outlive a worker that is killed while it sends one, and come under the same id', async () => {
    rmSync(backupDir);
    mkdirSync(backupDir);
    receiver.answer(null);
    await setFailed(true);
    const cutOff = await until(async () => receiver.deliveries.find(about('backups', 'DEGRADED')), Boolean);
    worker.kill('SIGKILL');
    await worker.ended;
    await receiver.stop();
    [worker] = await Promise.all([app.start('worker', env), receiver.start()]);
    receiver.answer(204);
    const told = await receiver.waitFor(about('backups', 'DEGRADED'));
    expect(told.id).toBe(cutOff?.id);
  }, 90_000);
});

describe('alerts without a worker', () => {
  const app = useProcesses();

  it('say that nobody takes jobs, and again under the same id when somebody does', async () => {
    const env = { ...receiver.env, ALERT_AFTER_SECONDS: '0' };
    const server = await app.start('server', env);
    const ann = await server.user();
    await ann.ask(SendMessage, { input: { conversationId: await makeConversation(ann), content: 'hello' } });
    await sql(app.database, `UPDATE jobs SET updated_at = now() - interval '31 seconds' WHERE kind = 'GENERATE_REPLY'`);
    const told = await receiver.waitFor(about('queue', 'DEGRADED'));
    const message = 'Replies have waited for more than 30 s; look whether workers run.';
    expect(told.data).toMatchObject({ message, previousStatus: 'HEALTHY' });
    const { health } = await server.admin.ask('{ health { status warnings } }');
    expect(health).toMatchObject({ status: 'DEGRADED', warnings: expect.arrayContaining([`queue: ${message}`]) });
    await app.start('worker', env);
    await receiver.waitFor(about('queue', 'HEALTHY'));
    const ids = receiver.deliveries.filter(about('queue', 'DEGRADED')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  }, 90_000);
});

describe('alerts past the queue', () => {
  const { services } = useServices();

  it('are not sent any more when workers take jobs again', async () => {
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
      { ...services, health, alerts: { webhook: { url, secret }, afterMs: 0 } },
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
});

describe('alerts past a database that is away', () => {
  const app = useProcesses();
  let proxy: TcpProxy;
  afterAll(() => proxy.close());

  it('say so once, and once that it is back', async () => {
    const through = await startProxy(app.database.url);
    proxy = through.proxy;
    const env = { ...receiver.env, ALERT_AFTER_SECONDS: '0', DATABASE_URL: through.url };
    await app.start(undefined, env);
    proxy.freeze();
    await receiver.waitFor(about('database', 'UNHEALTHY'));
    proxy.thaw();
    await receiver.waitFor(about('database', 'HEALTHY'));
    expect(receiver.taken().filter(({ data }) => data.component === 'database')).toHaveLength(2);
  }, 120_000);
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
