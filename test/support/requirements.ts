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
  redis: { isHere: () => Boolean(process.env.TEST_REDIS_URL), missing: 'TEST_REDIS_URL names no Redis' },
  chromium: {
    isHere: () => chromiumPath() !== null,
    missing: 'no `chromium` on the PATH, and CHROMIUM_PATH names none',
  },
};

/** Settings for processes that share the Redis of `describeWith('redis', …)`. */
export const REDIS_ENV = { REDIS_URL: process.env.TEST_REDIS_URL ?? '' };

/**
 * A suite that runs where its requirement is here. Elsewhere the run names its tests at the end as not run
 * (requirements-reporter.ts), except in CI, which requires all: there it fails.
 */
export function describeWith(requirement: Requirement, name: string, suite: () => void): void {
  const { isHere, missing } = REQUIREMENTS[requirement];
  if (isHere()) describe(name, suite);
  else if (process.env.CI) describe(name, () => void it(`needs ${requirement}`, () => expectNothingMissing(missing)));
  else describe(name, { skip: true, meta: { notRunBecause: missing } }, suite);
}

function expectNothingMissing(missing: string): never {
  throw new Error(`CI runs every test, and this machine lacks something: ${missing}.`);
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of the tests: CHROMIUM_PATH, or the first on the PATH. Null where there is none. */
export function chromiumPath(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return existsSync(CHROMIUM_PATH) ? CHROMIUM_PATH : null;
  const candidates = PATH.split(delimiter).flatMap((folder) => CHROMIUM_NAMES.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
