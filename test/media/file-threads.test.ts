import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { openThreads } from '#adapters/threads/threads.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { drawPart, measureFile } from '#domain/episodes/media/file-threads.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';

const cleanup = useCleanup();

it('a long sound is measured and drawn without holding up the event loop', async () => {
  const threads = openThreads();
  onTestFinished(() => threads.close());
  const deps = { threads, actor: { ...SYSTEM_ACTOR, userId: 'ann' } };
  const path = join(createDirectory(cleanup), 'hour.pcm');
  const loud = new Int16Array(16_000).fill(16_384);
  writeFileSync(path, new Uint8Array(loud.buffer));
  truncateSync(path, 3_600 * 32_000);
  const before = performance.eventLoopUtilization();
  const measured = await measureFile(deps, path);
  const [whole, second] = [
    await drawPart(deps, measured, { startSeconds: 0, endSeconds: 3_600 }),
    await drawPart(deps, measured, { startSeconds: 1, endSeconds: 2 }),
  ];
  const { utilization } = performance.eventLoopUtilization(before);
  expect(measured).toMatchObject({ seconds: 3_600, samples: 57_600_000 });
  expect([measured.levels[99], measured.levels[100]]).toEqual([expect.closeTo(-6, 1), -100]);
  for (const png of [whole, second]) expect(Buffer.from(png.subarray(1, 4)).toString()).toBe('PNG');
  expect(utilization).toBeLessThan(0.5); // on the loop it would be near 1
});
