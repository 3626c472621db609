import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { runScript } from '../support/run-script.ts';

const ROOT = join(import.meta.dirname, '../..');

const cleanup = useCleanup();
let home: string;

/** The parts of the project that are generated from, with nothing generated yet. */
beforeEach(() => {
  home = createDirectory(cleanup);
  for (const path of ['prisma', 'prisma.config.ts', 'scripts', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, path), join(home, path), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'junction');
});

/** As an image or a service does it, which know nothing of npm's directories. */
const generate = () => runScript(join(home, 'scripts/generate.ts'), [], { PATH: '/usr/bin:/bin' });
const generatedFile = (name: string) => join(home, 'src/generated', name);

it('generates once when two processes start at once, and not again until a file is missing, or the schema changes', async () => {
  expect(await Promise.all([generate(), generate()])).toEqual([
    { code: 0, output: '' },
    { code: 0, output: '' },
  ]);
  expect(readFileSync(generatedFile('pothos.ts'), 'utf8')).toContain('Conversation');
  const madeAt = () => statSync(generatedFile('prisma/client.ts')).mtimeMs;
  const first = madeAt();
  await generate();
  expect(madeAt()).toBe(first);
  rmSync(generatedFile('pothos.ts'));
  await generate();
  expect(existsSync(generatedFile('pothos.ts'))).toBe(true);
  const second = madeAt();
  appendFileSync(join(home, 'prisma/schema/users.prisma'), 'model Pet {\n  id Int @id\n}\n');
  await generate();
  expect(existsSync(generatedFile('prisma/models/Pet.ts'))).toBe(true);
  expect(madeAt()).toBeGreaterThan(second);
});

it("fails with Prisma's words when the schema is broken, each time", async () => {
  appendFileSync(join(home, 'prisma/schema/users.prisma'), 'model Broken {\n');
  for (const time of [1, 2]) {
    const { code, output } = await generate();
    expect(code, `time ${time}`).toBe(1);
    expect(output).toContain('The Prisma client could not be generated from prisma/schema.');
    expect(output).toContain('users.prisma');
  }
});

it('says what to do where the place cannot be written', async () => {
  writeFileSync(join(home, 'src'), 'not a directory');
  const { code, output } = await generate();
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining(`Run \`node scripts/generate.ts\` in ${home}`),
  });
  expect(output).not.toMatch(/^ +at /m);
});
