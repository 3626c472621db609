import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
const app = useParley({ on: 'embedded' });

/** The commands of the first section that ask a server which runs. */
async function readCommands(): Promise<string> {
  const [, section = ''] = (await readFile(join(ROOT, 'README.md'), 'utf8')).split(/^## .*$/m);
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands ?? '');
  return blocks.filter((commands) => !/npm |^export KEY=/.test(commands)).join('\n');
}

describeWith('curl', 'the first section of the README', () => {
  it('has commands that work as they are pasted', async () => {
    const { url, admin } = app.parley;
    const commands = (await readCommands()).replaceAll('http://127.0.0.1:4000', url);
    const env = { PATH: process.env.PATH, KEY: admin.key };
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', commands], { cwd: ROOT, env });
    expect(stderr).toBe('');
    expect(stdout).not.toContain('"errors"');
    expect(stdout).toContain('{"data":{"viewer":{"username":"admin"}');
    expect(stdout).toContain('My dog is called Rex.');
    expect(stdout).toContain('almost no friction');
    expect(stdout).toContain('"status":"SUCCEEDED"');
    expect(stdout).toMatch(/"clips":\{"edges":\[(\{"node":\{"title":"[^"]+","score":0\.\d+,[^{}]+\}\},?){3}\]/);
    await until(
      () => admin.ask('{ searchMemories(query: "what is my dog called?") { found } }'),
      ({ searchMemories }) => searchMemories.found,
    );
  });
});
