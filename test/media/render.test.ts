import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { renderClip } from '#domain/episodes/media/renders/render.ts';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { grayFrame, hasGap, type Letter, lettersOf, pixelAt } from '../support/frames.ts';
import {
  ffmpeg,
  makeSound,
  makeWithFfmpeg,
  measureLufs,
  probeFile,
  readChannels,
  rmsBetween,
} from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';

const cleanup = useCleanup();
const signal = new AbortController().signal;
let directory: string;
beforeAll(() => {
  directory = createDirectory(cleanup);
});

type Wanted = {
  vertical?: boolean;
  framing?: 'BARS' | 'CROP';
  text?: string;
  saidAt?: [startSeconds: number, endSeconds: number];
  startSeconds?: number;
  endSeconds?: number;
};

/** Renders a part of a video, with a text in its picture where one is given. */
async function render(
  path: string,
  { vertical = false, framing = 'BARS', text, saidAt = [0, 3], startSeconds = 0.5, endSeconds = 2.5 }: Wanted = {},
) {
  const scratchPath = join(directory, 'scratch');
  rmSync(scratchPath, { recursive: true, force: true });
  mkdirSync(scratchPath);
  const { audio, video } = await ffmpeg.probe({ path, demuxer: 'mov' }, { signal });
  if (!audio) throw new Error('The input has no sound.');
  const times = { startSeconds: saidAt[0], endSeconds: saidAt[1] };
  const said = { ...times, text: text ?? '', speaker: null, confidence: null, words: null };
  return renderClip(ffmpeg, {
    ...{ startSeconds, endSeconds, input: { path, demuxer: 'mov' }, audio, video, vertical, framing, signal },
    captions: text === undefined ? null : [said satisfies ParsedSegment],
    scratch: { path: (name) => join(scratchPath, name), remove: async () => {} },
    onProgress: () => {},
  });
}

describeWith('ffmpeg', 'a rendered clip', () => {
  it('is 9:16, tells nothing of its recording, and has its Hebrew in the right order, in the middle of the lower part', async () => {
    const input = join(directory, 'holiday.mp4');
    const chapters = join(directory, 'chapters.txt');
    writeFileSync(
      chapters,
      ';FFMETADATA1\ntitle=At home\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=The kitchen\n',
    );
    makeSound(
      'color=black:s=320x180:d=3:r=10',
      ...['-f', 'lavfi', '-i', 'sine=d=3', '-i', chapters, '-map_metadata', '2', '-map_chapters', '2'],
      ...['-metadata', 'location=+32.08+034.78/', '-movflags', 'use_metadata_tags', '-pix_fmt', 'yuv420p', input],
    );
    const original = probeFile(input);
    expect([original.format.tags.location, original.chapters.length]).toEqual(['+32.0800+034.7800/', 1]);

    const { path, size } = await render(input, { vertical: true, text: 'מה שלומך?' });
    expect(size).toEqual({ width: 1_080, height: 1_920 });
    const { format, streams, chapters: left } = probeFile(path);
    expect(left).toEqual([]);
    expect(Object.keys(format.tags ?? {}).filter((tag) => !/brand|version/.test(tag))).toEqual([]);
    for (const text of ['At home', 'kitchen', '034.78']) expect(readFileSync(path).includes(text)).toBe(false);
    expect(streams.map(({ codec_name }: { codec_name: string }) => codec_name)).toEqual(['h264', 'aac']);

    const letters = lettersOf(path, { width: 1_080, height: 1_920 });
    const [first, last] = [letters[0], letters.at(-1)] as [Letter, Letter];
    expect(letters.length).toBeGreaterThan(4); // some of the eight touch
    expect([hasGap(first), hasGap(last)]).toEqual([true, false]); // the question mark stands at the left
    expect(Math.abs((first.left + last.right) / 2 - 540)).toBeLessThan(20);
    expect(first.left).toBeGreaterThanOrEqual(65);
    for (const { top, bottom } of letters) {
      expect(top).toBeGreaterThan(1_300);
      expect(bottom).toBeLessThan(1_620);
    }
  });

  it('of a telephone that lay on its side stands upright, whole, in the size that is seen', async () => {
    const [lying, input] = [join(directory, 'lying.mp4'), join(directory, 'upright.mp4')];
    makeSound('testsrc=s=320x180:d=3:r=10', '-f', 'lavfi', '-i', 'sine=d=3', '-pix_fmt', 'yuv420p', lying);
    makeWithFfmpeg('-i', lying, '-c', 'copy', '-metadata:s:v', 'rotate=90', input);
    const { path, size } = await render(input);
    expect(size).toEqual({ width: 180, height: 320 });
    const [picture] = probeFile(path).streams;
    expect([picture.width, picture.height, picture.side_data_list]).toEqual([180, 320, undefined]);
  });

  it('of a camera whose pixels are not square is as wide as it is seen, and nobody at its sides is cut off', async () => {
    const input = join(directory, 'camera.mp4');
    const sides = 'drawbox=w=16:c=red:t=fill,drawbox=x=224:w=16:c=red:t=fill,setsar=4/3';
    makeSound(
      'color=black:s=240x180:d=3:r=10',
      ...['-f', 'lavfi', '-i', 'sine=d=3', '-vf', sides, '-pix_fmt', 'yuv420p', input],
    );
    const { path, size } = await render(input);
    expect(size).toEqual({ width: 320, height: 180 });
    const isBright = (x: number) => pixelAt(path, { width: 320, second: 1, x, y: 90 }) > 50;
    expect([4, 160, 315].map(isBright)).toEqual([true, false, true]);
  });

  it('shows at each moment what a player shows of slides: the one that is on at the cut, the next one in its time, the last one to the end', async () => {
    const input = join(directory, 'slides.mp4');
    // A slide every 5 s, each brighter than the last, the last one at 15; the sound goes on.
    makeSound(
      'color=s=64x64:d=20:r=0.2,geq=lum=40+8*T:cb=128:cr=128',
      ...['-f', 'lavfi', '-i', 'sine=d=24', '-pix_fmt', 'yuv420p', input],
    );
    const brightnessAt = (path: string, second: number) => pixelAt(path, { width: 64, second, x: 32, y: 32 });
    const first = brightnessAt(input, 0);
    const step = brightnessAt(input, 5) - first;
    /** Returns which slides are seen at seconds, from 0. */
    const slidesAt = (path: string, seconds: number[]) =>
      seconds.map((second) => Math.round((brightnessAt(path, second) - first) / step));
    const changing = await render(input, { startSeconds: 8.5, endSeconds: 11.5 });
    expect(slidesAt(changing.path, [0.1, 1.3, 1.7, 2.8])).toEqual([1, 1, 2, 2]);
    const behindTheLast = await render(input, { startSeconds: 20.5, endSeconds: 23.5 });
    expect(slidesAt(behindTheLast.path, [0.1, 2.8])).toEqual([3, 3]);
  });

  it('shows braces and backslashes that are said, as letters like others', async () => {
    const input = join(directory, 'black.mp4');
    makeSound('color=black:s=640x360:d=3:r=10', '-f', 'lavfi', '-i', 'sine=d=3', '-pix_fmt', 'yuv420p', input);
    const boxOf = async (text: string) => {
      const letters = lettersOf((await render(input, { text })).path, { width: 640, height: 360 });
      const [top, bottom] = [letters.map((letter) => letter.top), letters.map((letter) => letter.bottom)];
      return [letters[0]?.left, letters.at(-1)?.right, Math.min(...top), Math.max(...bottom)] as number[];
    };
    const plain = await boxOf('(laughs) C:/new /N (/fs90) end');
    const special = await boxOf('{laughs} C:\\new \\N {\\fs90} end');
    for (const [edge, pixels] of plain.entries()) expect(Math.abs(pixels - (special[edge] as number))).toBeLessThan(10);
  });

  it.each([
    'Die Donaudampfschifffahrtsgesellschaft',
    'https://www.example.com/podcasts/archive?id=42',
    'והתחשבנויותיהםוהתחשבנויותיהםוהתחשבנויותיהם',
  ])('shows %s, which is longer than a line, within the picture', async (text) => {
    const input = join(directory, 'black.mp4');
    makeSound('color=black:s=640x360:d=3:r=10', '-f', 'lavfi', '-i', 'sine=d=3', '-pix_fmt', 'yuv420p', input);
    const letters = lettersOf((await render(input, { text, vertical: true })).path, { width: 1_080, height: 1_920 });
    expect(letters[0]?.left).toBeGreaterThanOrEqual(60);
    expect(letters.at(-1)?.right).toBeLessThanOrEqual(1_020);
  });

  it('shows words that take no time by their transcript for long enough to be read', async () => {
    const input = join(directory, 'black.mp4');
    makeSound('color=black:s=640x360:d=3:r=10', '-f', 'lavfi', '-i', 'sine=d=3', '-pix_fmt', 'yuv420p', input);
    const { path } = await render(input, { text: 'Yes.', saidAt: [1.5, 1.5] });
    const seen = [0.8, 1.1, 1.8].map((second) => lettersOf(path, { width: 640, height: 360 }, second).length > 0);
    expect(seen).toEqual([false, true, false]);
  });

  it('of a wide video stands upright whole before blurred bars, or with its middle alone', async () => {
    const input = join(directory, 'wide.mp4');
    // White in the middle, gray at the sides.
    const middle = 'drawbox=x=80:w=160:c=white:t=fill';
    makeSound(
      'color=gray:s=320x180:d=1:r=10',
      ...['-f', 'lavfi', '-i', 'sine=d=1', '-vf', middle, '-pix_fmt', 'yuv420p', input],
    );
    const seen = async (framing: 'BARS' | 'CROP') => {
      const { path, size } = await render(input, { vertical: true, framing, startSeconds: 0, endSeconds: 0.5 });
      expect(size).toEqual({ width: 1_080, height: 1_920 });
      const frame = grayFrame(path, 0.2);
      const at = (x: number, y: number) => frame[y * 1_080 + x] as number;
      return { corner: at(4, 4), side: at(4, 960), middle: at(540, 960) };
    };
    const [bars, crop] = [await seen('BARS'), await seen('CROP')];
    expect(bars.middle).toBeGreaterThan(230);
    expect(Math.abs(bars.side - 128)).toBeLessThan(15); // the side of the video itself
    expect(bars.corner).toBeLessThan(bars.middle - 10); // the white middle, darker, is behind it
    expect(bars.corner).toBeGreaterThan(bars.side + 10);
    for (const pixel of Object.values(crop)) expect(pixel).toBeGreaterThan(230);
  });

  it.each<[what: string, source: string, warnings: unknown[], lufs: number]>([
    [
      'a quiet voice among claps',
      '0.02*sin(1885*t)*lt(mod(t\\,5)\\,4)+0.9*(random(0)-0.5)*lt(mod(t\\,3)\\,0.02)',
      [],
      -14,
    ],
    ['a voice at 96 kHz', '0.9*sin(1885*t):s=96000', [], -14],
    ['silence', '0*t', [expect.stringMatching(/next to no sound .* left alone/)], Number.NEGATIVE_INFINITY],
  ])(
    'of %s is as loud as it can be, at 48 kHz, with no peak above what platforms take',
    async (_what, source, warnings, lufs) => {
      const input = join(directory, 'sound.m4a');
      makeSound(`aevalsrc=${source}:d=16`, input);
      const rendered = await render(input, { startSeconds: 0.5, endSeconds: 15.5 });
      expect(rendered.warnings).toEqual(warnings);
      expect(rendered.loudness.truePeak).toBeLessThanOrEqual(-1);
      const [{ sample_rate: rate, channels }] = probeFile(rendered.path).streams;
      expect([rate, channels]).toEqual(['48000', 2]);
      if (Number.isFinite(lufs)) expect(Math.abs(measureLufs(rendered.path) - lufs)).toBeLessThanOrEqual(0.6);
      else expect(rendered.loudness.integrated).toBe(lufs);
    },
  );

  it('of two channels that would cancel each other out keeps both', async () => {
    const input = join(directory, 'opposite.m4a');
    makeSound('aevalsrc=0.2*sin(1885*t)|-0.2*sin(1885*t):d=13', input);
    const { path } = await render(input, { startSeconds: 0.5, endSeconds: 12.5 });
    expect(Math.abs(measureLufs(path) + 14)).toBeLessThanOrEqual(0.6);
    const [left, right] = readChannels(path);
    const sum = left.map((sample, index) => sample + (right[index] as number));
    expect(rmsBetween(left, 1, 11)).toBeGreaterThan(0.05);
    expect(rmsBetween(sum, 1, 11)).toBeLessThan(0.005);
  });
});
