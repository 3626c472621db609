import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDiskStore } from '#adapters/files/disk-store.ts';
import { openPocketSphinx } from '#adapters/transcriber/pocketsphinx.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { until } from '../support/until.ts';

const cleanup = useCleanup();

it('PocketSphinx gets its speech in the directory of the attempt, which goes also where its process was killed', async () => {
  const directory = createDirectory(cleanup);
  const program = join(directory, 'pocketsphinx');
  writeFileSync(program, '#!/bin/sh\necho "$2"\nexec sleep 60\n', { mode: 0o755 });
  const scratch = await createDiskStore(directory).openScratch('job.1');
  const list = () => readdirSync(join(directory, 'scratch', 'job.1'));
  const cancel = new AbortController();
  const transcribing = openPocketSphinx(program).transcribe(new Uint8Array(50), {
    ...{ language: 'en', scratch },
    signal: cancel.signal,
  });
  const ended = transcribing.catch((error: unknown) => error);
  await until(
    async () => list(),
    (names) => names.length > 0,
  );
  expect(list()).toEqual(['speech.wav']);
  const reason = new Error('cancelled');
  cancel.abort(reason);
  expect(await ended).toBe(reason);
  expect(list()).toEqual([]);
});
