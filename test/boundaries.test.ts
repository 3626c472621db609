import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules/.bin');

/** For each rule: a file that breaks it, and how. The files that are imported are in PRESENT. */
const BREACHES: [rule: string, file: string, text: string][] = [
  [
    'no-circular',
    'src/domain/text/circle.ts',
    `import type { Half } from './other-half.ts'; export type Whole = Half;`,
  ],
  ['schema-imports-only-what-it-stands-on', 'src/schema/scratch.ts', typeFrom('#loaders/present.ts')],
  ['resolvers-imports-only-what-it-stands-on', 'src/resolvers/scratch.ts', typeFrom('#adapters/present.ts')],
  ['loaders-imports-only-what-it-stands-on', 'src/loaders/scratch.ts', typeFrom('#resolvers/present.ts')],
  ['domain-imports-only-what-it-stands-on', 'src/domain/jobs/scratch.ts', typeFrom('#worker/present.ts')],
  ['adapters-imports-only-what-it-stands-on', 'src/adapters/scratch.ts', typeFrom('#domain/core/present.ts')],
  ['http-imports-only-what-it-stands-on', 'src/http/scratch.ts', typeFrom('#worker/present.ts')],
  ['worker-imports-only-what-it-stands-on', 'src/worker/scratch.ts', typeFrom('#services.ts')],
  ['cli-imports-only-what-it-stands-on', 'src/cli/scratch.ts', typeFrom('#http/present.ts')],
  ['config-imports-only-what-it-stands-on', 'src/config/scratch.ts', typeFrom('#adapters/present.ts')],
  ['domain-core-imports-only-upwards', 'src/domain/core/scratch.ts', typeFrom('#domain/live/present.ts')],
  ['domain-live-imports-only-upwards', 'src/domain/live/scratch.ts', typeFrom('#domain/changes/present.ts')],
  ['domain-changes-imports-only-upwards', 'src/domain/changes/scratch.ts', typeFrom('#domain/text/present.ts')],
  ['domain-text-imports-only-upwards', 'src/domain/text/scratch.ts', typeFrom('#domain/webhooks/present.ts')],
  ['domain-webhooks-imports-only-upwards', 'src/domain/webhooks/scratch.ts', typeFrom('#domain/jobs/present.ts')],
  ['domain-jobs-imports-only-upwards', 'src/domain/jobs/downwards.ts', typeFrom('#domain/accounts/present.ts')],
  ['domain-accounts-imports-only-upwards', 'src/domain/accounts/scratch.ts', typeFrom('#domain/health/present.ts')],
  ['domain-health-imports-only-upwards', 'src/domain/health/scratch.ts', typeFrom('#domain/memories/present.ts')],
  ['domain-memories-imports-only-upwards', 'src/domain/memories/scratch.ts', typeFrom('#domain/episodes/present.ts')],
  ['domain-episodes-imports-only-upwards', 'src/domain/episodes/scratch.ts', typeFrom('#domain/search/present.ts')],
  ['domain-search-imports-only-upwards', 'src/domain/search/scratch.ts', typeFrom('#domain/conversations/present.ts')],
  [
    'domain-conversations-imports-only-upwards',
    'src/domain/conversations/scratch.ts',
    typeFrom('#domain/sales/present.ts'),
  ],
  ['domain-sales-imports-only-upwards', 'src/domain/sales/scratch.ts', typeFrom('#domain/operations/present.ts')],
  ...['text', 'segments', 'words', 'speakers', 'sentences', 'formats', 'corrections'].map(
    (folder, index, folders): [string, string, string] => [
      `transcripts-${folder}-imports-only-upwards`,
      `src/domain/episodes/transcripts/${folder}/scratch.ts`,
      typeFrom(`#domain/episodes/transcripts/${folders[index + 1] ? `${folders[index + 1]}/` : ''}present.ts`),
    ],
  ),
  ['every-folder-of-the-domain-has-a-place', 'src/domain/attic/scratch.ts', typeFrom('#domain/core/present.ts')],
  ['nobody-imports-main', 'src/http/main-again.ts', `import '#main.ts';`],
  ['graphql-stays-at-the-edge', 'src/domain/core/graphql.ts', `export { GraphQLError } from 'graphql';`],
  ['settings-are-handed-over', 'src/domain/core/settings.ts', `export { present } from '#config/present.ts';`],
];

const PRESENT = [
  ...['schema', 'resolvers', 'loaders', 'adapters', 'http', 'worker', 'config'].map((room) => `${room}/present.ts`),
  ...[
    'core',
    'live',
    'webhooks',
    'changes',
    'text',
    'jobs',
    'accounts',
    'health',
    'memories',
    'episodes',
    'search',
    'conversations',
  ].map(inDomain),
  ...['sales', 'operations'].map(inDomain),
  ...['segments/', 'words/', 'speakers/', 'sentences/', 'formats/', 'corrections/', ''].map(
    (folder) => `domain/episodes/transcripts/${folder}present.ts`,
  ),
  'services.ts',
  'main.ts',
];

function inDomain(folder: string): string {
  return `domain/${folder}/present.ts`;
}

function typeFrom(file: string): string {
  return `export type { Present } from '${file}';`;
}

let home: string;
const place = async (file: string, text: string) => {
  await mkdir(dirname(join(home, file)), { recursive: true });
  await writeFile(join(home, file), `${text}\n`);
};
const run = (command: string, args: string[]) =>
  new Promise<string>((resolve) =>
    execFile(join(BIN, command), args, { cwd: home, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stdout)),
  );

/** A small tree with the rooms of src in it, and this repository's rules. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'parley-boundaries-'));
  for (const name of ['package.json', 'tsconfig.json', 'biome.json', '.dependency-cruiser.js'])
    await cp(join(ROOT, name), join(home, name));
  await symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  for (const file of PRESENT) await place(`src/${file}`, 'export type Present = string; export const present = 1;');
});
afterAll(() => rm(home, { recursive: true }));

describe('dependency-cruiser', () => {
  type Rule = { name: string };
  type Summary = { violations: { rule: Rule; from: string }[]; ruleSetUsed: { forbidden: Rule[] } };
  let broken: Summary;
  const cruise = async (): Promise<Summary> =>
    JSON.parse(await run('depcruise', ['src', '--config', '.dependency-cruiser.js', '--output-type', 'json'])).summary;

  beforeAll(async () => {
    expect((await cruise()).violations).toEqual([]);
    for (const [, file, text] of BREACHES) await place(file, text);
    await place('src/domain/text/other-half.ts', `import type { Whole } from './circle.ts'; export type Half = Whole;`);
    await place('src/http/allowed.ts', `import type { Present } from '#config/present.ts'; export type Own = Present;`);
    broken = await cruise();
  });

  it.each(BREACHES)('has a rule %s that finds %s', (rule, file) => {
    expect(broken.violations).toContainEqual(
      expect.objectContaining({ from: file, rule: expect.objectContaining({ name: rule }) }),
    );
  });

  it('finds nothing where an import is allowed', () => {
    const files = new Set(broken.violations.map(({ from }) => from));
    expect(files).toEqual(new Set(BREACHES.map(([, file]) => file)));
  });

  it('has no rule that is not broken here', () => {
    const names = broken.ruleSetUsed.forbidden.map(({ name }) => name);
    expect(BREACHES.map(([rule]) => rule).toSorted()).toEqual(names.toSorted());
  });
});

describe('biome', () => {
  const lint = (file: string) => run('biome', ['lint', '--vcs-enabled=false', '--reporter=json', file]);

  it('finds an import in src that climbs, and takes one that names the room', async () => {
    await place('src/http/ops/climbs.ts', typeFrom('../present.ts'));
    await place(
      'src/http/ops/climbs-higher.ts',
      `import { present } from '../../config/present.ts';\nexport const own = present;`,
    );
    await place('src/http/ops/names-the-room.ts', typeFrom('#http/present.ts'));
    for (const file of ['climbs.ts', 'climbs-higher.ts'])
      expect(await lint(`src/http/ops/${file}`)).toContain('lint/style/noRestrictedImports');
    expect(await lint('src/http/ops/names-the-room.ts')).not.toContain('lint/style/noRestrictedImports');
  });
});
