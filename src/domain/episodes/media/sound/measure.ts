import { createReadStream } from 'node:fs';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from './pcm.ts';

/** Frames a second: one has a hundredth of a second. */
export const FRAMES_PER_SECOND = 100;
const FRAME_SAMPLES = SAMPLE_RATE / FRAMES_PER_SECOND;

/** A sound in frames: six hours have 2.2 million, in 13 MB. */
export type MeasuredSound = {
  seconds: number;
  samples: number;
  /** RMS of each frame in dB of full scale, MIN_LEVEL_DB for silence. */
  levels: Float32Array;
  /** The lowest and the highest sample of each frame, from -128 to 127. */
  peaks: Int8Array;
};

/** Below what 16 bits can hold. */
export const MIN_LEVEL_DB = -100;

/** Measures a file of samples as it is read, in bounded memory. */
export async function measureSound(path: string): Promise<MeasuredSound> {
  const frames = new FrameList();
  let odd: Buffer = Buffer.alloc(0);
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
    const all = odd.length > 0 ? Buffer.concat([odd, bytes]) : bytes;
    const whole = all.length - (all.length % BYTES_PER_SAMPLE);
    for (let at = 0; at < whole; at += BYTES_PER_SAMPLE) frames.add(all.readInt16LE(at));
    odd = all.subarray(whole);
  }
  return frames.finish();
}

/** Collects samples into frames, in arrays that grow. */
class FrameList {
  #levels = new Float32Array(1_024);
  #peaks = new Int8Array(2_048);
  #count = 0;
  #samples = 0;
  #energy = 0;
  #low = 0;
  #high = 0;

  add(sample: number): void {
    this.#energy += sample * sample;
    if (sample < this.#low) this.#low = sample;
    if (sample > this.#high) this.#high = sample;
    this.#samples += 1;
    if (this.#samples % FRAME_SAMPLES === 0) this.#endFrame(FRAME_SAMPLES);
  }

  finish(): MeasuredSound {
    const rest = this.#samples % FRAME_SAMPLES;
    if (rest > 0) this.#endFrame(rest);
    return {
      seconds: this.#samples / SAMPLE_RATE,
      samples: this.#samples,
      levels: this.#levels.slice(0, this.#count),
      peaks: this.#peaks.slice(0, this.#count * 2),
    };
  }

  #endFrame(samples: number): void {
    if (this.#count === this.#levels.length) this.#grow();
    const rms = Math.sqrt(this.#energy / samples) / 32_768;
    this.#levels[this.#count] = rms > 0 ? Math.max(MIN_LEVEL_DB, 20 * Math.log10(rms)) : MIN_LEVEL_DB;
    this.#peaks[this.#count * 2] = this.#low >> 8;
    this.#peaks[this.#count * 2 + 1] = this.#high >> 8;
    this.#count += 1;
    this.#energy = 0;
    this.#low = 0;
    this.#high = 0;
  }

  #grow(): void {
    const [levels, peaks] = [this.#levels, this.#peaks];
    this.#levels = new Float32Array(levels.length * 2);
    this.#peaks = new Int8Array(peaks.length * 2);
    this.#levels.set(levels);
    this.#peaks.set(peaks);
  }
}
