import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const START = join(import.meta.dirname, '../../start.js');
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

it('any other starts, in the role that is named', async () => {
  await expect(promisify(execFile)(process.execPath, [START, 'gardener'])).rejects.toMatchObject({
    code: 1,
    stderr: 'There is no role "gardener": say server, worker, or nothing for both.\n',
  });
});
