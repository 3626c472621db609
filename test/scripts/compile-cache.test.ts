import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { useProcesses } from '../support/use-parley.ts';

const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });

it('is used again, whichever database was used in between', async () => {
  const CACHE_DIRECTORY = mkdtempSync(join(tmpdir(), 'parley-cache-'));
  onTestFinished(() => rmSync(CACHE_DIRECTORY, { recursive: true }));
  const env = { CACHE_DIRECTORY, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  for (const { start } of [postgres, embedded]) await (await start(undefined, env)).stop();
  for (const { start } of [postgres, embedded]) {
    const parley = await start(undefined, env);
    await parley.stop();
    const count = (outcome: string) => parley.output.filter((line) => line.includes(outcome)).length;
    expect(count('was accepted')).toBeGreaterThan(1_000);
    // What is compiled later than at the start may have been so with other flags.
    expect(count('was rejected')).toBeLessThan(50);
  }
});
