import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { ADMIN_KEY } from '../../test/support/parley.ts';
import { watchTurns } from './watch-turns.ts';

const PORT = 4917;
export const SERVER_URL = `http://127.0.0.1:${PORT}`;

type WatchedServer = {
  /** Sends a message to the client, and resolves with its answer. */
  tell(message: unknown): Promise<unknown>;
  /**
   * Sends a message to the client, and returns a line: `loop`, the longest delay of the event loop by perf_hooks; `turn`, the most CPU time
   * between two of its turns, which other work on the machine does not change; `other`, the longest that another user waited for something
   * small; and the answer.
   */
  measure(message: unknown): Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts the server in this process, on an embedded database or on the server of BENCH_DATABASE_URL, and two threads: `client`, which
 * answers each message, and another user.
 */
export async function watchServer(client: URL): Promise<WatchedServer> {
  const { startApp } = await import('#app.ts');
  const { readConfig } = await import('#config/config.ts');
  const { openLog } = await import('#adapters/log.ts');
  const { chooseDatabase } = await import('./database.ts');
  const database = await chooseDatabase();
  const config = readConfig({
    ...database.env,
    ...{ PORT: String(PORT), LOG_LEVEL: 'fatal', BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, RATE_LIMIT_POINTS: '1000000000' },
  });
  const onLost = (error: Error) => {
    throw error;
  };
  const app = await startApp(config, { serves: true, works: true }, { log: openLog('fatal'), onLost });
  const sender = new Worker(client);
  const other = new Worker(new URL('./other-user.ts', import.meta.url), { workerData: SERVER_URL });
  await Promise.all([once(sender, 'online'), once(other, 'online')]);
  return {
    tell: (message) => tell(sender, message),
    async measure(message) {
      await tell(other, null);
      const delays = monitorEventLoopDelay({ resolution: 1 });
      const turns = watchTurns();
      delays.enable();
      const startedAt = performance.now();
      const answer = await tell(sender, message);
      const tookMs = performance.now() - startedAt;
      delays.disable();
      const turnMs = turns.stop();
      const waitedMs = (await tell(other, null)) as number;
      return `loop ${ms(delays.max / 1e6)}  turn ${ms(turnMs)}  other ${ms(waitedMs)}  took ${ms(tookMs)}  ${answer}`;
    },
    async stop() {
      await Promise.all([sender.terminate(), other.terminate()]);
      await app.stop();
      await database.drop();
    },
  };
}

const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9);

async function tell(worker: Worker, message: unknown): Promise<unknown> {
  worker.postMessage(message);
  const [answer] = await once(worker, 'message');
  return answer;
}
