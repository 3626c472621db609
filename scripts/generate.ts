import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// Generates the Prisma client and Pothos' types into src/generated when they are missing or older than the schema.
// Called before every npm script that needs them; costs 10 ms when there is nothing to do, and no network ever.

const root = join(import.meta.dirname, '..');
const generated = join(root, 'src/generated');
const stampFile = join(generated, 'made-from.sha256');
const outputs = ['prisma/client.ts', 'pothos.ts'];
const generators = ['prisma', '@prisma/client', '@pothos/plugin-prisma'];
const LOCK_TIMEOUT_MS = 120_000;

if (!isFresh()) process.exitCode = await generate().catch(explain);

function isFresh(): boolean {
  const complete = [stampFile, ...outputs.map((file) => join(generated, file))].every((file) => existsSync(file));
  return complete && readFileSync(stampFile, 'utf8') === stamp();
}

/** A hash of everything that the output depends on. */
function stamp(): string {
  const schema = readdirSync(join(root, 'prisma/schema'))
    .filter((name) => name.endsWith('.prisma'))
    .sort();
  const sources = schema.map((name) => `prisma/schema/${name}`);
  const packages = generators.map((name) => `node_modules/${name}/package.json`);
  const hash = createHash('sha256');
  for (const file of ['prisma.config.ts', ...sources, ...packages])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** One process at a time generates; the others wait and find it done. The lock ends with its process, even a killed one. */
async function generate(): Promise<number> {
  const { DatabaseSync } = await import('node:sqlite');
  mkdirSync(generated, { recursive: true });
  const lock = new DatabaseSync(join(generated, 'lock'), { timeout: LOCK_TIMEOUT_MS });
  lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  try {
    return isFresh() ? 0 : await runPrisma();
  } finally {
    lock.close();
  }
}

/** As where services may not write what they run. */
function explain({ message }: Error): number {
  console.error(
    `src/generated is missing or older than prisma/schema, and cannot be written: ${message}\nRun \`node scripts/generate.ts\` in ${root} as its owner.`,
  );
  return 1;
}

async function runPrisma(): Promise<number> {
  const { spawnSync } = await import('node:child_process');
  const made = stamp();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: pathOfPackages(), CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  });
  if (status !== 0) {
    console.error(`${stdout}${stderr}\nThe Prisma client could not be generated from prisma/schema.`);
    return 1;
  }
  writeFileSync(stampFile, made);
  return 0;
}

/** Prisma looks there for the generators that schema.prisma names: npm's scripts have it so, an image or a service does not. */
function pathOfPackages(): string {
  return [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
}
