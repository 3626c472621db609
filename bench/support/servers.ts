import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestDatabase } from '../../test/support/databases.ts';
import { freePort } from '../../test/support/free-port.ts';
import { ADMIN_KEY, START_SERVER } from '../../test/support/parley.ts';
import { until } from '../../test/support/until.ts';

/** A server that is measured, in a process of its own. */
export type Running = { url: string; pid: number; stop(): Promise<unknown> };

/** The response cache of a process by default, in MB. */
const CACHE_MB = '32';

/**
 * Parley as in production, with all that guards it; without the response cache unless it is `cached`. Its log goes to a file: whoever
 * measures has no time to read it. V8 writes its garbage collections to `gcLog`, if that is given.
 */
export async function startServer(
  { env }: Pick<TestDatabase, 'env'>,
  { cached = false, gcLog }: { cached?: boolean | undefined; gcLog?: string } = {},
): Promise<Running> {
  const port = await freePort();
  const logFile = join(tmpdir(), `parley-bench-${port}.log`);
  const log = openSync(logFile, 'w');
  const output = gcLog === undefined ? 'ignore' : openSync(gcLog, 'w');
  const child = spawn(process.execPath, gcLog === undefined ? START_SERVER : ['--trace-gc', ...START_SERVER], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      RATE_LIMIT_POINTS: '1000000000',
      RESPONSE_CACHE_MB: cached ? CACHE_MB : '0',
      ...env,
    },
    stdio: ['ignore', output, log],
  });
  closeSync(log);
  if (typeof output === 'number') closeSync(output);
  const ended = once(child, 'exit');
  const running = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    async stop() {
      child.kill();
      await ended;
      rmSync(logFile);
    },
  };
  await until(
    () => fetch(`${running.url}/health/ready`).catch(() => null),
    (answer) => answer?.ok ?? false,
  );
  return running;
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
