import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Client, clientOf } from './client.ts';
import { startStopwatch } from './stopwatch.ts';

export type LogLine = { level: number; msg: string; url?: string; sql?: string; [field: string]: unknown };

export type Role = 'server' | 'worker';

export type User = Client & { id: string; username: string };

/** A process of Parley. */
export type Parley = {
  /** As `http://127.0.0.1:41234`; empty for a worker, and before it listens. */
  url: string;
  process: ChildProcess;
  /** All that it has logged, and what it wrote beside. */
  log: LogLine[];
  output: string[];
  /** Resolves with the first line, past or future, that passes. Rejects when the process ends before. */
  waitForLog(passes: (line: LogLine) => boolean): Promise<LogLine>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code when it has ended and all it wrote is here; null where a signal ended it. */
  ended: Promise<number | null>;
  /** Ends it gently, also where it is frozen; returns its exit code. */
  stop(): Promise<number | null>;
  /** Resolves when it listens, or works. Rejects when it ends before. */
  waitForStart(): Promise<void>;
  /** A client with ADMIN_KEY. */
  readonly admin: Client;
  /** A client with the key of another: who has it, on this server. */
  as(client: Pick<Client, 'key'>): Client;
  /** A new user with a key, which has READ and WRITE unless other scopes are given. */
  user(options?: { scopes?: string[]; role?: 'USER' | 'ADMIN' }): Promise<User>;
};

const CREATE_USER = /* GraphQL */ `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id username } } }`;
const CREATE_KEY = /* GraphQL */ `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;

const ROOT = join(import.meta.dirname, '../..');

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** The arguments of Node with which a script of package.json starts it. */
const argumentsOf = (script = ''): readonly string[] =>
  script
    .split(' ')
    .slice(1)
    .map((argument) => (argument.endsWith('.js') ? join(ROOT, argument) : argument));

/** The arguments of Node by which `npm start` and `npm run server` start it. */
export const START = argumentsOf(scripts.start);
export const START_SERVER = argumentsOf(scripts.server);

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The key that every started server has: its settings name it as BOOTSTRAP_ADMIN_KEY. */
export const ADMIN_KEY = `prl_${'a'.repeat(43)}`;

/** Starts Parley as a user does, in a process of its own on a free port; resolves when it listens, or works. */
export async function startParley(env: Record<string, string>, role?: Role): Promise<Parley> {
  const parley = spawnParley(env, role);
  await parley.waitForStart();
  return parley;
}

/** The same, without waiting for it. */
export function spawnParley(env: Record<string, string>, role?: string, { cwd = process.cwd() } = {}): Parley {
  const child = spawn(process.execPath, [...START, ...(role ? [role] : [])], {
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
      RATE_LIMIT_POINTS: '1000000',
      RESPONSE_CACHE_MB: '0', // tests look at what they wrote past Parley, too; those of the cache have it on
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const log: LogLine[] = [];
  const output: string[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => output.push(line));
  createInterface(child.stderr).on('line', (line) => {
    if (line.startsWith('{')) log.push(JSON.parse(line) as LogLine);
    else output.push(line);
    for (const look of waiting) look();
  });
  const waitForLog = (passes: (line: LogLine) => boolean) =>
    new Promise<LogLine>((resolve, reject) => {
      const look = () => {
        const line = log.find(passes);
        if (line) resolve(line);
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`Parley ended: ${output.join('\n')}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      child.once('close', look);
      look();
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const parley: Parley = {
    url: '',
    process: child,
    log,
    output,
    waitForLog,
    kill: (signal) => void child.kill(signal),
    ended,
    stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        child.kill('SIGCONT');
      }
      return ended;
    },
    async waitForStart() {
      const { url } = await waitForLog(({ msg }) => msg === (role === 'worker' ? 'Parley works' : 'Parley listens'));
      parley.url = url ?? '';
    },
    get admin() {
      return clientOf(parley.url, ADMIN_KEY);
    },
    as: ({ key }) => clientOf(parley.url, key),
    async user({ scopes = ['READ', 'WRITE'], role = 'USER' } = {}) {
      const username = `user-${randomUUID()}`;
      const { user } = (await parley.admin.ask(CREATE_USER, { input: { username, role } })).createUser;
      const input = { name: 'test', scopes, userId: user.id };
      const { secret } = (await parley.admin.ask(CREATE_KEY, { input })).createApiKey;
      return { ...clientOf(parley.url, secret), id: user.id as string, username };
    },
  };
  return parley;
}

/** Sends a signal and waits for the end: the exit code, and how long it took. */
export async function signalAndWait(
  parley: Parley,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; tookMs: number }> {
  const elapsedMs = startStopwatch(parley);
  parley.kill(signal);
  return { code: await parley.ended, tookMs: elapsedMs() };
}

/** The status of a response to GET. */
export const fetchStatus = async ({ url }: Pick<Parley, 'url'>, path: string): Promise<number> =>
  (await fetch(url + path)).status;
