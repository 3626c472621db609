import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';
import { Maintenance } from '#adapters/database/embedded/maintenance.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { until } from '../support/until.ts';

const WRITER = join(import.meta.dirname, '../support/write-until-killed.ts');

const cleanup = useCleanup();
let home: string;
let made: string;
let copies = 0;

beforeAll(async () => {
  home = createDirectory(cleanup);
  made = join(home, 'made');
  await (await startEmbeddedDatabase({ dataDir: made, onLost: fail })).stop();
});

function fail(error: Error): never {
  throw error;
}

/** A data directory with an empty database: a copy, as making one takes two seconds. */
function dataDirectory(...path: string[]): string {
  const directory = join(home, `copy-${copies++}`, ...path);
  cpSync(made, directory, { recursive: true });
  return directory;
}

async function start(
  dataDir: string,
  onLost: (error: Error) => void = fail,
): Promise<EmbeddedDatabase & { pool: pg.Pool }> {
  const database = await startEmbeddedDatabase({ dataDir, onLost });
  const pool = new pg.Pool({ ...database.connection, max: 10 });
  pool.on('error', () => {});
  const stop = async () => {
    if (!pool.ended) await pool.end();
    await database.stop();
  };
  cleanup.defer(stop);
  return { ...database, pool, stop };
}

/** Another process that holds the directory and writes; `killAfter` ends it by kill -9 and tells what it acknowledged. */
async function startWriter(dataDir: string) {
  const child = spawn(process.execPath, [WRITER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanup.defer(() => kill(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    pid: child.pid,
    async killAfter(count: number): Promise<number[]> {
      const acknowledged: number[] = [];
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        acknowledged.push(Number(line.value));
        if (acknowledged.length === count) child.kill('SIGKILL');
      }
      await kill(child);
      return acknowledged;
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the data directory', () => {
  it('keeps rows over a restart', async () => {
    const dataDir = dataDirectory();
    const first = await start(dataDir);
    await first.pool.query('CREATE TABLE notes AS SELECT 7 AS number');
    await first.stop();
    const second = await start(dataDir);
    expect((await second.pool.query('SELECT number FROM notes')).rows).toEqual([{ number: 7 }]);
  });

  it('is readable by its owner only, and so is the socket', async () => {
    const { connection } = await start(dataDirectory());
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(statSync(connection.host).mode & 0o777).toBe(0o700);
  });

  it('may have a path far longer than a socket can', async () => {
    const { pool } = await start(dataDirectory('long'.repeat(25), 'longer'.repeat(20)));
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('makes the database anew when its first start was killed halfway', async () => {
    const dataDir = join(home, 'halfway');
    mkdirSync(join(dataDir, 'postgres.new'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new/PG_VERSION'), '18\n');
    const { pool } = await start(dataDir);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir)).not.toContain('postgres.new');
  });

  it('refuses a second start, naming the process that has it', async () => {
    const dataDir = dataDirectory();
    const holder = await startWriter(dataDir);
    await expect(startEmbeddedDatabase({ dataDir, onLost: fail })).rejects.toThrow(
      new RegExp(`^The data directory ${dataDir} is in use by process ${holder.pid} since \\d{4}-.*Stop it first`),
    );
  });

  it('refuses a second start within the same process', async () => {
    const dataDir = dataDirectory();
    await start(dataDir);
    await expect(startEmbeddedDatabase({ dataDir, onLost: fail })).rejects.toThrow(`process ${process.pid}`);
  });
});

it('keeps every acknowledged transaction, whole, when the process is killed while it writes', async () => {
  const dataDir = dataDirectory();
  const acknowledged: number[] = [];
  for (const count of [1, 40, 150, 333]) {
    const writer = await startWriter(dataDir);
    acknowledged.push(...(await writer.killAfter(count)));
  }
  const { pool } = await start(dataDir);
  const kept = await pool.query<{ id: number; halves: number }>(
    'SELECT id, count(*)::int AS halves FROM pairs GROUP BY id',
  );
  expect(new Set(kept.rows.map(({ id }) => id))).toEqual(new Set([...acknowledged, ...kept.rows.map(({ id }) => id)]));
  expect(kept.rows.filter(({ halves }) => halves !== 2)).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(500);
});

describe('many connections to one session', () => {
  it('answers each with its own values, whatever size they have', async () => {
    const { pool } = await start(dataDirectory());
    const sizes = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? 300_000 : index));
    const answers = await Promise.all(
      sizes.map((size, index) => pool.query('SELECT length($1) AS size, $2::int AS index', ['z'.repeat(size), index])),
    );
    expect(answers.map(({ rows }) => rows[0])).toEqual(sizes.map((size, index) => ({ size, index })));
  });

  it('keeps prepared statements of the same name apart, and frees them with their connection', async () => {
    const { pool, connection } = await start(dataDirectory());
    const count = async () =>
      (await pool.query('SELECT count(*)::int AS prepared FROM pg_prepared_statements')).rows[0].prepared;
    const [one, two] = [new pg.Client(connection), new pg.Client(connection)];
    await Promise.all([one.connect(), two.connect()]);
    const ask = (client: pg.Client, text: string) => client.query({ name: 'same', text, values: [20] });
    for (const time of [1, 2]) {
      expect((await ask(one, 'SELECT $1::int + 1 AS sum')).rows, `time ${time}`).toEqual([{ sum: 21 }]);
      expect((await ask(two, 'SELECT $1::int + 2 AS sum')).rows, `time ${time}`).toEqual([{ sum: 22 }]);
    }
    expect(await count()).toBe(2);
    await Promise.all([one.end(), two.end()]);
    await until(count, (prepared) => prepared === 0);
  });

  it('runs transactions one after another, also failing ones', async () => {
    const { pool } = await start(dataDirectory());
    await pool.query('CREATE TABLE counter AS SELECT 0 AS value');
    await Promise.all(Array.from({ length: 50 }, (_, index) => increment(pool, index % 5 === 0)));
    expect((await pool.query('SELECT value FROM counter')).rows).toEqual([{ value: 40 }]);
  });

  it('rolls back what a lost connection had begun, and goes on', async () => {
    const { pool, connection } = await start(dataDirectory());
    await pool.query('CREATE TABLE notes (number INT)');
    const lost = new pg.Client(connection);
    lost.on('error', () => {});
    await lost.connect();
    await lost.query('BEGIN');
    await lost.query('INSERT INTO notes VALUES (1)');
    (lost as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect((await pool.query('SELECT number FROM notes')).rows).toEqual([]);
  });

  it('carries a value of 20 MB both ways', async () => {
    const { pool } = await start(dataDirectory());
    const value = 'ש'.repeat(10_000_000);
    expect((await pool.query('SELECT $1::text AS value', [value])).rows[0].value === value).toBe(true);
  });
});

it('tells when it is lost, gives up its socket and its lock, and can be started again', async () => {
  const dataDir = dataDirectory();
  const { promise: lost, resolve } = Promise.withResolvers<Error>();
  const { pool, connection } = await start(dataDir, resolve);
  await expect(pool.query('COPY pg_am FROM STDIN')).rejects.toThrow();
  expect((await lost).message).toBe('The embedded database ended by itself, with code 1.');
  expect(existsSync(connection.host)).toBe(false);
  const again = await start(dataDir);
  expect((await again.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

it('vacuums, analyzes and shortens the log, as nothing else would', async () => {
  const dataDir = dataDirectory();
  const { connection } = await start(dataDir);
  const client = new pg.Client(connection);
  await client.connect();
  cleanup.defer(() => client.end());
  const upkeep = new Maintenance(client);
  await client.query(`CREATE TABLE notes AS SELECT n, repeat('x', 1000) AS text FROM generate_series(1, 100000) n`);
  await client.query('UPDATE notes SET n = n + 1');
  await client.query('SELECT pg_stat_force_next_flush()');
  expect(logSizeMb(dataDir)).toBeGreaterThan(200);
  await upkeep.run();
  const stats = await client.query(`SELECT n_dead_tup::int AS dead, reltuples::int AS estimate
    FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid WHERE pg_class.relname = 'notes'`);
  expect(stats.rows).toEqual([{ dead: 0, estimate: 100_000 }]);
  expect(logSizeMb(dataDir)).toBeLessThan(100);
});

async function increment(pool: pg.Pool, failing: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ value: number }>('SELECT value FROM counter');
    await client.query('UPDATE counter SET value = $1', [(rows[0]?.value ?? 0) + 1]);
    if (failing) await expect(client.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

function logSizeMb(dataDir: string): number {
  const directory = join(dataDir, 'postgres/pg_wal');
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 1e6;
}
