import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { readCaption } from '../support/frames.ts';
import { bearer } from '../support/http.ts';
import { followToEnd } from '../support/jobs.ts';
import { makeSound, measureLufs, probeFile } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { startTranscriber, timedJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { beginPatch, createUpload, EpisodeState, head, listStored, sha256 } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const Processed = `query ($id: ID!) { episode(id: $id) { status job { id }
  clips(first: 1) { edges { node { id startSeconds endSeconds score } } }
} }`;
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const ClipFile = 'query ($id: ID!) { clip(id: $id) { status mediaUrl } }';

/** What the transcriber hears in the two halves of the recording, each sentence for two seconds, and where these begin. */
const FIRST = [
  ['We found a house.', 1],
  ['It had seven rooms.', 4],
  ['And who lived there?', 8],
] as const;
const SECOND = [
  ['Nobody ever did.', 1],
  ['It was a stage set.', 5],
  ['Then the roof fell.', 9],
] as const;
const SECOND_FROM = 19.75;
const UPRIGHT = { width: 1_080, height: 1_920 };

describeWith('ffmpeg', 'from an upload that breaks off to a clip with captions', async () => {
  const cleanup = useCleanup();
  const directory = createDirectory(cleanup);
  /** Each run of ffmpeg leaves its arguments in a line here. */
  const runs = join(directory, 'runs');
  const program = join(directory, 'ffmpeg');
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${runs}\nexec ffmpeg "$@"\n`, { mode: 0o755 });
  const transcriber = await startTranscriber();
  const processes = useProcesses({ env: { ...transcriber.env, FFMPEG_PATH: program, JOB_LEASE_MS: '10000' } });
  const decodings = () =>
    readFileSync(runs, 'utf8')
      .split('\n')
      .filter((line) => line.includes('-f s16le'));

  /** Sends half of a file over a connection that breaks, and the rest as tus-js-client goes on. */
  async function upload(owner: Client, recording: Buffer): Promise<string> {
    const { episodeId, url } = await createUpload(owner, recording.length, 'talk.wav');
    const cut = beginPatch(owner, url, { offset: 0, length: recording.length });
    cut.write(recording.subarray(0, recording.length / 2));
    await until(
      async () => (await owner.ask(EpisodeState, { id: episodeId })).episode.receivedBytes,
      (received) => received > 0,
    );
    cut.destroy();
    const offset = Number((await head(owner, url)).headers['upload-offset']);
    expect(offset).toBeGreaterThan(0);
    const sent: number[] = [];
    await new Promise<void>((resolve, reject) => {
      new tus.Upload(recording, {
        uploadUrl: url,
        headers: bearer(owner.key),
        onProgress: (bytes) => sent.push(bytes),
        onSuccess: () => resolve(),
        onError: reject,
      }).start();
    });
    expect(Math.min(...sent)).toBeGreaterThanOrEqual(offset);
    return episodeId;
  }

  it('is done once each though its process is killed, is what was said, and leaves no stray file', async () => {
    // Twelve seconds of a voice, eight of silence, and fifteen of a voice that is lower: two pieces.
    const recording = makeSound('aevalsrc=sin(1885*t)*(0.1*lt(t\\,12)+0.03*gt(t\\,20)):d=35', ...['-f', 'wav', '-']);
    const first = await processes.start();
    const ann = await first.user();
    transcriber.answer(({ seconds }) => (seconds < 13 ? { body: timedJson(FIRST) } : 'silence'));
    const id = await upload(ann, recording);
    await until(
      () => sql(processes.database, 'SELECT 1 FROM heard_pieces'),
      (rows) => rows.length === 1,
    );
    first.kill('SIGKILL');
    await first.ended;
    const decodedBefore = decodings().length;
    expect(decodedBefore).toBeGreaterThan(0);
    transcriber.requests.length = 0;
    transcriber.answer(() => ({ body: timedJson(SECOND) }));

    const second = await processes.start();
    const owner = second.as(ann);
    const { episode } = await until(
      () => owner.ask(Processed, { id }),
      ({ episode }) => ['READY', 'FAILED'].includes(episode.status),
    );
    expect(episode.status).toBe('READY');
    expect(await followToEnd(owner, episode.job.id)).toMatchObject({ status: 'SUCCEEDED', attempt: 2 });
    expect(transcriber.requests.map(({ seconds }) => Math.round(seconds))).toEqual([15]);
    expect(decodings()).toHaveLength(decodedBefore);

    const [{ node: clip }] = episode.clips.edges;
    expect(clip.score).toBeGreaterThan(0);
    const edges = { startSeconds: clip.startSeconds - 0.5, endSeconds: clip.startSeconds + 12 };
    const input = { clipId: clip.id, ...edges, vertical: true, burnCaptions: true };
    const { renderClip } = await owner.ask(Render, { input });
    expect(await followToEnd(owner, renderClip.job.id)).toMatchObject({
      status: 'SUCCEEDED',
      result: { warnings: [] },
    });
    const path = join(directory, 'clip.mp4');
    const { mediaUrl } = (await owner.ask(ClipFile, { id: clip.id })).clip;
    writeFileSync(path, Buffer.from(await (await fetch(mediaUrl)).arrayBuffer()));
    expect(Math.abs(Number(probeFile(path).format.duration) - 12.5)).toBeLessThanOrEqual(0.1);
    expect(Math.abs(measureLufs(path) + 14)).toBeLessThanOrEqual(1);
    const said = [...FIRST, ...SECOND.map(([text, from]) => [text, from + SECOND_FROM] as const)];
    const seen = said.filter(([, from]) => from >= edges.startSeconds && from + 2 <= edges.endSeconds);
    expect(seen.length).toBeGreaterThan(0);
    const texts = said.map(([text]) => text);
    for (const [text, from] of seen) {
      const second = from + 1 - edges.startSeconds;
      expect(readCaption({ path, size: UPRIGHT, second }, texts)).toBe(text);
    }

    const dataDir = processes.database.env.DATA_DIR as string;
    const stored = listStored(dataDir);
    const bytes = stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const stats = await fetch(`${second.url}/storage/stats`, { headers: bearer(ann.key) });
    expect(await stats.json()).toMatchObject({ usedBytes: bytes, uploadingBytes: 0, files: stored.length });
    expect(stored.map((file) => file.sha256)).toContain(sha256(recording));
    expect(readdirSync(join(dataDir, 'files', 'scratch'))).toEqual([]);
    const [left] = await sql(
      processes.database,
      `SELECT (SELECT array_agg(kind::text ORDER BY kind::text) FROM media_files) AS kinds,
        (SELECT count(*)::int FROM heard_pieces) AS pieces, (SELECT count(*)::int FROM removed_files) AS removed,
        (SELECT count(*)::int FROM clips) AS clips`,
    );
    const { clips, ...rest } = left as { clips: number };
    expect(rest).toEqual({
      kinds: ['ORIGINAL', 'RENDER', ...Array(clips + 2).fill('WAVEFORM')],
      pieces: 0,
      removed: 0,
    });
  }, 120_000);
});
