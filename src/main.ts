import { setFlagsFromString } from 'node:v8';
import { type Logger, openLog } from './adapters/log.ts';
import type { App, startApp } from './app.ts';
import { explainError } from './cli/explain-error.ts';
import { type Config, ConfigError, loadEnvFile, readConfig } from './config/config.ts';

/** What this process does, by its argument: `node src/main.ts [server|worker]`, both without one. */
const ROLES = {
  all: { serves: true, works: true },
  server: { serves: true, works: false },
  worker: { serves: false, works: true },
};

/** Just less than the 30 s that Kubernetes waits before it kills a process. */
const SHUTDOWN_DEADLINE_MS = 29_000;

/** V8 doubles the space for new objects when much of it survives, which is its default. */
const NEW_SPACE_GROWS = '--semi-space-growth-factor=2';
const NEW_SPACE_STAYS = '--semi-space-growth-factor=1';

/**
 * V8 lets garbage grow to 1.4 times what is in use, not to four times: under load a server takes some 330 MB instead of 530,
 * and answers about a tenth fewer large queries.
 */
const HEAP_GROWS_LITTLE = '--heap-growing-percent=40';

/**
 * Loads all the rest. On the embedded database, which is there for small machines, without letting the space for new objects
 * grow to the 64 MB that it would then keep.
 */
async function loadApp({ databaseUrl }: Config): Promise<typeof startApp> {
  setFlagsFromString(HEAP_GROWS_LITTLE);
  if (!databaseUrl) setFlagsFromString(NEW_SPACE_STAYS);
  return (await import('./app.ts')).startApp;
}

async function main(): Promise<void> {
  const name = process.argv[2] ?? 'all';
  const role = ROLES[name as keyof typeof ROLES];
  if (!role)
    throw new ConfigError(`There is no role ${JSON.stringify(name)}: say server, worker, or nothing for both.`);
  loadEnvFile();
  const config = readConfig();
  const log = openLog(config.logLevel);
  handleUnhandledRejections(log);
  const starting = loadApp(config).then((startApp) => startApp(config, role, { log, onLost: exitWith }));
  stopOnSignal(starting);
  const { link } = await starting;
  setFlagsFromString(NEW_SPACE_GROWS);
  if (link) process.stdout.write(`${link}\n`);
}

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
function stopOnSignal(starting: Promise<App>): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
    await (await starting).stop();
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
