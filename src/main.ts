import { setFlagsFromString } from 'node:v8';
import { startEmbeddedDatabase } from './adapters/database/embedded/embedded-database.ts';
import { type Logger, openLog } from './adapters/log.ts';
import type { App, Role } from './app.ts';
import { explainError } from './cli/explain-error.ts';
import { describeFirstKey, describeReady, describeStart, describeStop } from './cli/start-lines.ts';
import {
  type Config,
  ConfigError,
  listSecrets,
  listUnknownVariables,
  loadEnvFile,
  readConfig,
} from './config/config.ts';
import { readPersistedDocuments } from './domain/core/persisted-documents.ts';

/** What this process does, by its argument: `node start.js [server|worker]`, both without one. */
const ROLES = {
  all: { serves: true, works: true, words: 'server and worker in one process' },
  server: { serves: true, works: false, words: 'a server' },
  worker: { serves: false, works: true, words: 'a worker' },
};

/** Just less than the 30 s that Kubernetes waits before it kills a process. */
const SHUTDOWN_DEADLINE_MS = 29_000;

/** V8 doubles the space for new objects when much of it survives: its default, which scripts/v8-flags.js may have changed. */
const NEW_SPACE_GROWS = '--semi-space-growth-factor=2';

/** Loads all the rest, and starts it. The embedded database takes as long to start as that takes to load, so both are done at once. */
async function start(config: Config, role: Role, log: Logger): Promise<App> {
  const { databaseUrl, dataDir, persistedOperations } = config;
  // Before all else, as whoever mistypes it should not have to wait for a database.
  if (role.serves && persistedOperations) await readPersistedDocuments(persistedOperations.file);
  const starting = databaseUrl ? undefined : startEmbeddedDatabase({ dataDir, onLost: exitWith });
  const [{ startApp }, embedded] = await Promise.all([import('./app.ts'), starting]);
  return startApp(config, role, { log, onLost: exitWith, embedded });
}

async function main(): Promise<void> {
  const name = process.argv[2] ?? 'all';
  const role = Object.hasOwn(ROLES, name) ? ROLES[name as keyof typeof ROLES] : undefined;
  if (!role)
    throw new ConfigError(`There is no role ${JSON.stringify(name)}: say server, worker, or nothing for both.`);
  loadEnvFile();
  const config = readConfig();
  assertCompleteRole(config, role);
  const log = openLog(config.logLevel, listSecrets());
  handleUnhandledRejections(log);
  for (const sentence of listUnknownVariables()) log.warn(sentence);
  const isTerminal = process.stdout.isTTY;
  if (isTerminal) tell(describeStart(role.words, config));
  if (isTerminal && config.logLevel === 'info') log.level = 'warn'; // what it says of its start is said in words
  const starting = start(config, role, log);
  stopOnSignal(starting, log);
  const app = await starting;
  setFlagsFromString(NEW_SPACE_GROWS);
  log.level = config.logLevel;
  if (isTerminal) tell(describeReady(app));
  else if (app.firstKey) tell(describeFirstKey(app.url, app.firstKey));
}

/** The embedded database serves one process, so half of Parley has nobody to work with. */
function assertCompleteRole({ databaseUrl }: Config, { serves, works }: Role): void {
  if (databaseUrl || (serves && works)) return;
  throw new ConfigError(
    'A server or worker alone needs DATABASE_URL; without it, `npm start` runs both in one process.',
  );
}

const tell = (lines: string) => process.stdout.write(`${lines}\n`);

/**
 * Logs rejections that nobody handles, and ignores an output whose reader is gone, so that neither ends everybody's
 * requests, sockets and jobs. (An exception that nobody caught stopped its function halfway, so it still ends the
 * process.)
 */
function handleUnhandledRejections(log: Logger): void {
  process.on('unhandledRejection', (reason) =>
    log.error({ err: reason }, 'a promise was rejected, and nobody waited for it'),
  );
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
}

/**
 * The first signal stops the app gracefully, even one that comes while it starts; the second ends the process at once.
 */
function stopOnSignal(starting: Promise<App>, log: Logger): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
    const app = await starting;
    const stopped = app.stop();
    if (process.stdout.isTTY) tell(`\n${describeStop(app.pending())}`);
    else log.info(app.pending(), 'Parley stops');
    await stopped;
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop().catch(exitWith));
}

/** Ends the process with a sentence, not with a stack. */
function exitWith(error: unknown): void {
  process.stderr.write(`${explainError(error)}\n`);
  process.exit(1);
}

main().catch(exitWith);
