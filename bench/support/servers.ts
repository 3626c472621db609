import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestDatabase } from '../../test/support/databases.ts';
import { startParley } from '../../test/support/parley.ts';

/** A server that is measured, in a process of its own. */
export type Running = { url: string; pid: number; stop(): Promise<unknown> };

/** The response cache of a process by default, in MB; the tests' support starts Parley without. */
const CACHE_MB = '32';

/** Parley as in production, with all that guards it; without the response cache unless it is `cached`. */
export async function startServer(
  { env }: Pick<TestDatabase, 'env'>,
  { cached = false }: { cached?: boolean | undefined } = {},
): Promise<Running> {
  const {
    url,
    process: child,
    stop,
  } = await startParley(
    {
      ...env,
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      RATE_LIMIT_POINTS: '1000000000',
      ...(cached ? { RESPONSE_CACHE_MB: CACHE_MB } : {}),
    },
    'server',
  );
  return { url, pid: child.pid as number, stop };
}

/** A script that says its port on standard output once it listens. Rejects where it ends before. */
export async function startScript(script: string, args: string[], env: Record<string, string>): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout as NodeJS.ReadableStream);
  const port = await Promise.race([once(lines, 'line'), ended.then(() => null)]);
  if (!port) throw new Error(`${script} ended before it listened.`);
  return {
    url: `http://127.0.0.1:${port[0]}`,
    pid: child.pid as number,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
