import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { clientOf } from './support/client.ts';
import { freePort } from './support/free-port.ts';
import { ADMIN_KEY, type Parley, spawnParley, startParley } from './support/parley.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from './support/postgres.ts';
import { episodeOf, processed } from './support/worlds.ts';

let database: TestDatabase;
const started: Parley[] = [];

async function start(...args: Parameters<typeof startParley>): Promise<Parley> {
  const parley = await startParley(...args);
  started.push(parley);
  return parley;
}

beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((parley) => parley.stop()));
});
afterAll(() => database.drop());

const adminOf = ({ url }: Parley) => clientOf(url, ADMIN_KEY);

describe('a process that cannot start', () => {
  it('says in a sentence that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const parley = spawnParley({ DATABASE_URL: database.url, PORT: String(port) });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([
      expect.stringContaining(`127.0.0.1:${port}. Another program listens there; set PORT to a free one.`),
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
      async () => database.url.replace(/\/[^/]*$/, '/no_such_database'),
      /^PostgreSQL refuses: .*no_such_database.*Check DATABASE_URL\.$/,
    ],
  ])('says in a sentence that the database %s', async (_why, url, sentence) => {
    const parley = spawnParley({ DATABASE_URL: await url() }, 'server');
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([expect.stringMatching(sentence)]);
  });

  it('says in a sentence who has its data directory, at once, and leaves the other undisturbed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-start-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    const first = await start({ DATA_DIR: dataDir });
    const startedAt = performance.now();
    const second = spawnParley({ DATA_DIR: dataDir });
    expect(await second.ended).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(second.output).toEqual([expect.stringContaining(`${dataDir} is in use by process ${first.process.pid} `)]);
    expect((await adminOf(first).ask('{ viewer { role } }')).viewer).toEqual({ role: 'ADMIN' });
  });
});

it('two servers and a worker that start at once on an empty database all come up, work together, and print one first key', async () => {
  const empty = await createEmptyDatabase();
  const env = { DATABASE_URL: empty.url, BOOTSTRAP_ADMIN_KEY: '' };
  const [here, there] = await Promise.all([start(env, 'server'), start(env, 'server'), start(env, 'worker')]);
  const links = [...here.output, ...there.output];
  expect(links).toEqual([expect.stringMatching(/^Open http:\/\/127\.0\.0\.1:\d+\/graphql#key=prl_[\w-]{43} /)]);
  const [, key] = /#key=(\S+)/.exec(links[0] as string) ?? [];
  const admins = [clientOf(here.url, key as string), clientOf(there.url, key as string)] as const;
  expect(await processed(admins[0], await episodeOf(admins[1]))).toMatchObject({ status: 'SUCCEEDED' });
  await Promise.all(started.splice(0).map((parley) => parley.stop()));
  await empty.drop();
});

describe('a process that goes on', () => {
  it('does not mind that nobody reads its output any more', async () => {
    const parley = await start({ DATABASE_URL: database.url, SQL_ECHO: 'true', LOG_LEVEL: 'trace' });
    parley.process.stdout?.destroy();
    parley.process.stderr?.destroy();
    for (let time = 0; time < 20; time += 1)
      expect((await adminOf(parley).send('{ conversations(first: 1) { totalCount } }')).status).toBe(200);
    expect(await parley.stop()).toBe(0);
  });

  it('logs a promise that was rejected unheard, and answers as before', async () => {
    const stray = "process.on('SIGUSR2', () => void Promise.reject(new Error('a stray')))";
    const parley = await start(
      { DATABASE_URL: database.url, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stray)}` },
      'server',
    );
    parley.kill('SIGUSR2');
    expect(await parley.logged(({ err }) => (err as Error | undefined)?.message === 'a stray')).toMatchObject({
      level: 50,
    });
    expect((await adminOf(parley).ask('{ viewer { role } }')).viewer).toEqual({ role: 'ADMIN' });
  });
});
