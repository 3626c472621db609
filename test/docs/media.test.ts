import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { describeWith } from '../support/requirements.ts';
import { useParley } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');

describeWith('ffmpeg', 'the service of docs/media.md', () => {
  const app = useParley({ on: 'embedded' });
  const cleanup = useCleanup();

  it('uploads a recording with its transcript, waits for the clips, and downloads one, with a key of its own', async () => {
    const [, code = ''] = /^## A service\n[\s\S]*?^```js\n([\s\S]*?)^```$/m.exec(
      await readFile(join(ROOT, 'docs/media.md'), 'utf8'),
    ) as RegExpExecArray;
    const cwd = createDirectory(cleanup);
    await writeFile(join(cwd, 'first-clip.mjs'), code);
    await symlink(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
    const noise = ['-loglevel', 'error', '-f', 'lavfi', '-i', 'anoisesrc=duration=170:sample_rate=16000', 'talk.mp3'];
    await promisify(execFile)('ffmpeg', noise, { cwd });
    const { createApiKey } = await app.admin.ask(
      'mutation { createApiKey(input: { name: "podcast service", scopes: [READ, WRITE] }) { secret } }',
    );
    const env = { PATH: process.env.PATH, PARLEY_URL: app.parley.url, PARLEY_KEY: createApiKey.secret };
    const args = ['first-clip.mjs', 'talk.mp3', join(ROOT, 'examples/small-machines.vtt')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
    expect(stdout).toMatch(/^.+: clip\.m4a\n$/);
    const { stdout: probed } = await promisify(execFile)(
      'ffprobe',
      ['-loglevel', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', 'clip.m4a'],
      { cwd },
    );
    expect(Number(probed)).toBeGreaterThan(5);
  });
});
