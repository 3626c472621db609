import { expect, it } from 'vitest';
import { followToEnd } from '../support/jobs.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const Processed = 'query ($id: ID!) { episode(id: $id) { status clips(first: 1) { edges { node { id } } } } }';
const Render = 'mutation ($id: ID!) { renderClip(input: { clipId: $id }) { job { id } clip { status } } }';
const Read = 'query ($id: ID!) { clip(id: $id) { mediaUrl } }';

describeWith('ffmpeg', 'the file of a clip, on the embedded database', async () => {
  const transcriber = await startTranscriber();
  const app = useParley({ on: 'embedded', env: transcriber.env });

  it('is made from an uploaded recording', async () => {
    transcriber.answer(() => ({ body: verboseJson('we found seven letters in the attic and nobody knows who . yes') }));
    const ann = await app.user();
    const recording = makeSound('aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35', '-f', 'wav', '-');
    const { url, episodeId } = await createUpload(ann, recording.length, 'talk.wav');
    await patch(ann, url, { offset: 0, body: recording });
    const { episode } = await until(
      () => ann.ask(Processed, { id: episodeId }),
      ({ episode }) => episode.status === 'READY',
    );
    const { id } = episode.clips.edges[0].node;
    const { renderClip } = await ann.ask(Render, { id });
    expect(renderClip.clip.status).toBe('RENDERING');
    expect(await followToEnd(ann, renderClip.job.id)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await ann.ask(Read, { id })).clip.mediaUrl).toContain('/media/');
  });
});
