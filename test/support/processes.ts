import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { newUser } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { ADMIN_KEY, type Parley, startParley } from './parley.ts';
import { createDatabase, type TestDatabase } from './postgres.ts';

export type Processes = {
  /** Starts one more; it is stopped after the test, if it still runs. */
  start: typeof startParley;
  /** Settings for processes that share the test file's database. */
  postgres(): { DATABASE_URL: string };
  /** Settings for a process with an embedded database, the same in all tests of the file. */
  embedded(): { DATA_DIR: string };
};

/** For a test file that starts and ends processes itself, as many as it likes. */
export function useProcesses(): Processes {
  const started: Parley[] = [];
  let database: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'parley-test-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((parley) => parley.stop()));
  });
  afterAll(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true });
  });
  return {
    async start(env, role) {
      const parley = await startParley(env, role);
      started.push(parley);
      return parley;
    },
    postgres: () => ({ DATABASE_URL: database.url }),
    embedded: () => ({ DATA_DIR: dataDir }),
  };
}

export const adminOf = ({ url }: Parley): Client => clientOf(url, ADMIN_KEY);
export const userOf = (parley: Parley) => newUser(adminOf(parley), parley.url);

/** The exit code, and how long the process took to end after a signal. */
export async function exitAfter(
  parley: Parley,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; tookMs: number }> {
  const signalledAt = performance.now();
  parley.kill(signal);
  return { code: await parley.ended, tookMs: performance.now() - signalledAt };
}

export const statusOf = async ({ url }: Parley, path: string): Promise<number> => (await fetch(url + path)).status;
