// `node scripts/fill-caches.js`: starts Parley on a database that is thrown away, and on one that does not answer, which is noticed when
// everything is loaded. What compile-cache.js and resolution-cache.js keep is then there for the first start that somebody waits for, on
// either kind of database. Run as the user that Parley will run as: what is compiled is kept for each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const NOWHERE = 'postgresql://127.0.0.1:1/parley';

const directory = mkdtempSync(join(tmpdir(), 'parley-first-start-'));
const start = fileURLToPath(new URL('../start.js', import.meta.url));
const { PATH, CACHE_DIRECTORY } = process.env;

/** Starts Parley, stops it when it listens, and returns its exit code. */
async function run(env) {
  const parley = spawn(process.execPath, [start], {
    cwd: directory,
    env: { PATH, CACHE_DIRECTORY, PORT: '0', NODE_ENV: 'production', SHUTDOWN_DELAY_MS: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const giveUp = setTimeout(() => parley.kill('SIGKILL'), 120_000);
  for await (const line of createInterface(parley.stderr)) if (line.includes('"Parley listens"')) parley.kill();
  clearTimeout(giveUp);
  return parley.exitCode ?? (await once(parley, 'exit'))[0] ?? 1;
}

process.exitCode = await run({ DATA_DIR: directory });
await run({ DATABASE_URL: NOWHERE });
rmSync(directory, { recursive: true });
