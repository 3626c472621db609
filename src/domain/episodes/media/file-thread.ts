import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { type MeasuredSound, measureSound } from './sound/measure.ts';
import { drawWaveform } from './waveforms/draw.ts';

/** Returns the SHA-256 of a local file in hexadecimal. */
async function hash(path: string): Promise<string> {
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(path), sha256);
  return sha256.digest('hex');
}

/** Measures a local file of samples. */
const measure = (path: string): Promise<MeasuredSound> => measureSound(path);

/** Draws peaks as a PNG. */
const draw = (peaks: Int8Array): Promise<Uint8Array> => drawWaveform(peaks);

const tasks = { hash, measure, draw };

/** What the threads for files do. */
export type FileTasks = typeof tasks;

serveTasks(tasks);
