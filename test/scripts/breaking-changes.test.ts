import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/breaking-changes.ts');
const directory = mkdtempSync(join(tmpdir(), 'parley-schema-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
const released = file('released.graphql', 'type Query { a: Int b: Int }');
const compare = (current: string, notes = '') =>
  runScript(SCRIPT, [released, file('current.graphql', current), file('notes.md', notes)], {});

it('lets additions through, and breaking changes with a note', async () => {
  expect((await compare('type Query { a: Int b: Int c: Int }')).code).toBe(0);
  expect((await compare('type Query { a: Int }', '- Query.b was removed.: ask for a')).code).toBe(0);
});

it('fails on a breaking change without a note, and says which', async () => {
  const { code, output } = await compare('type Query { a: Int! b: String }');
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining('Query.b changed type from Int to String'),
  });
});

it('finds nothing in the schema as it is', async () => {
  expect(await runScript(SCRIPT, [], {})).toMatchObject({ code: 0 });
});
