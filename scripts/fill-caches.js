// `node scripts/fill-caches.js`: starts Parley once, on a database that is thrown away, so that what compile-cache.js and resolution-cache.js
// keep is there for the first start that somebody waits for. Run as the user that Parley will run as: what is compiled is kept for each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const directory = mkdtempSync(join(tmpdir(), 'parley-first-start-'));
const start = fileURLToPath(new URL('../start.js', import.meta.url));
const env = { PATH: process.env.PATH, CACHE_DIRECTORY: process.env.CACHE_DIRECTORY, DATA_DIR: directory, PORT: '0' };
const parley = spawn(process.execPath, [start], {
  cwd: directory,
  env: { ...env, NODE_ENV: 'production', SHUTDOWN_DELAY_MS: '0' },
  stdio: ['ignore', 'ignore', 'pipe'],
});
const giveUp = setTimeout(() => parley.kill('SIGKILL'), 120_000);
for await (const line of createInterface(parley.stderr)) if (line.includes('"Parley listens"')) parley.kill();
clearTimeout(giveUp);
process.exitCode = parley.exitCode ?? (await once(parley, 'exit'))[0] ?? 1;
rmSync(directory, { recursive: true });
