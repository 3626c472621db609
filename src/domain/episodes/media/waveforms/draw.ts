import { encodePng } from './png.ts';

/** Pixels. */
const WAVEFORM_SIZE = { width: 1_200, height: 160 };

/** Nothing, and a blue that is seen on white and on black. */
const PALETTE = [
  [0, 0, 0, 0],
  [37, 99, 235, 255],
] as const;

/**
 * Draws a sound, the lowest and the highest sample of each frame (-128 to 127), as a PNG on a transparent ground: a column for each pixel,
 * from its lowest to its highest sample, against the loudest of the picture.
 */
export function drawWaveform(peaks: Int8Array): Promise<Buffer> {
  const { width, height } = WAVEFORM_SIZE;
  const frames = Math.max(1, peaks.length / 2);
  const columns = Array.from({ length: width }, (_, x) =>
    findPeaks(peaks, (frames * x) / width, (frames * (x + 1)) / width),
  );
  const loudest = columns.reduce((most, [low, high]) => Math.max(most, -low, high), 1);
  const pixels = new Uint8Array(width * height);
  const middle = height / 2;
  for (const [x, [low, high]] of columns.entries()) {
    const top = Math.max(0, Math.round(middle - (high / loudest) * middle));
    const bottom = Math.min(height, Math.max(top + 1, Math.round(middle - (low / loudest) * middle)));
    for (let y = top; y < bottom; y += 1) pixels[y * width + x] = 1;
  }
  return encodePng({ width, height, pixels, palette: PALETTE });
}

/** Returns the lowest and the highest peak of the frames between two places, one at least. */
function findPeaks(peaks: Int8Array, from: number, to: number): readonly [low: number, high: number] {
  let [low, high] = [0, 0];
  for (let frame = Math.floor(from); frame < Math.max(Math.ceil(to), Math.floor(from) + 1); frame += 1) {
    low = Math.min(low, peaks[frame * 2] ?? 0);
    high = Math.max(high, peaks[frame * 2 + 1] ?? 0);
  }
  return [low, high];
}
