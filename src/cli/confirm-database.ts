import { databaseNameOf } from '#adapters/database/dump/server-databases.ts';
import type { Config } from '#config/config.ts';
import { type Options, print, textOption } from './command.ts';
import { confirmName } from './confirm-name.ts';

/** The option that names the database, where no terminal is asked. */
export const DATABASE_OPTION = { database: { type: 'string' } } as const;

/** Where a command acts: the host, or that the database is embedded, and the name by which an operator says that they mean it. */
const placeOf = ({ databaseUrl, dataDir }: Config) =>
  databaseUrl
    ? { host: new URL(databaseUrl).host || 'the local socket', name: databaseNameOf(databaseUrl) }
    : { host: 'embedded', name: dataDir };

/** Prints on which database a command acts. */
export function showDatabase(config: Config): void {
  const { host, name } = placeOf(config);
  print(`The database: ${name} (${host})`);
}

/** Throws Refused unless the database that was shown is named, by --database or on a terminal. */
export async function confirmDatabase(config: Config, options: Options): Promise<void> {
  await confirmName(placeOf(config).name, textOption(options, 'database'), 'database');
}
