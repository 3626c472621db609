import { readdirSync, readFileSync } from 'node:fs';
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

const State = 'query ($id: ID!) { episode(id: $id) { status durationSeconds error { code message } } }';

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

  it('of ten hours of silence is refused in words, takes next to no memory, and is not kept', async () => {
    const directory = createDirectory(cleanup);
    const [minute, all] = [join(directory, 'minute.mp3'), join(directory, 'all.mp3')];
    makeSound('anullsrc=r=8000:cl=mono', '-t', '60', '-b:a', '8k', minute);
    makeWithFfmpeg('-stream_loop', '599', '-i', minute, '-c', 'copy', all);
    const parley = await processes.start();
    const ann = await parley.user();
    const silence = readFileSync(all);
    const { episodeId: id, url } = await createUpload(ann, silence.length, 'silence.mp3');
    await patch(ann, url, { offset: 0, body: silence });
    const before = residentBytes(parley.process);
    let most = before;
    const { episode } = await until(
      () => {
        most = Math.max(most, residentBytes(parley.process));
        return ann.ask(State, { id });
      },
      ({ episode }) => episode.status === 'FAILED',
    );
    expect(episode.error).toEqual({
      code: 'UNSUPPORTED_MEDIA',
      message: 'This recording is longer than 6 hours; upload it in parts.',
    });
    expect((most - before) / 1e6).toBeLessThan(200);
    expect((await ann.ask('{ storage { usedBytes files } }')).storage).toEqual({ usedBytes: 0, files: 0 });
    const files = join(processes.database.env.DATA_DIR as string, 'files');
    expect(readdirSync(join(files, 'scratch'))).toEqual([]);
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
