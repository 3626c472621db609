import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { probeFile } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { makeSpeech, SENTENCES } from '../support/speech.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const Processed = `query ($id: ID!) { episode(id: $id) {
  status durationSeconds contentType mediaUrl waveformUrl error { code message }
  job { id kind status stage message result }
  transcript(first: 50) { edges { node { text startSeconds endSeconds words { text interpolated } } } }
  clips(first: 10) { edges { node { id title startSeconds endSeconds waveformUrl } } }
} }`;

const Render = `mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } clip { status } } }`;
const Decide = 'mutation ($input: SetClipStatusInput!) { setClipStatus(input: $input) { clip { status } } }';
const Rename = 'mutation ($input: UpdateClipInput!) { updateClip(input: $input) { clip { title } } }';
const Trim = 'mutation ($input: TrimClipInput!) { trimClip(input: $input) { clip { waveformUrl } } }';
const Process = 'mutation ($input: ProcessEpisodeInput!) { processEpisode(input: $input) { job { id } } }';
const ClipFiles = 'query ($id: ID!) { clip(id: $id) { status mediaUrl waveformUrl } }';
const JobState = 'query ($id: ID!) { job(id: $id) { status result error { message } } }';

describeWith('pocketsphinx', 'from an upload to a rendered clip', () => {
  const app = useParley({ env: { TRANSCRIBER_MODEL: 'pocketsphinx' } });
  const cleanup = useCleanup();
  let directory: string;
  let speech: Buffer;
  beforeAll(() => {
    directory = createDirectory(cleanup);
    speech = readFileSync(makeSpeech(directory, 'talk.mp3', SENTENCES));
  });

  it('recognises speech, finds clips in it, draws it, and renders one at its loudness', async () => {
    const ann = await app.user();
    const { episodeId, url } = await createUpload(ann, speech.length);
    await patch(ann, url, { offset: 0, body: speech });
    const { episode } = await until(
      () => ann.ask(Processed, { id: episodeId }),
      ({ episode }) => ['READY', 'FAILED'].includes(episode.status),
    );
    expect(episode).toMatchObject({ status: 'READY', error: null, contentType: 'audio/mpeg' });
    expect(episode.durationSeconds).toBeGreaterThan(20);
    expect(episode.job.result).toMatchObject({ transcription: { caveat: 'low accuracy, English, for trying out' } });
    const heard = episode.transcript.edges.map(({ node }: { node: { text: string } }) => node.text).join(' ');
    expect(heard).toMatch(/welcome back|children|dog|father|hours/);
    const png = Buffer.from(await (await fetch(episode.waveformUrl)).arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const kinds = await sql(app.database, 'SELECT DISTINCT kind::text FROM media_files ORDER BY kind');
    expect(kinds).toEqual([{ kind: 'ORIGINAL' }, { kind: 'WAVEFORM' }]);

    const [clip] = episode.clips.edges.map(({ node }: { node: object }) => node);
    const input = { clipId: clip.id, startSeconds: 1, endSeconds: 14 };
    const { renderClip } = await ann.ask(Render, { input });
    expect(renderClip.clip.status).toBe('RENDERING');
    const { job } = await until(
      () => ann.ask(JobState, { id: renderClip.job.id }),
      (state) => ['SUCCEEDED', 'FAILED'].includes(state.job.status),
    );
    expect(job).toMatchObject({ status: 'SUCCEEDED', error: null, result: { warnings: [] } });
    expect(Math.abs(job.result.loudnessLufs + 14)).toBeLessThanOrEqual(0.5);
    expect(job.result.truePeakDb).toBeLessThanOrEqual(-1);
    const rendered = await ann.ask(ClipFiles, { id: clip.id });
    expect(rendered.clip).toMatchObject({ status: 'READY', waveformUrl: expect.any(String) });
    await ann.ask(Rename, { input: { clipId: clip.id, title: 'גשר האותיות' } });
    const { headers } = await fetch(rendered.clip.mediaUrl, { method: 'HEAD' });
    expect(headers.get('content-disposition')).toContain(encodeURIComponent('גשר האותיות.m4a'));
    const file = join(directory, 'clip.m4a');
    writeFileSync(file, Buffer.from(await (await fetch(rendered.clip.mediaUrl)).arrayBuffer()));
    const { format, streams } = probeFile(file);
    expect(Number(format.duration)).toBeCloseTo(13, 1);
    expect(streams).toMatchObject([{ codec_name: 'aac', sample_rate: '48000', channels: 2 }]);

    await ann.ask(Decide, { input: { clipId: clip.id, status: 'APPROVED' } });
    const { trimClip } = await ann.ask(Trim, { input: { clipId: clip.id, startSeconds: 2, endSeconds: 14 } });
    const trimmed = await fetch(trimClip.clip.waveformUrl);
    expect(trimmed.headers.get('content-type')).toBe('image/png');
    const atNewEdges = Buffer.from(await trimmed.arrayBuffer());
    const { processEpisode } = await ann.ask(Process, { input: { episodeId } });
    await until(
      () => ann.ask(JobState, { id: processEpisode.job.id }),
      (state) => state.job.status === 'SUCCEEDED',
    );
    const drawn = await ann.ask(ClipFiles, { id: clip.id });
    expect(drawn.clip).toEqual({ status: 'APPROVED', mediaUrl: expect.any(String), waveformUrl: expect.any(String) });
    expect(drawn.clip.waveformUrl).not.toBe(trimClip.clip.waveformUrl);
    expect(Buffer.from(await (await fetch(drawn.clip.waveformUrl)).arrayBuffer())).toEqual(atNewEdges);
    const others = trimClip.clip.waveformUrl.replace('/2000-', '/1000-');
    expect((await fetch(others)).status).toBe(403);
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', {
      id: episodeId,
    });
    expect((await fetch(trimClip.clip.waveformUrl)).status).toBe(404);
    expect((await ann.ask(ClipFiles, { id: clip.id })).clip.waveformUrl).toBeNull();
  }, 120_000);

  it('says which language it hears where the episode is in another', async () => {
    const ann = await app.user();
    const { episodeId, url } = await createUpload(ann, speech.length);
    await ann.ask(
      'mutation ($id: ID!) { updateEpisode(input: { episodeId: $id, language: "he" }) { episode { id } } }',
      {
        id: episodeId,
      },
    );
    await patch(ann, url, { offset: 0, body: speech });
    const { episode } = await until(
      () => ann.ask(Processed, { id: episodeId }),
      ({ episode }) => ['READY', 'FAILED'].includes(episode.status),
    );
    expect(episode).toMatchObject({ status: 'FAILED', error: { code: 'CONFLICT' } });
    expect(episode.error.message).toContain('hears `en` only');
  });
});
