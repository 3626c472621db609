import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { FILE_MODE } from '#adapters/files/disk.ts';

/** Bytes before the samples. */
const HEADER_BYTES = 44;

/** Samples in a file: mono, signed, 16 bits, little-endian. `end` is behind the last. */
export type SampleRange = { path: string; firstSample: number; endSample: number; sampleRate: number };

/** Writes samples into a WAV file at `path`, a little at a time. Throws what the disk does, the signal's reason. */
export async function writeWav(
  { path: from, firstSample, endSample, sampleRate }: SampleRange,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await using file = await open(path, 'w', FILE_MODE);
  await file.write(headerOf((endSample - firstSample) * 2, sampleRate));
  const range = { start: firstSample * 2, end: endSample * 2 - 1, signal };
  for await (const bytes of createReadStream(from, range)) await file.appendFile(bytes);
}

function headerOf(bytes: number, sampleRate: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES + bytes - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  return header;
}
