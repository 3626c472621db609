import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';

const ROOT = join(import.meta.dirname, '../..');
const CODEGEN = join(ROOT, 'node_modules/@graphql-codegen/cli/esm/bin.js');

const OPERATION = 'query Newest { conversations(first: 1) { edges { node { createdAt metadata tokensInput } } } }';

let home: string;

/** A front end with one operation. */
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-front-end-'));
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'junction');
  cpSync(join(ROOT, 'schema.graphql'), join(home, 'schema.graphql'));
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(home, 'src'));
  writeFileSync(join(home, 'src/app.ts'), `import { graphql } from './gql';\ngraphql(\`${OPERATION}\`);\n`);
});

afterEach(() => rmSync(home, { recursive: true }));

it('gets times as strings, JSON as unknown and large numbers as numbers by the configuration in the README', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, config] = /```ts\n(\/\/ codegen\.ts.*?)```/s.exec(readme) ?? [];
  writeFileSync(join(home, 'codegen.ts'), config ?? '');
  expect(await runScript(CODEGEN, ['--config', 'codegen.ts', '--silent'], {}, home)).toMatchObject({ code: 0 });
  const types = readFileSync(join(home, 'src/gql/graphql.ts'), 'utf8');
  expect(types).toContain('{ createdAt: string, metadata: unknown, tokensInput: number }');
});
