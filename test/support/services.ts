import { v7 as uuidv7 } from 'uuid';
import { beforeAll, type TestContext } from 'vitest';
import { openLog } from '#adapters/log.ts';
import { readConfig } from '#config/config.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { openServices as open } from '#services.ts';
import { startWorker, type Worker, type WorkerOptions } from '#worker/worker.ts';
import { Cleanup, useCleanup } from './cleanup.ts';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.ts';
import { WorkerProcess } from './worker-process.ts';

type Env = Record<string, string>;
type Role = 'USER' | 'ADMIN';

export type OpenServices = Services & { close(): Promise<void> };

export type TestServices = {
  /** What a process of Parley works with, open while the tests run. */
  services: Services;
  database: TestDatabase;
  /** A new user, and what they work with. */
  newUser(role?: Role): Promise<Deps>;
  /** Opens more services on the same PostgreSQL database, as another process does; closed after the test. */
  open(env?: Env): Promise<OpenServices>;
  /** Closes `services` and opens them again, with other settings where they are given. */
  restart(env?: Env): Promise<void>;
  /** Runs jobs in this process until the test ends; needs `works`. */
  startWorker(options: WorkerOptions): Promise<Worker>;
  /** Runs jobs in a process of its own, which is killed when the test ends. */
  startWorkerProcess(env?: Env): Promise<WorkerProcess>;
};

/** `works` as in src/services.ts: whether they may run jobs. */
export type ServicesOptions = { on?: DatabaseKind; env?: Env; works?: boolean };

/** A database with services on it, for a test file or a describe block that calls the domain in its own process. */
export function useServices(options: ServicesOptions = {}): TestServices {
  const { setUp, ...test } = testServices(options, useCleanup());
  beforeAll(setUp);
  return test;
}

/** The same for one test, by its context: for tests that run at once, and such as need a database to themselves. */
export async function setUpServices({ onTestFinished }: TestContext, options: ServicesOptions = {}) {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.suite.disposeAsync());
  const { setUp, ...test } = testServices(options, cleanup);
  await setUp();
  return test;
}

function testServices(
  { on, env: settings, works = false }: ServicesOptions,
  cleanup: Cleanup,
): TestServices & { setUp(): Promise<void> } {
  const [database, services] = [{} as TestDatabase, {} as Services];
  let opened: OpenServices | undefined;
  const openHere = (env: Env = {}) => openServices({ ...database.env, ...settings, ...env }, { works });
  const restart = async (env?: Env) => {
    await opened?.close();
    opened = await openHere(env);
    Object.assign(services, opened);
  };
  return {
    services,
    database,
    async setUp() {
      Object.assign(database, await createDatabase(on));
      cleanup.suite.defer(() => database.drop());
      cleanup.suite.defer(() => opened?.close());
      await restart();
    },
    newUser: (role) => createUser(services, role),
    async open(env) {
      const more = await openHere(env);
      cleanup.defer(() => more.close());
      return more;
    },
    restart,
    async startWorker(options) {
      const worker = await startWorker(services, options);
      cleanup.defer(() => worker.stop({ graceMs: 0 }));
      return worker;
    },
    async startWorkerProcess(env) {
      const worker = await WorkerProcess.start(database.url, env);
      cleanup.defer(() => worker.kill());
      return worker;
    },
  };
}

/**
 * What a process has, on the database at `DATABASE_URL` or an embedded one in `DATA_DIR`. Without REDIS_URL, what happens
 * in another process is noticed only by what works without it.
 */
export async function openServices(env: Env, { works = false } = {}): Promise<OpenServices> {
  const config = readConfig({ LOG_LEVEL: process.env.TEST_LOG ?? 'silent', JOB_LEASE_MS: '10000', ...env });
  const onLost = (error: Error) => {
    throw error;
  };
  const { services, close } = await open(config, { log: openLog(config.logLevel), onLost, works });
  return { ...services, close };
}

/** A new user, and what they work with. */
export async function createUser(services: Services, role: Role = 'USER'): Promise<Deps> {
  const id = uuidv7();
  await services.database.prisma.user.create({ data: { id, username: `user-${id}`, role } });
  const scopes = role === 'ADMIN' ? (['READ', 'WRITE', 'ADMIN'] as const) : (['READ', 'WRITE'] as const);
  return { ...services, actor: { userId: id, role, apiKeyId: null, scopes, requestId: null, ip: null } };
}
