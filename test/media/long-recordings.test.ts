import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { makeSound, makeWithFfmpeg } from '../support/media.ts';
import { residentBytes } from '../support/proc.ts';
import { describeWith } from '../support/requirements.ts';
import { startTranscriber, timedJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const State = 'query ($id: ID!) { episode(id: $id) { status durationSeconds } }';

describeWith('ffmpeg', 'a long recording', async () => {
  const cleanup = useCleanup();
  const transcriber = await startTranscriber();
  const processes = useProcesses({ env: transcriber.env });

  it('of an hour, whose sound has 115 MB, takes less than 200 MB of a worker beyond what one of two minutes does', async () => {
    const directory = createDirectory(cleanup);
    const minute = join(directory, 'minute.flac');
    makeSound('aevalsrc=0.3*sin(1885*t)*lt(mod(t\\,20)\\,18):s=8000:d=60', minute);
    const loop = (times: number) => {
      const path = join(directory, 'long.flac');
      makeWithFfmpeg('-stream_loop', String(times - 1), '-i', minute, '-c:a', 'flac', path);
      return readFileSync(path);
    };
    transcriber.answer((_request, piece) => ({
      body: timedJson(
        Array.from({ length: 12 }, (_, index) => [`This is what number ${piece * 12 + index} is.`, 5 * index]),
      ),
    }));
    const [server, worker] = [await processes.start('server'), await processes.start('worker')];
    const ann = await server.user();
    await process(ann, loop(2));
    const before = residentBytes(worker.process);
    let most = before;
    await process(ann, loop(60), () => {
      most = Math.max(most, residentBytes(worker.process));
    });
    expect(transcriber.requests.length).toBeGreaterThan(12);
    expect((most - before) / 1e6).toBeLessThan(200);
  }, 180_000);
});

/** Uploads a recording, and looks while it is processed. */
async function process(owner: Client, recording: Buffer, look = () => {}): Promise<void> {
  const { episodeId, url } = await createUpload(owner, recording.length, 'long.flac');
  await patch(owner, url, { offset: 0, body: recording });
  const { episode } = await until(
    async () => {
      look();
      return owner.ask(State, { id: episodeId });
    },
    ({ episode }) => ['READY', 'FAILED'].includes(episode.status),
  );
  expect(episode.status).toBe('READY');
}
