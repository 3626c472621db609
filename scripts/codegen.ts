import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../codegen.ts';

// Types the operations of tests and benchmarks, as codegen.ts says, when one of them or the API has changed. Called before every npm
// script that needs the types; costs 0.2 s when there is nothing to do.

const root = join(import.meta.dirname, '..');
const [output] = Object.keys(config.generates) as [string];
const stampFile = join(root, output, 'made-from.sha256');
const generators = ['@graphql-codegen/cli', '@graphql-codegen/client-preset', 'graphql'];

const stamp = computeStamp();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) await generate();

/** A hash of everything that the output depends on. */
function computeStamp(): string {
  const documents = config.documents as string[];
  const excluded = documents.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const texts = globSync(
    documents.filter((glob) => !glob.startsWith('!')),
    { cwd: root, exclude: excluded },
  ).sort();
  const packages = generators.map((name) => `node_modules/${name}/package.json`);
  const hash = createHash('sha256');
  for (const file of ['codegen.ts', config.schema as string, ...packages, ...texts])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

async function generate(): Promise<void> {
  const { generate } = await import('@graphql-codegen/cli');
  try {
    await generate({ ...config, cwd: root, silent: true });
    writeFileSync(stampFile, stamp);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
