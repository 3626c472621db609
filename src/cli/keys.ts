import { openLog } from '#adapters/log.ts';
import { loadEnvFile, readConfig } from '#config/config.ts';
import { createAdminKey } from '#domain/accounts/bootstrap.ts';
import { openServices } from '#services.ts';
import { explainError } from './explain-error.ts';

const USAGE = `Usage:
  npm run keys -- create --admin  prints a new key with all scopes, of the user admin (DATABASE_URL, also while servers
                                  run; else the database in DATA_DIR, which nobody else may have open)`;

/** Exit codes: 0 done, 1 failed, 2 wrongly called. */
async function main(args: string[]): Promise<number> {
  if (args.join(' ') !== 'create --admin') {
    console.error(USAGE);
    return 2;
  }
  try {
    loadEnvFile();
    const config = readConfig();
    const { services, close } = await openServices(config, {
      log: openLog(config.logLevel),
      onLost: fail,
      works: false,
    });
    const secret = await createAdminKey(services).finally(close);
    console.log(`${secret}\nIt is shown this once.`);
    return 0;
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): never {
  console.error(explainError(error));
  process.exit(1);
}

process.exitCode = await main(process.argv.slice(2));
