import { openLog } from '#adapters/log.ts';
import { type Config, listSecrets, loadEnvFile, readConfig } from '#config/config.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { openServices } from '#services.ts';
import { explainError } from './explain-error.ts';

/** Returns the settings from `.env` and the environment. */
export function readSettings(): Config {
  loadEnvFile();
  return readConfig();
}

/**
 * Runs `work` for the operator, with the services of a process that is neither server nor worker. With `filesDir`, its files are in that
 * data directory instead of the database's.
 */
export async function withServices<T>(
  config: Config,
  work: (deps: Deps) => Promise<T>,
  { filesDir }: { filesDir?: string } = {},
): Promise<T> {
  const log = openLog(config.logLevel === 'info' ? 'warn' : config.logLevel, listSecrets());
  const { services, close } = await openServices(config, { log, onLost: endLost, works: false, filesDir });
  try {
    return await work({ ...services, actor: SYSTEM_ACTOR });
  } finally {
    await close();
  }
}

function endLost(error: Error): never {
  console.error(explainError(error));
  process.exit(1);
}
