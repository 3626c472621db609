import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { database } = useProcesses();

/** The words by which a unit starts its process, in this checkout and on this Node. */
const ofUnit = (role: string) =>
  (/^ExecStart=(.+)$/m.exec(read(`deploy/systemd/parley-${role}@.service`))?.[1] ?? '')
    .replace('/opt/parley/current/node_modules/.bin/node', process.execPath)
    .replace(/DATA_DIR=\S+ /, '')
    .replace(/PORT=(946)?%i/, (name) => `${name.split('=')[0]}=$PORT`)
    .split(' ');

/** The words by which the image starts one. */
const ofImage = (role: string) => [...JSON.parse(/^ENTRYPOINT (.+)$/m.exec(read('Dockerfile'))?.[1] ?? '[]'), role];

const flagsOf = (words: string[]) => words.filter((word) => word.startsWith('--'));

it.runIf(process.platform === 'linux').each([
  ['server', 'the unit', ofUnit('server'), 'PORT'],
  ['worker', 'the unit', ofUnit('worker'), 'METRICS_PORT'],
  ['server', 'the image', ofImage('server'), 'PORT'],
  ['worker', 'the image', ofImage('worker'), 'METRICS_PORT'],
])(
  'a %s is started by %s itself, with the flags of its npm script, and stops as it should',
  async (role, _by, words, name) => {
    const port = String(await freePort());
    const [command = '', ...args] = words.map((word) => word.replace('$PORT', port));
    const child = spawn(command, args, {
      cwd: ROOT,
      env: {
        PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
        ...database.env,
        ...{ [name]: port, BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, SHUTDOWN_DELAY_MS: '0' },
      },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    try {
      await until(
        () =>
          fetch(`http://127.0.0.1:${port}/health/ready`).then(
            ({ status }) => status,
            () => 0,
          ),
        (status) => status === 200,
      );
      const running = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0');
      const flags = flagsOf(JSON.parse(read('package.json')).scripts[role].split(' '));
      expect(flags).not.toEqual([]);
      expect(flagsOf(running)).toEqual(flags);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  },
  60_000,
);
