import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { openFfmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import type { TestDatabase } from './databases.ts';
import { sql } from './sql.ts';

/** ffmpeg as a worker runs it. */
export const ffmpeg = openFfmpeg({ ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', maxConcurrent: 1 });

/** Runs ffmpeg to make an input of a test; returns its standard output. */
export function makeWithFfmpeg(...args: string[]): Buffer {
  return execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...args], {
    maxBuffer: 2 ** 28,
  });
}

/** Makes an input of a lavfi source: `makeSound('sine=d=9', path)`. */
export const makeSound = (source: string, ...args: string[]): Buffer =>
  makeWithFfmpeg('-f', 'lavfi', '-i', source, ...args);

/** Returns what ffprobe says of a file. */
export function probeFile(path: string): any {
  return JSON.parse(
    String(
      execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_chapters', path]),
    ),
  );
}

/** Returns the loudness of a whole file in LUFS, as EBU R128 measures it. */
export function measureLufs(path: string): number {
  const { stderr } = spawnSync('ffmpeg', ['-hide_banner', '-nostdin', '-i', path, '-af', 'ebur128', '-f', 'null', '-']);
  return Number(/Integrated loudness:\s+I:\s+(\S+) LUFS/.exec(String(stderr))?.[1]);
}

/** Returns the samples of the left and the right channel of a file at 16 kHz. */
export function readChannels(path: string): [left: Int16Array, right: Int16Array] {
  const bytes = makeWithFfmpeg('-i', path, '-ac', '2', '-ar', '16000', '-f', 's16le', 'pipe:1');
  const both = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return [both.filter((_, index) => index % 2 === 0), both.filter((_, index) => index % 2 === 1)];
}

/** Returns the samples of a file of signed 16-bit ones. */
export function readSamples(path: string): Int16Array {
  const bytes = readFileSync(path);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
}

/** Returns the RMS of samples between two seconds, 0 to 1. */
export function rmsBetween(samples: Int16Array, from: number, to: number, rate = 16_000): number {
  const part = samples.subarray(Math.round(from * rate), Math.round(to * rate));
  return Math.sqrt(part.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / part.length);
}

/** Gives the episode of a clip a recording that was checked, without a file: what mutations need that only look at its row. */
export async function insertRecording(database: TestDatabase, clipId: string): Promise<void> {
  const details = {
    demuxer: 'mp3',
    durationSeconds: 120,
    audio: { index: 0, codec: 'mp3', channels: 1 },
    video: null,
    warnings: [],
  };
  await sql(
    database,
    `INSERT INTO media_files (id, owner_id, episode_id, kind, state, storage_key, content_type, size_bytes, sha256, details)
     SELECT gen_random_uuid(), owner_id, episode_id, 'ORIGINAL', 'STORED', 'aa/' || gen_random_uuid(), 'audio/mpeg', 1, '00', $2
     FROM clips WHERE id = $1`,
    [Buffer.from(clipId, 'base64url').toString().split(':')[1], JSON.stringify(details)],
  );
}

/** Gives a clip the row of a file as a render leaves it, without the file. */
export async function insertRender(database: TestDatabase, clipId: string, burnCaptions: boolean): Promise<void> {
  await sql(
    database,
    `INSERT INTO media_files (id, owner_id, episode_id, clip_id, kind, state, storage_key, content_type, size_bytes, sha256, details)
     SELECT gen_random_uuid(), owner_id, episode_id, id, 'RENDER', 'STORED', 'aa/' || gen_random_uuid(), 'audio/mp4', 1, '00', $2
     FROM clips WHERE id = $1`,
    [Buffer.from(clipId, 'base64url').toString().split(':')[1], JSON.stringify({ input: 'x', burnCaptions })],
  );
}
