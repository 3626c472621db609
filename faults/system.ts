import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Parley, type Role, startParley } from '../test/support/parley.ts';
import { type PostgresServer, startPostgres } from '../test/support/postgres-server.ts';
import { createRedisServer, type RedisServer } from '../test/support/redis-server.ts';
import { startProxy, type TcpProxy } from '../test/support/tcp-proxy.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../test/support/webhook-receiver.ts';

/** A process that is started again whenever it has ended, as systemd and Kubernetes do. */
export class Supervised {
  readonly #role: Role;
  readonly #env: Record<string, string>;
  #stopping = false;
  /** The newest; null before the first. */
  current: Parley | null = null;
  isRunning = false;
  /** How often it has ended by itself or by a fault. */
  ends = 0;

  constructor(role: Role, env: Record<string, string>) {
    this.#role = role;
    this.#env = env;
  }

  async start(): Promise<void> {
    const parley = await startParley(this.#env, this.#role).catch(() => null);
    if (!parley) return this.#stopping ? undefined : this.start();
    this.current = parley;
    this.isRunning = true;
    void parley.ended.then(async () => {
      this.isRunning = false;
      if (this.#stopping) return;
      this.ends += 1;
      await this.start();
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.current?.stop();
  }
}

/** Two servers and two workers on a PostgreSQL and a Redis of their own, which may be broken. */
export type System = {
  postgres: PostgresServer;
  /** Between all processes and PostgreSQL. */
  line: TcpProxy;
  redis: RedisServer;
  servers: Supervised[];
  workers: Supervised[];
  /** Is told of what is not well. */
  receiver: WebhookReceiver;
  /** Where files and backups are: a small disk of its own where one can be mounted. */
  disk: { directory: string; isSmall: boolean };
  /** A server that runs, by turns; where none does, one that did. */
  pick(): Parley;
  stop(): Promise<void>;
};

export async function startSystem(): Promise<System> {
  const postgres = await startPostgres(['synchronous_commit=on']); // what it has acknowledged survives its own end
  const { url, proxy } = await startProxy(postgres.url);
  const redis = await createRedisServer();
  await redis.start();
  const disk = makeDisk();
  const receiver = await startWebhookReceiver();
  const env = {
    DATABASE_URL: url,
    REDIS_URL: redis.url,
    DATA_DIR: disk.directory,
    ...receiver.env,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'clock.ts')}`,
  };
  const supervise = (role: Role) => new Supervised(role, env);
  const servers = [supervise('server'), supervise('server')];
  const workers = [supervise('worker'), supervise('worker')];
  for (const each of [...servers, ...workers]) await each.start();
  let turn = 0;
  return {
    postgres,
    line: proxy,
    redis,
    servers,
    workers,
    receiver,
    disk,
    pick() {
      const running = servers.filter(({ isRunning }) => isRunning);
      const eligible = running.length > 0 ? running : servers;
      turn += 1;
      return eligible[turn % eligible.length]?.current as Parley;
    },
    async stop() {
      await Promise.all([...servers, ...workers].map((each) => each.stop()));
      await receiver.stop();
      await redis.kill();
      await proxy.close();
      await postgres.stop();
      if (disk.isSmall) execFileSync('umount', ['-l', disk.directory]);
      rmSync(disk.directory, { recursive: true, force: true });
    },
  };
}

function makeDisk(): System['disk'] {
  const directory = mkdtempSync(join(tmpdir(), 'parley-faults-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', directory], { stdio: 'ignore' });
    return { directory, isSmall: true };
  } catch {
    return { directory, isSmall: false };
  }
}
