import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPocketSphinx } from '#adapters/transcriber/pocketsphinx.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { until } from '../support/until.ts';

const cleanup = useCleanup();

it('PocketSphinx gets its speech as a file, and ends where its job is cancelled', async () => {
  const directory = createDirectory(cleanup);
  const [program, speech] = [join(directory, 'pocketsphinx'), join(directory, 'speech.wav')];
  // It may write nothing, so an empty file says by its name that it works on the right one, and as which process.
  writeFileSync(program, `#!/bin/sh\n[ "$2" = ${speech} ] && : > ${directory}/begun.$$\nexec sleep 60\n`, {
    mode: 0o755,
  });
  const cancel = new AbortController();
  const transcribing = openPocketSphinx(program).transcribe(speech, { language: 'en', signal: cancel.signal });
  const ended = transcribing.catch((error: unknown) => error);
  const [begun = ''] = await until(
    async () => readdirSync(directory).filter((name) => name.startsWith('begun.')),
    (names) => names.length > 0,
  );
  const reason = new Error('cancelled');
  cancel.abort(reason);
  expect(await ended).toBe(reason);
  expect(() => process.kill(Number(begun.split('.')[1]), 0)).toThrow('ESRCH');
});
