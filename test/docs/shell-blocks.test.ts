import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

async function readShellLines(): Promise<string[]> {
  const texts: string[] = [];
  for await (const file of glob(['*.md', '{docs,deploy,examples}/**/*.md'], { cwd: ROOT }))
    texts.push(await readFile(join(ROOT, file), 'utf8'));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^```(?:sh|bash)\n(.*?)^```$/gms)]);
  return blocks.flatMap(([, commands = '']) => commands.split('\n'));
}

it('shell blocks have no comments, which zsh, the shell of macOS, does not take where they are pasted', async () => {
  const lines = await readShellLines();
  expect(lines).toContain('npm ci && npm start');
  expect(lines.filter((line) => /(?:^|\s)#/.test(line))).toEqual([]);
});
