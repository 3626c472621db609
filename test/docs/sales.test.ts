import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { useMovedClock } from '../support/moved-clock.ts';
import { describeWith } from '../support/requirements.ts';
import { useProcesses } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The blocks of shell commands of a section. */
async function readBlocks(document: string, section: string): Promise<string[]> {
  const [, text = ''] = (await readFile(join(ROOT, document), 'utf8')).split(`## ${section}\n`);
  return [...(text.split(/^## /m)[0] ?? '').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** At noon in Israel, as the window of the commands is closed for the last minute of a day; tomorrow, so that today is past. */
const TOMORROW = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);

describeWith('curl', 'the first campaign of docs/sales.md', () => {
  const app = useProcesses({ on: 'embedded' });
  const cleanup = useCleanup();
  const clock = useMovedClock(`${TOMORROW}T10:00:00Z`);

  it('calls its leads at any hour, with the settings and commands as they are pasted', async () => {
    const [startCommand = '', ...commands] = await readBlocks('docs/sales.md', 'A first campaign');
    const settings = Object.fromEntries(
      [...startCommand.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    const parley = await app.start(undefined, { ...settings, ...clock.env });
    const [helpers] = (await readBlocks('README.md', 'Five minutes')).filter((block) => block.includes('last_id()'));
    const script = [helpers, ...commands].join('\n').replaceAll('http://127.0.0.1:4000', parley.url);
    const env = { PATH: process.env.PATH, KEY: parley.admin.key };
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script], { cwd: createDirectory(cleanup), env });
    expect(stderr).toBe('');
    expect(stdout).not.toContain('"errors":[{"message"');
    expect(stdout).toContain('"created":3');
    expect(stdout.match(/"allowed":true/g)).toHaveLength(3);
    expect(stdout).toContain('"status":"COMPLETED"');
    const outcomes = [...stdout.matchAll(/"outcome":"(\w+)"/g)].map(([, outcome]) => outcome);
    expect(outcomes.sort()).toEqual(['DO_NOT_CALL', 'MEETING_BOOKED', 'NOT_INTERESTED']);
    expect(stdout).toContain('מחירון החורף החדש');
  });
});
