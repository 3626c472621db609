import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { type FrameSize, grayFrame, hasGap, type Letter, lettersOf, readCaption } from '../support/frames.ts';
import { followToEnd } from '../support/jobs.ts';
import { makeSound, measureLufs, probeFile, readChannels, rmsBetween } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { startTranscriber, timedJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const Processed = 'query ($id: ID!) { episode(id: $id) { status clips(first: 1) { edges { node { id } } } } }';
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const ClipFile = 'query ($id: ID!) { clip(id: $id) { status mediaUrl } }';

/** What is said, and from when on: each for two seconds. */
const SAID = [
  ['Seven letters lay there', 1],
  ['מה שלומך?', 5],
  ['Nobody knew that hand.', 9],
  ['Who had written them?', 13],
] as const;
const ENGLISH = SAID.map(([text]) => text).filter((text) => /^\w/.test(text));
/** Twelve seconds, as short as clips are. */
const CLIP = { startSeconds: 0.5, endSeconds: 12.5 };
const UPRIGHT = { width: 1_080, height: 1_920 };

describeWith('ffmpeg', 'a rendered file', async () => {
  const cleanup = useCleanup();
  const transcriber = await startTranscriber();
  const app = useParley({ env: { ...transcriber.env } });
  let ann: Client;
  let directory: string;
  /** A clip of a video whose middle is gray, but for the lowest part. */
  let video: string;
  beforeAll(async () => {
    directory = createDirectory(cleanup);
    transcriber.answer(() => ({ body: timedJson(SAID) }));
    ann = await app.user();
    const recording = join(directory, 'talk.mp4');
    makeSound(
      'color=black:s=960x540:d=20:r=10',
      ...['-f', 'lavfi', '-i', 'aevalsrc=0.02*sin(1885*t):d=20'],
      ...['-vf', 'drawbox=x=240:w=480:h=400:c=gray:t=fill', '-pix_fmt', 'yuv420p', recording],
    );
    video = await clipOf(readFileSync(recording), 'talk.mp4');
  });

  /** Uploads a recording of 20 s; returns one of the clips that are found in it. */
  async function clipOf(recording: Buffer, filename: string): Promise<string> {
    const { episodeId, url } = await createUpload(ann, recording.length, filename);
    await patch(ann, url, { offset: 0, body: recording });
    const { episode } = await until(
      () => ann.ask(Processed, { id: episodeId }),
      ({ episode }) => ['READY', 'FAILED'].includes(episode.status),
    );
    return episode.clips.edges[0].node.id;
  }

  /** Renders a clip, and fetches its file. */
  async function render(clipId: string, how: { vertical?: boolean; burnCaptions?: boolean; framing?: string } = {}) {
    const { renderClip } = await ann.ask(Render, { input: { clipId, ...CLIP, ...how } });
    const job = await followToEnd(ann, renderClip.job.id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { warnings: [] } });
    const { mediaUrl } = (await ann.ask(ClipFile, { id: clipId })).clip;
    const path = join(directory, 'clip');
    writeFileSync(path, Buffer.from(await (await fetch(mediaUrl)).arrayBuffer()));
    return { path, mediaUrl, result: job.result };
  }

  /** Stereo at the loudness of platforms, as long as the clip, and the same on both sides. */
  function expectSound(path: string): void {
    const { format, streams } = probeFile(path);
    for (const { duration } of [format, ...streams]) expect(Math.abs(Number(duration) - 12)).toBeLessThanOrEqual(0.1);
    expect(streams.find((stream: { codec_type: string }) => stream.codec_type === 'audio')).toMatchObject({
      codec_name: 'aac',
      sample_rate: '48000',
      channels: 2,
    });
    expect(Math.abs(measureLufs(path) + 14)).toBeLessThanOrEqual(1);
    const [left, right] = readChannels(path).map((samples) => rmsBetween(samples, 1, 11)) as [number, number];
    expect(left).toBeGreaterThan(0.05);
    expect(Math.abs(left / right - 1)).toBeLessThan(0.05);
  }

  const sizeOf = (path: string): FrameSize => {
    const { width, height } = probeFile(path).streams.find((stream: { width?: number }) => stream.width);
    return { width, height };
  };

  it('of a video with one channel has each caption while it is said, and nothing else is written into it', async () => {
    const wide = { width: 960, height: 540 };
    const captioned = await render(video, { burnCaptions: true });
    const captionedPath = join(directory, 'captioned.mp4');
    renameSync(captioned.path, captionedPath);
    expect(sizeOf(captionedPath)).toEqual(wide);
    expectSound(captionedPath);
    for (const [text, from] of [SAID[0], SAID[2]])
      for (const second of [from - 0.4, from + 1.3])
        expect(readCaption({ path: captionedPath, size: wide, second }, ENGLISH)).toBe(text);
    const hebrew = lettersOf(captionedPath, wide, 5.5);
    expect([hasGap(hebrew[0] as Letter), hasGap(hebrew.at(-1) as Letter)]).toEqual([true, false]); // "?" at the left

    const again = await render(video, { burnCaptions: true });
    expect(again).toMatchObject({ mediaUrl: captioned.mediaUrl, result: captioned.result });
    const plain = await render(video);
    expect(plain.mediaUrl).not.toBe(captioned.mediaUrl);
    const changesAt = (second: number) => countChanges(captionedPath, plain.path, second);
    for (const second of [0.2, 3.5, 7.5, 11.5]) expect(changesAt(second)).toEqual({ all: 0, below: 0 });
    for (const second of [1, 5.5, 10]) {
      const { all, below } = changesAt(second);
      expect(below).toBeGreaterThan(300);
      expect(all).toBe(below);
    }
  });

  it('of a video is upright, filled with its middle', async () => {
    const { path } = await render(video, { vertical: true, framing: 'CROP' });
    expect(sizeOf(path)).toEqual(UPRIGHT);
    expectSound(path);
    const frame = grayFrame(path, 5);
    for (const x of [40, 540, 1_040]) expect(frame[UPRIGHT.width * 900 + x]).toBeGreaterThan(90);
  });

  it('of two recordings of different formats that were joined has both, each in its time', async () => {
    const [first, second] = [join(directory, 'first.mp3'), join(directory, 'second.mp3')];
    makeSound('sine=f=400:d=6', '-ar', '44100', '-ac', '2', first);
    makeSound('sine=f=800:d=14', '-ar', '48000', '-ac', '1', second);
    const joined = Buffer.concat([readFileSync(first), readFileSync(second)]);
    const clipId = await clipOf(joined, 'joined.mp3');
    const { path } = await render(clipId);
    expectSound(path);
    const [left] = readChannels(path);
    expect([1, 3, 4.5].map((second) => pitchAt(left, second))).toEqual([400, 400, 400]);
    expect([6.5, 9, 11].map((second) => pitchAt(left, second))).toEqual([800, 800, 800]);
    const { clip } = await ann.ask('query ($id: ID!) { clip(id: $id) { episode { durationSeconds } } }', {
      id: clipId,
    });
    expect(Math.abs(clip.episode.durationSeconds - 20)).toBeLessThan(0.4);
  });

  it('that begins while the microphone is off is as loud as others, and silent until it is on', async () => {
    const recording = makeSound('sine=d=20', '-af', 'aselect=lt(t\\,0.3)+gt(t\\,11)', '-f', 'webm', '-');
    const { path } = await render(await clipOf(recording, 'off.webm'));
    expect(Math.abs(measureLufs(path) + 14)).toBeLessThanOrEqual(1);
    const [left] = readChannels(path);
    expect(rmsBetween(left, 0.5, 10.3)).toBeLessThan(0.001);
    expect(rmsBetween(left, 10.7, 11.9)).toBeGreaterThan(0.1);
  });

  it('of a sound of six channels is what its centre says on both sides, and a picture that moves with it', async () => {
    const recording = makeSound(
      'aevalsrc=0|0|0.1*sin(1885*t)*(0.2+0.8*lt(mod(t\\,2)\\,1))|0|0|0:c=5.1:d=20',
      ...['-c:a', 'flac', '-f', 'flac', '-'],
    );
    const clipId = await clipOf(recording, 'six.flac');
    const sound = await render(clipId);
    expect(probeFile(sound.path).streams).toHaveLength(1);
    expectSound(sound.path);
    const audiogram = await render(clipId, { vertical: true, burnCaptions: true });
    expect(sizeOf(audiogram.path)).toEqual(UPRIGHT);
    expectSound(audiogram.path);
    expect(readCaption({ path: audiogram.path, size: UPRIGHT, second: 9.5 }, ENGLISH)).toBe(SAID[2][0]);
    const waveAt = (second: number) => heightOfWave(grayFrame(audiogram.path, second));
    const [loud, quiet] = [[0.2, 2.2, 4.2].map(waveAt), [1.2, 3.2].map(waveAt)];
    expect(Math.min(...loud)).toBeGreaterThan(1.5 * Math.max(...quiet));
    expect(Math.min(...quiet)).toBeGreaterThan(10);
  });
});

/** Counts the pixels that are others at a second than in another file, by more than encoding makes of them: all, and those of the lowest fifth. */
function countChanges(one: string, other: string, second: number) {
  const [before, after] = [grayFrame(one, second), grayFrame(other, second)];
  const counts = { all: 0, below: 0 };
  for (let at = 0; at < before.length; at += 1) {
    if (Math.abs((before[at] as number) - (after[at] as number)) <= 60) continue;
    counts.all += 1;
    if (at >= before.length * 0.8) counts.below += 1;
  }
  return counts;
}

/** Returns the pitch of a tone, to the next ten hertz: it passes zero twice in each of its waves. */
function pitchAt(samples: Int16Array, second: number): number {
  const part = samples.subarray(second * 16_000, (second + 0.5) * 16_000);
  const passes = part.filter((sample, at) => at > 0 && sample < 0 !== (part[at - 1] as number) < 0).length;
  return Math.round(passes / 10) * 10;
}

/** Returns how many pixels high the wave is at the right edge of an audiogram. */
function heightOfWave(frame: Buffer): number {
  const { width, height } = UPRIGHT;
  const column = Array.from({ length: height / 2 }, (_, y) => frame[(height / 4 + y) * width + width - 5] as number);
  return column.filter((gray) => gray > 90).length;
}
