import { type App, startApp } from './app.ts';
import { loadEnvFile, readConfig } from './config.ts';
import { explain } from './explain.ts';

/** What this process is: `node src/main.ts [server|worker]`; both, where nothing is said. */
const ROLES = { all: { serves: true, works: true }, server: { serves: true, works: false }, worker: { serves: false, works: true } };

const SHUTDOWN_DEADLINE_MS = 29_000;

async function main(): Promise<void> {
  const name = process.argv[2] ?? 'all';
  const role = ROLES[name as keyof typeof ROLES];
  if (!role) throw new Error(`There is no role ${JSON.stringify(name)}: say server, worker, or nothing for both.`);
  loadEnvFile();
  const app = await startApp(readConfig(), role, lost);
  stopOnSignal(app);
  if (app.link) process.stdout.write(`${app.link}\n`);
}

/** The first signal stops gently, the second at once. */
function stopOnSignal(app: App): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
    await app.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop().catch(lost));
}

/** What cannot go on ends with a sentence, not with a stack. */
function lost(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

main().catch(lost);
