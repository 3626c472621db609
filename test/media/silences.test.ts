import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createEdgeSnapper } from '#domain/episodes/media/snap-edges.ts';
import { type MeasuredSound, measureSound } from '#domain/episodes/media/sound/measure.ts';
import { findSilences } from '#domain/episodes/media/sound/silences.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';

const cleanup = useCleanup();
const RATE = 16_000;
/** Seconds between which nobody speaks. */
const PAUSES = [
  [4, 4.6],
  [9, 10],
  [15.2, 15.45],
  [20, 23],
] as const;

/** Measures 26 s of a voice of so much amplitude with four pauses, over noise of so much, and what else there is at each second. */
async function measure(
  voice: number,
  noise: number,
  musicAt: (second: number) => number = () => 0,
): Promise<MeasuredSound> {
  const samples = Int16Array.from({ length: 26 * RATE }, (_, index) => {
    const at = index / RATE;
    const isPause = PAUSES.some(([from, to]) => at >= from && at < to);
    // Noise that is the same on every run.
    const random = Math.abs((Math.sin(index * 12.9898) * 43_758.5453) % 1) - 0.5;
    const tone = isPause ? 0 : voice * Math.sin(2 * Math.PI * 300 * at);
    return Math.round(32_767 * (noise * random + tone + musicAt(at)));
  });
  const path = join(createDirectory(cleanup), 'sound');
  writeFileSync(path, new Uint8Array(samples.buffer));
  return measureSound(path);
}

it.each([
  ['a voice over noise', 0.3, 0.01],
  ['a quiet voice over noise', 0.02, 0.002],
  ['a voice over much noise', 0.3, 0.2],
  ['a voice over nothing', 0.3, 0],
])('the pauses of %s are found where they are', async (_what, voice, noise) => {
  const silences = findSilences(await measure(voice, noise));
  expect(silences).toHaveLength(PAUSES.length);
  for (const [index, [from, to]] of PAUSES.entries()) {
    expect(Math.abs((silences[index]?.startSeconds ?? 0) - from)).toBeLessThanOrEqual(0.02);
    expect(Math.abs((silences[index]?.endSeconds ?? 0) - to)).toBeLessThanOrEqual(0.02);
  }
});

/** Chords with a beat twice a second, and their own swelling. */
const music = (at: number) =>
  (Math.sin(2 * Math.PI * 220 * at) + Math.sin(2 * Math.PI * 277 * at) + Math.sin(2 * Math.PI * 330 * at)) *
  (0.5 + 0.5 * Math.exp(-6 * (at % 0.5))) *
  (0.8 + 0.2 * Math.sin(at));

it.each([
  ['far under it', 0.01],
  ['half as loud', 0.08],
  ['nearly as loud', 0.11],
])('the pauses of a voice over a bed of music %s are found nearly where they are', async (_what, loud) => {
  const silences = findSilences(await measure(0.5, 0, (at) => loud * music(at)));
  const long = PAUSES.filter(([from, to]) => to - from > 0.3);
  expect(silences.filter(({ startSeconds, endSeconds }) => endSeconds - startSeconds > 0.3)).toHaveLength(long.length);
  for (const [from, to] of long) {
    const found = silences.find(({ startSeconds }) => Math.abs(startSeconds - from) <= 0.1);
    expect(Math.abs((found?.endSeconds ?? 0) - to)).toBeLessThanOrEqual(0.1);
  }
});

it('noise and a voice that cannot be told apart have no pauses', async () => {
  expect(findSilences(await measure(0.05, 0.4))).toEqual([]);
});

it('edges move to a tenth of a second beside speech, by 0.4 s at most, and stay at their words elsewhere', async () => {
  const moveEdges = createEdgeSnapper(findSilences(await measure(0.3, 0.01)));
  const move = (startSeconds: number, endSeconds: number) => {
    const moved = moveEdges({ startSeconds, endSeconds, platform: 'TIKTOK' });
    return [moved.startSeconds, moved.endSeconds].map((second) => Math.round(second * 10) / 10);
  };
  expect(move(10.2, 19.9 + 4)).toEqual([9.9, 23.9]); // no pause begins near 23.9 s
  expect(move(4.8, 19.8)).toEqual([4.5, 20.1]);
  expect(move(4.2, 20.4)).toEqual([4.5, 20.1]);
  expect(move(5, 19.6)).toEqual([5, 19.6]); // half a second away
  expect(move(2, 15.1)).toEqual([2, 15.3]);
});
