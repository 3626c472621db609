import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { listStored, makeBytes, sha256 } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Bytes that are no recording stay where nobody can look into them. */
const WITHOUT_FFMPEG = { FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' };
const app = useParley({ on: 'embedded', env: WITHOUT_FFMPEG });

/** The commands of the first section that ask a server which runs. */
async function readCommands(): Promise<string> {
  const [, section = ''] = (await readFile(join(ROOT, 'README.md'), 'utf8')).split(/^## .*$/m);
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands ?? '');
  return blocks.filter((commands) => !/npm |^export KEY=/.test(commands)).join('\n');
}

/** The code of a section in a language, with the address of the server that runs instead of that of an example. */
async function readCode(section: string, language: 'sh' | 'js', example: string): Promise<string[]> {
  const [, text = ''] = (await readFile(join(ROOT, 'README.md'), 'utf8')).split(`## ${section}\n`);
  const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...(text.split(/^## /m)[0] ?? '').matchAll(code)].map(([, block = '']) =>
    block.replaceAll(example, app.parley.url),
  );
}

describeWith('curl', 'the section of the README about recordings', () => {
  const cleanup = useCleanup();
  const recording = makeBytes(300_000, 21);
  const stored = () => listStored(app.database.env.DATA_DIR as string).map((file) => file.sha256);

  it('uploads one with curl, and the rest of one that broke off', async () => {
    const cwd = createDirectory(cleanup);
    await writeFile(join(cwd, 'talk.mp3'), recording);
    const [begin = '', goOn = ''] = await readCode('Upload a recording', 'sh', 'http://127.0.0.1:4000');
    const env = { PATH: process.env.PATH, KEY: app.admin.key };
    const broken = begin.replace('--data-binary @talk.mp3', '--data-binary @half.mp3');
    expect(broken).not.toBe(begin);
    await writeFile(join(cwd, 'half.mp3'), recording.subarray(0, 123_456));
    const { stderr } = await promisify(execFile)('sh', ['-ec', `${broken}\n${goOn}`], { cwd, env });
    expect([stderr, stored()]).toEqual(['', [sha256(recording)]]);
  });

  it('uploads one with tus-js-client', async () => {
    const [code = ''] = await readCode('Upload a recording', 'js', 'https://parley.example.com');
    const bytes = makeBytes(200_000, 23);
    const path = join(createDirectory(cleanup), 'talk.mp3');
    await writeFile(path, bytes);
    const given = `import { readFileSync } from 'node:fs';
      const key = process.env.KEY;
      const file = Object.assign(readFileSync(${JSON.stringify(path)}), { name: 'talk.mp3', size: ${bytes.length} });`;
    const env = { PATH: process.env.PATH, KEY: app.admin.key };
    const args = ['--input-type=module', '-e', `${given}\n${code}`];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
    expect(stdout).toContain('All bytes are there.');
    expect(stored()).toContain(sha256(bytes));
  });
});

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
    expect(stdout).toMatch(/"status":"SUCCEEDED","progress":1,"result":\{[^}]*"conversations":1/);
    expect(stdout).toMatch(/"clips":\{"edges":\[(\{"node":\{"title":"[^"]+","score":0\.\d+,[^{}]+\}\},?){3}\]/);
    await until(
      () => admin.ask('{ searchMemories(query: "what is my dog called?") { found } }'),
      ({ searchMemories }) => searchMemories.found,
    );
  });
});
