import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { makeCallable } from '../support/calls.ts';
import { clientOf } from '../support/client.ts';
import { type HttpAnswer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const PROBES = ['/health', '/health/live', '/health/ready', '/health/database', '/health/cache', '/health/detailed'];
const probe = (path: string, parley: Parley = app.parley): Promise<HttpAnswer> => httpRequest(parley.url + path);

/** While a process starts, and on a busy machine, it may be overloaded. */
const untilHealthy = () =>
  until(
    () => app.admin.ask('{ health { status } }'),
    ({ health }) => health.status === 'HEALTHY',
  );
beforeAll(untilHealthy);

describe('the probes need no key', () => {
  const number = expect.any(Number);

  it('/health says how the whole is', async () => {
    const { status, json } = await until(
      () => probe('/health'),
      ({ json }) => json.lastCleanUpAt !== null && json.status === 'healthy',
    );
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'healthy',
      service: 'parley',
      version: packageJson.version,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      lastBackupAt: null,
      lastCleanUpAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(Math.abs(Date.now() - Date.parse(json.timestamp))).toBeLessThan(20_000);
  });

  it('/health/live says that the process is there', async () => {
    expect(await probe('/health/live')).toMatchObject({ status: 200, json: { status: 'alive' } });
  });

  it('/health/ready says that requests may come', async () => {
    expect(await probe('/health/ready')).toMatchObject({ status: 200, json: { status: 'ready' } });
  });

  it('/health/database says how the database is', async () => {
    const { status, json } = await probe('/health/database');
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'healthy',
      details: {
        connection: { kind: 'postgres', latencyMs: number },
        pool: { total: number, idle: number, waiting: number, max: 10 },
        queries: { total: number, failed: number, slow: number, averageMs: number, p95Ms: number },
      },
    });
  });

  it('/health/cache says that there is no Redis', async () => {
    expect(await probe('/health/cache')).toMatchObject({ status: 200, json: { status: 'healthy', redis: null } });
  });

  it('/health/detailed says how each part is', async () => {
    const { status, json } = await until(
      () => probe('/health/detailed'),
      ({ json }) => json.status === 'healthy',
    );
    expect(status).toBe(200);
    expect(json.status).toBe('healthy');
    const components = [
      ...[
        'database',
        'cache',
        'pubsub',
        'queue',
        'webhooks',
        'model',
        'telephony',
        'storage',
        'backups',
        'clean-up',
        'media',
        'system',
      ],
    ];
    expect(json.components.map(({ name }: { name: string }) => name)).toEqual(components);
    for (const component of json.components)
      expect(Object.keys(component)).toEqual(['name', 'status', 'latencyMs', 'message']);
  });

  it.each(PROBES)('%s takes GET and HEAD, from anywhere, and tells no secret', async (path) => {
    const { text, headers } = await httpRequest(app.parley.url + path, {
      headers: { origin: 'https://anywhere.example' },
    });
    const database = new URL(app.database.url);
    for (const secret of [ADMIN_KEY, database.pathname.slice(1), 'postgres:', '127.0.0.1'])
      expect(text).not.toContain(secret);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect((await httpRequest(app.parley.url + path, { method: 'HEAD' })).status).toBe(200);
    const posted = await httpRequest(app.parley.url + path, { method: 'POST' });
    expect({ status: posted.status, allow: posted.headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' });
  });
});

describe('the Health of the API', () => {
  const HEALTH =
    '{ health { status version uptimeSeconds checkedAt warnings components { name status latencyMs message details } } }';

  it('tells a user what was measured', async () => {
    const user = await app.user();
    const { health } = await until(
      () => user.ask(HEALTH),
      // While it is busy it may have some, and the process itself has jobs when it starts.
      ({ health: { status, warnings, components } }) =>
        status === 'HEALTHY' && warnings.length === 0 && hasNoJobs(components),
    );
    expect(health).toMatchObject({ status: 'HEALTHY', version: packageJson.version });
    expect(health.uptimeSeconds).toBeGreaterThan(0);
    expect(Date.now() - Date.parse(health.checkedAt)).toBeLessThan(20_000);
    const details = Object.fromEntries(
      health.components.map(({ name, details }: { name: string; details: object }) => [name, details]),
    );
    const number = expect.any(Number);
    expect(details).toMatchObject({
      database: { kind: 'postgres', pool: { max: 10 }, queries: { total: number, slow: number } },
      cache: { kind: 'in process' },
      pubsub: { kind: 'in process', channels: number },
      queue: { waiting: 0, running: 0, maxWaiting: 100 },
      model: { kind: 'rules' },
      storage: { kind: 'disk' },
      system: { rssBytes: number, heapUsedBytes: number, eventLoopDelayMs: number },
    });
  });

  it('says where calls are not heard: the last three, not counting voicemails, other lines and old ones', async () => {
    const lead = rowIdOf(await makeCallable(await app.user()));
    const end = (minutes: number, heard: number, more: { by?: string; line?: string } = {}) =>
      sql(
        app.database,
        `INSERT INTO calls (id, owner_id, lead_id, direction, status, phone, attempt, provider, started_at, ended_at,
           turns, turns_heard, answered_by)
         SELECT gen_random_uuid(), owner_id, id, 'OUTBOUND', 'COMPLETED', phone, 1, $2, now() - interval '2 days',
           now() + $3 * interval '1 minute', 3, $4, $5::call_party FROM leads WHERE id = $1`,
        [lead, more.line ?? 'simulated', minutes, heard, more.by ?? 'UNKNOWN'],
      );
    const telephony = async () => {
      const { health } = await app.admin.ask(HEALTH);
      return health.components.find(({ name }: { name: string }) => name === 'telephony');
    };
    await end(-3, 2);
    for (const minutes of [-2, -1]) await end(minutes, 0);
    await end(0, 0, { by: 'VOICEMAIL' });
    await end(0, 0, { line: 'twilio' });
    await end(-2_000, 0);
    expect(await until(telephony, ({ details }) => details.answeredCalls === 3)).toMatchObject({
      status: 'HEALTHY',
      details: { line: 'simulated', answeredCalls: 3, unheardCalls: 2 },
    });
    await end(0, 0);
    expect(await until(telephony, ({ status }) => status === 'DEGRADED')).toMatchObject({
      message: expect.stringContaining('In 3 of the last 4 calls nothing was ever heard'),
    });
    await end(1, 1);
    await until(telephony, ({ status, details }) => status === 'HEALTHY' && details.answeredCalls === 5);
    await sql(app.database, 'DELETE FROM calls');
  });

  it('is for keys with READ', async () => {
    const { errors } = await (await app.user({ scopes: ['WRITE'] })).send(HEALTH);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await clientOf(app.parley.url, '').send(HEALTH)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it('counts slow statements', async () => {
    const slow = await app.start('server', { SLOW_QUERY_MS: '1' });
    const { admin } = slow;
    await until(
      async () => (await admin.ask(HEALTH)).health.components[0].details.queries.slow,
      (count) => count > 0,
    );
    expect(await slow.waitForLog(({ msg }) => msg === 'slow query')).toMatchObject({
      sql: expect.any(String),
      durationMs: expect.any(Number),
    });
  });

  it('is followed live, from the present state on', async () => {
    await untilHealthy();
    const feed = app.admin.follow<{ healthChanged: { status: string } }>('subscription { healthChanged { status } }');
    expect(await feed.take(1)).toEqual([{ healthChanged: { status: 'HEALTHY' } }]);
    await feed.return(undefined);
  });
});

describe('the database warns', () => {
  const HEALTH = '{ health { status warnings } }';
  const warningsOf = (admin: Parley['admin'], passes: (warnings: string[]) => boolean) =>
    until(
      async () => (await admin.ask(HEALTH)).health as { status: string; warnings: string[] },
      ({ status, warnings }) => status === 'HEALTHY' && passes(warnings),
    );

  it('of a newer version, whose migrations leave this one ready, also when it starts', async () => {
    const processes = [app.parley, await app.start('server')];
    const name = '99990101000000_newer';
    await sql(
      app.database,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('newer', 'x', $1, now())`,
      [name],
    );
    processes.push(await app.start('server'));
    for (const parley of processes) {
      const { status } = await warningsOf(parley.admin, (warnings) =>
        warnings.some((warning) => warning.includes(`(${name}); upgrade this process, too.`)),
      );
      expect(status).toBe('HEALTHY');
      expect((await probe('/health/ready', parley)).status).toBe(200);
    }
    await sql(app.database, 'DELETE FROM _prisma_migrations WHERE migration_name = $1', [name]);
    await warningsOf(app.admin, (warnings) => !warnings.some((warning) => warning.includes(name)));
  });

  it('of statements that wait for long', async () => {
    const [holder, waiter] = [1, 2].map(() => new pg.Client({ connectionString: app.database.url }));
    const clients = [holder as pg.Client, waiter as pg.Client] as const;
    await Promise.all(clients.map((client) => client.connect()));
    const lock = 'SELECT pg_advisory_xact_lock(7)';
    await clients[0].query(`BEGIN; ${lock}`);
    const waiting = clients[1].query(lock);
    const { status } = await warningsOf(app.admin, (warnings) =>
      warnings.includes('database: 1 statements wait for rows that other transactions hold for long.'),
    );
    expect(status).toBe('HEALTHY');
    await clients[0].end();
    await waiting;
    await clients[1].end();
  });
});

describe('a database that takes the place of another while a process runs', () => {
  const replaced = useParley();

  it('is told, and the process is not ready, until it is started again', async () => {
    await sql(replaced.database, `DELETE FROM server_settings WHERE name = 'epoch'`); // as a restore does
    const { json } = await until(
      () => probe('/health/detailed', replaced.parley),
      ({ json }) => json.components[0].status === 'unhealthy',
    );
    expect(json.components[0]).toMatchObject({
      name: 'database',
      message: 'The database was restored or replaced while this process ran; restart it.',
    });
    expect(await probe('/health/ready', replaced.parley)).toMatchObject({ status: 503 });
    await replaced.parley.stop();
    const again = await replaced.start();
    expect(await probe('/health/ready', again)).toMatchObject({ status: 200 });
  });
});

describeWith('redis', 'with Redis', () => {
  let parley: Parley;
  beforeAll(async () => {
    parley = await app.start('server', REDIS_ENV);
  });

  it('/health/cache tells its hit rate and commands', async () => {
    const { status, json } = await probe('/health/cache', parley);
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 'healthy', redis: { totalCommands: expect.any(Number) } });
    const { hitRate } = json.redis;
    expect(hitRate === null || (hitRate >= 0 && hitRate <= 1)).toBe(true);
  });
});

function hasNoJobs(components: { name: string; details: object }[]): boolean {
  const queue = components.find(({ name }) => name === 'queue')?.details as { waiting: number; running: number };
  return queue.waiting + queue.running === 0;
}

function rowIdOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1] as string;
}
