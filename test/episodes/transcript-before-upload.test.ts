import { describe, expect, it } from 'vitest';
import { MEETING_VTT } from '../support/garden-episode.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { ImportTranscript } from '../support/operations.ts';
import { until } from '../support/until.ts';
import { createUpload, EpisodeState, makeBytes, patch, TUS } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const UPLOADING = '{ episodes(filter: { statuses: [UPLOADING] }) { edges { node { id } } } }';
const PROCESS = 'mutation ($id: ID!) { processEpisode(input: { episodeId: $id }) { job { status } } }';
const CANCEL = { method: 'DELETE' };

async function importBeforeUpload() {
  const ann = await app.user();
  const { episodeId, url } = await createUpload(ann, 1_000, 'ישיבה.mp3');
  await ann.ask(ImportTranscript, { input: { episodeId, format: 'VTT', content: MEETING_VTT } });
  const state = async () => (await ann.ask(EpisodeState, { id: episodeId })).episode;
  const uploading = async () => (await ann.ask(UPLOADING)).episodes.edges.map(({ node }: any) => node.id);
  return { ann, episodeId, url, state, uploading };
}

describe('an episode whose transcript comes before its recording', () => {
  it('is UPLOADING, and not processed, until all bytes have arrived', async () => {
    const { ann, episodeId, url, state, uploading } = await importBeforeUpload();
    expect(await state()).toMatchObject({ status: 'UPLOADING', receivedBytes: 0, sizeBytes: 1_000 });
    expect(await uploading()).toEqual([episodeId]);
    await patch(ann, url, { offset: 0, body: makeBytes(400) });
    const { errors } = await ann.send(PROCESS, { id: episodeId });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/media file .* missing.*DELETE/),
        extensions: { code: 'CONFLICT', status: 'UPLOADING', receivedBytes: 400, sizeBytes: 1_000 },
      },
    ]);
    expect((await state()).job).toBeNull();
    await patch(ann, url, { offset: 400, body: makeBytes(600, 2) });
    const end = await until(state, ({ status }) => status === 'FAILED');
    expect(end).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA' } });
    expect(await uploading()).toEqual([]);

    await ann.ask(ImportTranscript, { input: { episodeId, format: 'VTT', content: MEETING_VTT } });
    const sizeBytes = Buffer.byteLength(MEETING_VTT);
    const ofTranscript = { contentType: 'text/vtt', sizeBytes, receivedBytes: sizeBytes };
    expect(await state()).toMatchObject({ status: 'UPLOADED', ...ofTranscript });
  });

  it('keeps its transcript when the upload is cancelled, and can be processed without a recording', async () => {
    const { ann, episodeId, url, state, uploading } = await importBeforeUpload();
    const bob = await app.user();
    expect((await httpRequest(url, { ...CANCEL, headers: { ...bearer(bob.key), ...TUS } })).status).toBe(404);
    expect((await bob.send(PROCESS, { id: episodeId })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    await patch(ann, url, { offset: 0, body: makeBytes(400) });
    expect(await state()).toMatchObject({ status: 'UPLOADING', receivedBytes: 400 });
    expect((await httpRequest(url, { ...CANCEL, headers: { ...bearer(ann.key), ...TUS } })).status).toBe(204);
    const noFile = { contentType: null, sizeBytes: 0, receivedBytes: 0 };
    const { durationSeconds, ...cancelled } = await state();
    expect(cancelled).toMatchObject({ status: 'UPLOADED', upload: null, ...noFile });
    expect(durationSeconds).toBeGreaterThan(0);
    expect(await uploading()).toEqual([]);
    await ann.ask(PROCESS, { id: episodeId });
    expect((await until(state, ({ status }) => status === 'READY')).mediaUrl).toBeNull();
  });

  it('is deleted with its upload if it has no transcript', async () => {
    const ann = await app.user();
    const { episodeId, url } = await createUpload(ann, 1_000);
    await httpRequest(url, { ...CANCEL, headers: { ...bearer(ann.key), ...TUS } });
    expect((await ann.ask(EpisodeState, { id: episodeId })).episode).toBeNull();
  });
});
