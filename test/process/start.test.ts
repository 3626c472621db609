import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { createEmptyDatabase } from '../support/databases.ts';
import { makeEpisode, processToEnd } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });
const cleanup = useCleanup();

describe('a process that cannot start', () => {
  it('says in a sentence that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const parley = postgres.spawn(undefined, { PORT: String(port) });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([
      expect.stringContaining(
        `127.0.0.1:${port}. Another program listens there; set PORT, or METRICS_PORT of a worker, to a free one.`,
      ),
    ]);
  });

  it.each([
    [
      'is not there',
      async () => `postgres://127.0.0.1:${await freePort()}/parley`,
      /^The database does not answer: .*Check DATABASE_URL\.$/,
    ],
    [
      'does not know the name',
      async () => postgres.database.url.replace(/\/[^/]*$/, '/no_such_database'),
      /^PostgreSQL refuses: .*no_such_database.*Check DATABASE_URL\.$/,
    ],
  ])('says in a sentence that the database %s', async (_why, url, sentence) => {
    const parley = postgres.spawn('server', { DATABASE_URL: await url() });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([expect.stringMatching(sentence)]);
  });

  it('says in a sentence that a pooler is before the database', async () => {
    const fields = ['SFATAL', 'C08P01', 'Munsupported startup parameter: options', '']
      .map((field) => `${field}\0`)
      .join('');
    const length = Buffer.alloc(4);
    length.writeInt32BE(4 + fields.length);
    const pooler = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)])));
    });
    await once(pooler.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void pooler.close());
    const { port } = pooler.address() as AddressInfo;
    const parley = postgres.spawn('server', { DATABASE_URL: `postgres://parley@127.0.0.1:${port}/parley` });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([expect.stringMatching(/a pooler, as PgBouncer: .* of PostgreSQL itself\.$/)]);
  });

  it('says in a sentence that PERSISTED_OPERATIONS cannot be used, before it looks for a database', async () => {
    const DATABASE_URL = `postgres://127.0.0.1:${await freePort()}/parley`;
    const parley = postgres.spawn('server', { DATABASE_URL, PERSISTED_OPERATIONS: import.meta.filename });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([
      expect.stringMatching(/^PERSISTED_OPERATIONS has to be a JSON object .*is neither\.$/),
    ]);
  });

  it('says the same before it makes a database of its own', async () => {
    const DATA_DIR = join(createDirectory(cleanup), 'data');
    const parley = embedded.spawn(undefined, { DATA_DIR, PERSISTED_OPERATIONS: import.meta.filename });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([expect.stringMatching(/^PERSISTED_OPERATIONS has to be a JSON object/)]);
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('says in a sentence that BACKUP_DIR is below a file', async () => {
    const parley = postgres.spawn('worker', { BACKUP_DIR: join(import.meta.filename, 'backups') });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([
      expect.stringMatching(/^ENOTDIR: .*Check DATA_DIR and BACKUP_DIR, and who owns them\.$/),
    ]);
  });

  it('says in a sentence who has its data directory, at once, and leaves the other undisturbed', async () => {
    const first = await embedded.start();
    const second = embedded.spawn();
    const elapsedMs = startStopwatch(second);
    expect(await second.ended).toBe(1);
    expect(elapsedMs()).toBeLessThan(5_000);
    expect(second.output).toEqual([
      expect.stringContaining(`${embedded.database.env.DATA_DIR} is in use by process ${first.process.pid} `),
    ]);
    expect((await first.admin.ask('{ viewer { role } }')).viewer).toEqual({ role: 'ADMIN' });
  });
});

it('two servers and a worker that start at once on an empty database all come up, work together, and print one first key', async () => {
  const empty = await createEmptyDatabase();
  onTestFinished(() => empty.drop());
  const env = { ...empty.env, BOOTSTRAP_ADMIN_KEY: '' };
  const [here, there] = await Promise.all([
    postgres.start('server', env),
    postgres.start('server', env),
    postgres.start('worker', env),
  ]);
  const printed = () => [...here.output, ...there.output];
  const [link] = await until(
    async () => printed(),
    ({ length }) => length > 0,
  );
  const [, key = ''] = /#key=(\S+)/.exec(link as string) ?? [];
  expect(await processToEnd(here.as({ key }), await makeEpisode(there.as({ key })))).toMatchObject({
    status: 'SUCCEEDED',
  });
  expect(printed()).toEqual([expect.stringMatching(/^Open http:\/\/127\.0\.0\.1:\d+\/graphql#key=prl_[\w-]{43} /)]);
});

describe('a process that goes on', () => {
  it('says an address that can be opened where it listens on all', async () => {
    const { url } = await postgres.start('server', { HOST: '0.0.0.0' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('does not mind that nobody reads its output any more', async () => {
    const parley = await postgres.start(undefined, { SQL_ECHO: 'true', LOG_LEVEL: 'trace' });
    parley.process.stdout?.destroy();
    parley.process.stderr?.destroy();
    for (let time = 0; time < 20; time += 1)
      expect((await parley.admin.send('{ conversations(first: 1) { totalCount } }')).status).toBe(200);
    expect(await parley.stop()).toBe(0);
  });

  it('logs a promise that was rejected unheard, and answers as before', async () => {
    const stray = "process.on('SIGUSR2', () => void Promise.reject(new Error('a stray')))";
    const parley = await postgres.start('server', {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stray)}`,
    });
    parley.kill('SIGUSR2');
    expect(await parley.waitForLog(({ err }) => (err as Error | undefined)?.message === 'a stray')).toMatchObject({
      level: 50,
    });
    expect((await parley.admin.ask('{ viewer { role } }')).viewer).toEqual({ role: 'ADMIN' });
  });
});
