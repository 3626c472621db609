import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { startTranscriber, timedJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const State = `query ($id: ID!) { episode(id: $id) {
  status job { status attempt error { code message } } clips(first: 1) { edges { node { id } } }
} }`;
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const JobState = 'query ($id: ID!) { job(id: $id) { status attempt error { code message } } }';
const NO_ROOM = { code: 'UNAVAILABLE', message: expect.stringContaining('no room left') };

describeWith('ffmpeg', 'jobs on a disk that is full', () => {
  describeWith('mount', 'that has room again later', async () => {
    const cleanup = useCleanup();
    const transcriber = await startTranscriber();
    const processes = useProcesses({ env: transcriber.env });
    const said = [
      ['Seven letters lay there.', 1],
      ['How had they come?', 5],
      ['Nobody knew that hand.', 9],
      ['Who had written them?', 13],
    ] as const;

    it('wait for it, leave no halves, and hold up no reads', async () => {
      const directory = createDirectory(cleanup);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=70m', 'tmpfs', directory]);
      const resize = (size: string) => execFileSync('mount', ['-o', `remount,size=${size}`, directory]);
      transcriber.answer(() => ({ body: timedJson(said) }));
      const parley = await processes.start(undefined, { DATA_DIR: directory });
      cleanup.defer(() => execFileSync('umount', ['-l', directory]));
      const ann = await parley.user();
      const recording = makeSound('aevalsrc=0.3*sin(1885*t):d=20', '-f', 'wav', '-');
      const { episodeId: id, url } = await createUpload(ann, recording.length, 'talk.wav');
      expect((await patch(ann, url, { offset: 0, body: recording })).status).toBe(204);
      const scratch = () => readdirSync(join(directory, 'files', 'scratch'));

      const waiting = await until(
        async () => (await ann.ask(State, { id })).episode,
        ({ job }) => job?.error != null,
      );
      expect(waiting).toMatchObject({ status: 'PROCESSING', job: { error: NO_ROOM } });
      expect(scratch()).toEqual([]);
      expect((await ann.ask('{ viewer { username } }')).viewer.username).toBe(ann.username);
      resize('1g');
      const ready = await until(
        async () => (await ann.ask(State, { id })).episode,
        ({ status }) => status !== 'PROCESSING', // read before its job, so that has ended, too
      );
      expect(ready).toMatchObject({ status: 'READY', job: { status: 'SUCCEEDED' } });

      resize('70m');
      const input = { clipId: ready.clips.edges[0].node.id };
      const { renderClip } = await ann.ask(Render, { input });
      const jobOf = async () => (await ann.ask(JobState, { id: renderClip.job.id })).job;
      expect(await until(jobOf, ({ error }) => error != null)).toMatchObject({ error: NO_ROOM });
      expect(scratch()).toEqual([]);
      resize('1g');
      expect(await until(jobOf, ({ status }) => ['SUCCEEDED', 'FAILED'].includes(status))).toMatchObject({
        status: 'SUCCEEDED',
        error: null,
      });
    }, 120_000);
  });
});
