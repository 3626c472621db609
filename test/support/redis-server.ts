import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

/** A Redis of the test's own, which it may kill. */
export type RedisServer = {
  url: string;
  /** Resolves when it takes connections, at the same address every time. */
  start(): Promise<void>;
  /** At once, and nothing it held is kept. */
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Not started yet: `start` does that. `more` are arguments beside its own. */
export async function createRedisServer(more: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const server = spawn(
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more],
        {
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      child = server;
      running.add(server);
      server.once('exit', () => running.delete(server));
      const log: string[] = [];
      for await (const line of createInterface({ input: server.stdout })) {
        log.push(line);
        if (!line.includes('Ready to accept connections')) continue;
        server.stdout.resume();
        return;
      }
      throw new Error(`Redis did not start:\n${log.join('\n')}`);
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
}
