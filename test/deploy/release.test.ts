import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';

const SCRIPT = join(import.meta.dirname, '../../deploy/systemd/parley-release');
const run = promisify(execFile);
const cleanup = useCleanup();

let home: string;
let former: string;

/** A machine with three units on a former release, whose programs write down how they are called, and on which release. */
beforeEach(() => {
  home = createDirectory(cleanup);
  former = join(home, 'releases/former');
  mkdirSync(former, { recursive: true });
  mkdirSync(join(home, 'bin'));
  symlinkSync(former, join(home, 'current'));
  install(
    'git',
    'case $* in *get-url*) echo https://example.com/parley.git ;; *) for folder; do :; done; mkdir -p "$folder" ;; esac',
  );
  install(
    'npm',
    'mkdir -p node_modules/.bin; printf "#!/bin/sh\\n" > node_modules/.bin/node; chmod +x node_modules/.bin/node',
  );
  install('parley', '');
  install(
    'systemctl',
    'case $1 in list-units) printf "%s\\n" "parley-server@4000.service loaded active" "parley-server@4001.service loaded active" "parley-worker@1.service loaded active" ;; esac',
  );
  install('curl', '');
  install('sleep', '');
});

function install(name: string, script: string): void {
  const file = join(home, 'bin', name);
  const noted = `echo "${name} $*, $(basename "$(readlink ${home}/current)" | cut -d - -f 1)" >> ${home}/calls`;
  writeFileSync(file, `#!/bin/sh\n${noted}\n${script}\n`);
  chmodSync(file, 0o755);
}

const release = (env = {}) =>
  run(SCRIPT, ['v2'], { env: { PATH: `${join(home, 'bin')}:${process.env.PATH}`, PARLEY_HOME: home, ...env } });
const calls = (...names: string[]) =>
  readFileSync(join(home, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(name)));

it('restarts each unit on a new folder, when the one before is ready', async () => {
  install('curl', `[ -e ${home}/waited ]`);
  install('sleep', `touch ${home}/waited`);
  await release();
  expect(readlinkSync(join(home, 'current'))).toMatch(/\/releases\/v2-\d{14}$/);
  expect(calls('npm', 'parley', 'systemctl restart', 'curl')).toEqual([
    'npm ci --omit=dev --ignore-scripts --no-audit --no-fund, former',
    'npm rebuild --ignore-scripts, former',
    'parley migrate, v2',
    'systemctl restart parley-server@4000.service, v2',
    'curl --silent --fail --max-time 3 --output /dev/null http://127.0.0.1:4000/health/ready, v2',
    'curl --silent --fail --max-time 3 --output /dev/null http://127.0.0.1:4000/health/ready, v2',
    'systemctl restart parley-server@4001.service, v2',
    'curl --silent --fail --max-time 3 --output /dev/null http://127.0.0.1:4001/health/ready, v2',
    'systemctl restart parley-worker@1.service, v2',
    'curl --silent --fail --max-time 3 --output /dev/null http://127.0.0.1:9461/health/ready, v2',
  ]);
});

it('goes back to the former release, and leaves the others there, when one does not become ready', async () => {
  install('curl', 'exit 22');
  await expect(release()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('parley-server@4000.service was not ready'),
  });
  expect(calls('systemctl restart')).toEqual([
    'systemctl restart parley-server@4000.service, v2',
    'systemctl restart parley-server@4000.service, former',
  ]);
  expect(readlinkSync(join(home, 'current'))).toBe(former);
});

it('stays on the former release where packages cannot be installed, or migrations fail', async () => {
  install('npm', 'exit 1');
  await expect(release()).rejects.toMatchObject({ code: 1 });
  expect(calls('parley', 'systemctl')).toEqual([]);
  install(
    'npm',
    'mkdir -p node_modules/.bin; printf "#!/bin/sh\\n" > node_modules/.bin/node; chmod +x node_modules/.bin/node',
  );
  install('parley', 'exit 1');
  await expect(release()).rejects.toMatchObject({ stderr: expect.stringContaining('The migrations failed') });
  expect(calls('systemctl')).toEqual([]);
  expect(readlinkSync(join(home, 'current'))).toBe(former);
});
