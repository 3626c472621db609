import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the tests of this suite do not run on this machine. */
    notRunBecause?: string;
  }
}

export type Requirement = keyof typeof REQUIREMENTS;

/** What some tests need beyond `npm ci`: whether it is here, and what to say where it is not. */
const REQUIREMENTS = {
  'docker compose': {
    isHere: () => findOnPath(['docker']) !== null && spawnSync('docker', ['compose', 'version']).status === 0,
    missing: 'no `docker compose`',
    isAlsoMissingInCi: true, // Debian 12 has none
  },
  redis: { isHere: () => Boolean(process.env.TEST_REDIS_URL), missing: 'TEST_REDIS_URL names no Redis' },
  script: {
    isHere: () => process.platform === 'linux' && findOnPath(['script']) !== null,
    missing: 'no `script` of util-linux on the PATH, which gives a process a terminal',
  },
  mount: {
    isHere: () => process.platform === 'linux' && process.getuid?.() === 0 && findOnPath(['mount']) !== null,
    missing: 'only root on Linux can mount a disk that is soon full',
  },
  ffmpeg: {
    isHere: () => findOnPath(['ffmpeg']) !== null && findOnPath(['ffprobe']) !== null,
    missing: 'no `ffmpeg` and `ffprobe` on the PATH',
  },
  pocketsphinx: {
    isHere: () => findOnPath(['ffmpeg']) !== null && findOnPath(['pocketsphinx_continuous']) !== null,
    missing: 'no `ffmpeg` and `pocketsphinx_continuous` on the PATH',
  },
  caddy: { isHere: () => findOnPath(['caddy']) !== null, missing: 'no `caddy` on the PATH' },
  curl: { isHere: () => findOnPath(['curl']) !== null, missing: 'no `curl` on the PATH' },
  promtool: { isHere: () => findOnPath(['promtool']) !== null, missing: 'no `promtool` of Prometheus on the PATH' },
  'systemd-analyze': {
    isHere: () => findOnPath(['systemd-analyze']) !== null,
    missing: 'no `systemd-analyze` of systemd on the PATH',
  },
  chromium: {
    isHere: () => chromiumPath() !== null,
    missing: 'no `chromium` on the PATH, and CHROMIUM_PATH names none',
  },
};

type Need = { isHere(): boolean; missing: string; isAlsoMissingInCi?: boolean };

/** Settings for processes that share the Redis of `describeWith('redis', …)`. */
export const REDIS_ENV = { REDIS_URL: process.env.TEST_REDIS_URL ?? '' };

/**
 * A suite that runs where its requirement is here. Elsewhere the run names its tests at the end as not run
 * (requirements-reporter.ts), except in CI, which requires all that it can have: there it fails.
 */
export function describeWith(requirement: Requirement, name: string, suite: () => void): void {
  const { isHere, missing, isAlsoMissingInCi = false }: Need = REQUIREMENTS[requirement];
  if (isHere()) describe(name, suite);
  else if (process.env.CI && !isAlsoMissingInCi)
    describe(name, () => void it(`needs ${requirement}`, () => expectNothingMissing(missing)));
  else describe(name, { skip: true, meta: { notRunBecause: missing } }, suite);
}

function expectNothingMissing(missing: string): never {
  throw new Error(`CI runs every test, and this machine lacks something: ${missing}.`);
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of the tests: CHROMIUM_PATH, or the first on the PATH. Null where there is none. */
export function chromiumPath(): string | null {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return existsSync(CHROMIUM_PATH) ? CHROMIUM_PATH : null;
  return findOnPath(CHROMIUM_NAMES);
}

function findOnPath(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
