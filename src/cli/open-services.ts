import { openLog } from '#adapters/log.ts';
import { type Config, loadEnvFile, readConfig } from '#config/config.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { openServices } from '#services.ts';
import { explainError } from './explain-error.ts';

/** Returns the settings, by `.env` and the environment. */
export function readSettings(): Config {
  loadEnvFile();
  return readConfig();
}

/** Runs `work` with the services of a process that neither serves nor works, for the operator. */
export async function withServices<T>(config: Config, work: (deps: Deps) => Promise<T>): Promise<T> {
  const log = openLog(config.logLevel === 'info' ? 'warn' : config.logLevel);
  const { services, close } = await openServices(config, { log, onLost: endLost, works: false });
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
