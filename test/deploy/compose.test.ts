import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { useProcesses } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILES = ['compose.yaml', 'compose.tls.yaml', 'compose.monitoring.yaml'];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** Tags that compose gives a meaning, as `!override`, are left out. */
const readCompose = (file: string) => parse(read(file).replaceAll(/!(override|reset) /g, ''), { merge: true });

const cleanup = useCleanup();
const run = promisify(execFile);
const { database, start } = useProcesses();

/** What would stop compose, by the schema of its specification: an unknown field, a value of another type, a port that is taken twice. */
function findErrors(text: string): string[] {
  const file = join(createDirectory(cleanup), 'compose.yaml');
  writeFileSync(file, text);
  const linter = new DCLinter({ rules: {}, exclude: [], quiet: false, debug: false });
  const results: { messages: { severity: string; message: string }[] }[] = linter.lintFiles([file], false);
  return results
    .flatMap(({ messages }) => messages)
    .filter(({ severity }) => severity === 'critical')
    .map(({ message }) => message);
}

describe('the files of compose', () => {
  it.each(FILES)('have what the specification of compose knows, where it knows it: %s', (file) => {
    expect(findErrors(read(file))).toEqual([]);
  });

  it('would be refused with a field that is misspelt, or has another type', () => {
    const text = read('compose.yaml');
    expect(findErrors(text.replace('stop_grace_period', 'stop_grace_perod'))).toHaveLength(1);
    expect(findErrors(text.replace('replicas: 2', 'replicas: [2]'))).toHaveLength(1);
  });

  it('name services, volumes, secrets and files that there are', () => {
    const all = FILES.map(readCompose);
    const namesOf = (section: string) => all.flatMap((file) => Object.keys(file[section] ?? {}));
    const services = all.flatMap((file) => Object.values<any>(file.services));
    const sourcesOf = services.flatMap(({ volumes = [] }) => volumes.map((volume: string) => volume.split(':')[0]));
    for (const source of sourcesOf) {
      if (source.startsWith('./')) expect(() => readFileSync(join(ROOT, source)), source).not.toThrow(/ENOENT/);
      else expect(namesOf('volumes')).toContain(source);
    }
    const needed = services.flatMap(({ depends_on = [] }) =>
      Array.isArray(depends_on) ? depends_on : Object.keys(depends_on),
    );
    expect(needed.filter((name) => !namesOf('services').includes(name))).toEqual([]);
    expect(
      services.flatMap(({ secrets = [] }) => secrets).filter((name) => !namesOf('secrets').includes(name)),
    ).toEqual([]);
  });

  describeWith('docker compose', 'for docker compose', () => {
    it.each([['compose.yaml'], ['compose.yaml', 'compose.tls.yaml'], FILES])(
      'are taken together: %s %s %s',
      async (...files) => {
        const env = {
          ...process.env,
          ...{ POSTGRES_PASSWORD: 'abc', BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, METRICS_TOKEN: 'a token of the collector' },
          PUBLIC_URL: 'https://parley.example.com',
        };
        const args = files.filter(Boolean).flatMap((file) => ['--file', join(ROOT, file)]);
        const { stdout } = await run('docker', ['compose', ...args, 'config', '--format', 'json'], { env });
        const { services } = JSON.parse(stdout);
        expect(services.server.environment).toMatchObject({
          DATABASE_URL: 'postgres://parley:abc@postgres:5432/parley',
        });
      },
    );
  });
});

/**
 * The environment that compose gives a server, by a file `.env` (https://docs.docker.com/reference/compose-file/interpolation/): what the file
 * says, and over it what `compose.yaml` decides, in which `${NAME-default}` and the like stand for what the file says.
 */
function environmentOf(settings: Record<string, string>): Record<string, string> {
  const insert = (text: string) =>
    text.replaceAll(/\$\{([A-Z_]+)(:?)([-?])([^}]*)\}/g, (_, name, colon, operator, rest) => {
      const value = settings[name];
      if (value !== undefined && (value !== '' || colon === '')) return value;
      if (operator === '?') throw new Error(`${name}: ${rest}`);
      return rest;
    });
  const decided = Object.entries<string | number>(readCompose('compose.yaml').services.server.environment);
  return { ...settings, ...Object.fromEntries(decided.map(([name, value]) => [name, insert(String(value))])) };
}

const REQUIRED = {
  POSTGRES_PASSWORD: 'abc',
  BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
  METRICS_TOKEN: 'a token of the collector',
};

describe('a server of compose', () => {
  /** Starts it as compose would, but for what only its machine has. */
  async function startWith(settings: Record<string, string>) {
    const directory = createDirectory(cleanup);
    const own = {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: directory,
      BACKUP_DIR: directory,
      DATABASE_URL: database.url,
      SHUTDOWN_DELAY_MS: '0', // no proxy is before it
    };
    const { METRICS_PORT: _, ...environment } = environmentOf({ ...REQUIRED, ...settings });
    return start('server', { ...environment, ...own });
  }
  const nameOfRedis = (log: { msg: string; err?: unknown }[]) =>
    JSON.stringify(log.find(({ msg }) => msg.startsWith('Redis is out of reach')));

  it.each([
    ['its own Redis', {}, 'redis:6379|ENOTFOUND redis|EAI_AGAIN redis'],
    ['another Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, '127.0.0.1:1'],
    [
      'a Redis Cluster',
      { REDIS_URL: '', REDIS_CLUSTER_URLS: 'redis://127.0.0.1:1,redis://127.0.0.1:2' },
      'slots cache|127.0.0.1',
    ],
  ])('starts, and connects to %s', async (_what, settings, where) => {
    const parley = await startWith(settings);
    await parley.waitForLog(({ msg }) => msg.startsWith('Redis is out of reach'));
    expect(nameOfRedis(parley.log)).toMatch(new RegExp(where));
    expect(await parley.stop()).toBe(0);
  });

  it('is not started without the settings that nobody can guess', () => {
    for (const name of Object.keys(REQUIRED)) expect(() => environmentOf({ ...REQUIRED, [name]: '' })).toThrow(name);
  });
});
