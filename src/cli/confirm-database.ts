import { addressOf } from '#adapters/database/dump/server-databases.ts';
import type { Config } from '#config/config.ts';
import { type Options, print, textOption } from './command.ts';
import { confirmName } from './confirm-name.ts';

/** The option that names the database if there is no terminal. */
export const DATABASE_OPTION = { database: { type: 'string' } } as const;

/** The database that a command acts on: its host, or that it is embedded, and the name with which the operator confirms it. */
const placeOf = ({ databaseUrl, dataDir }: Config) =>
  databaseUrl ? addressOf(databaseUrl) : { host: 'embedded', name: dataDir };

/** Prints which database a command acts on. */
export function showDatabase(config: Config): void {
  const { host, name } = placeOf(config);
  print(`The database: ${name} (${host})`);
}

/** Throws Refused unless the database that was shown is confirmed, by --database or on a terminal. */
export async function confirmDatabase(config: Config, options: Options): Promise<void> {
  await confirmName(placeOf(config).name, textOption(options, 'database'), 'database');
}
