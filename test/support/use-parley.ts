import { beforeAll, type TestContext } from 'vitest';
import { Cleanup, useCleanup } from './cleanup.ts';
import type { Client } from './client.ts';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.ts';
import type { Locale } from './locales.ts';
import { type Parley, type Role, spawnParley } from './parley.ts';

type Env = Record<string, string>;

/** `env` are settings beside those of the database; `locale` is the database's, where it is to have another than the run's. */
type Options = { on?: DatabaseKind | undefined; locale?: Locale | undefined; env?: Env };

export type Processes = {
  database: TestDatabase;
  /**
   * Starts a process on the database, server and worker in one without a role. It is stopped after the test, or after the suite
   * where it was started before its tests.
   */
  start(role?: Role, env?: Env): Promise<Parley>;
  /** The same without waiting until it has started. */
  spawn(role?: Role, env?: Env): Parley;
};

/** A database for a test file or a describe block whose tests start and end processes themselves, as many as they like. */
export function useProcesses(options: Options = {}): Processes {
  const { setUp, ...processes } = testProcesses(options, useCleanup());
  beforeAll(setUp);
  return processes;
}

/** The same for one test, by its context: for tests that run at once. */
export async function setUpProcesses({ onTestFinished }: TestContext, options: Options = {}): Promise<Processes> {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.suite.disposeAsync());
  const { setUp, ...processes } = testProcesses(options, cleanup);
  await setUp();
  return processes;
}

function testProcesses(
  { on, locale, env: settings }: Options,
  cleanup: Cleanup,
): Processes & { setUp(): Promise<void> } {
  const database = {} as TestDatabase;
  const spawn: Processes['spawn'] = (role, env) => {
    const parley = spawnParley({ ...database.env, ...settings, ...env }, role);
    cleanup.defer(() => parley.stop());
    return parley;
  };
  return {
    database,
    spawn,
    async setUp() {
      Object.assign(database, await createDatabase(on, locale));
      cleanup.defer(() => database.drop());
    },
    async start(role, env) {
      const parley = spawn(role, env);
      await parley.waitForStart();
      return parley;
    },
  };
}

export type App = Processes & {
  /** The process that `admin` and `user` talk to. */
  parley: Parley;
  admin: Client;
  user: Parley['user'];
};

/**
 * A database and one process of Parley (server and worker) with the settings `env`, started before the tests of a file or a
 * describe block. Further processes are started on the same database, with settings of their own.
 */
export function useParley({ on, locale, env }: Options = {}): App {
  const processes = useProcesses({ on, locale });
  const app = { ...processes, user: (options) => app.parley.user(options) } as App;
  beforeAll(async () => {
    app.parley = await processes.start(undefined, env);
    app.admin = app.parley.admin;
  });
  return app;
}
