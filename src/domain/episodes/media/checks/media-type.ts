import { open } from 'node:fs/promises';
import { UnsupportedMedia } from '#domain/core/errors.ts';
import { hasMp3Frames } from './mp3-frames.ts';

/** What a file is by its content: its media type, and what ffmpeg calls its container. */
export type MediaType = { contentType: string; demuxer: string };

const MP4 = { contentType: 'video/mp4', demuxer: 'mov' };
const MP3 = { contentType: 'audio/mpeg', demuxer: 'mp3' };
const WAV = { contentType: 'audio/wav', demuxer: 'wav' };
const OGG = { contentType: 'audio/ogg', demuxer: 'ogg' };

/** The recordings that are taken, by the extension that their content has. */
const MEDIA_TYPES: Record<string, MediaType> = {
  mp3: MP3,
  m4a: { contentType: 'audio/mp4', demuxer: 'mov' },
  m4b: { contentType: 'audio/mp4', demuxer: 'mov' },
  mp4: MP4,
  m4v: MP4,
  '3gp': MP4, // as many telephones write what they call m4a
  '3g2': MP4,
  f4v: MP4,
  f4a: { contentType: 'audio/mp4', demuxer: 'mov' },
  mov: { contentType: 'video/quicktime', demuxer: 'mov' },
  wav: WAV,
  flac: { contentType: 'audio/flac', demuxer: 'flac' },
  ogg: OGG,
  oga: OGG,
  opus: OGG,
  ogv: OGG,
  ogx: OGG,
  webm: { contentType: 'video/webm', demuxer: 'matroska' },
  mkv: { contentType: 'video/matroska', demuxer: 'matroska' },
};

/** Milliseconds for the first bytes of a file, which may be made to take long. */
const TIMEOUT_MS = 10_000;

const TAKEN = 'mp3, m4a, mp4, 3gp, mov, wav, flac, ogg, opus, webm and mkv';

/** Returns what a file is by its content, whatever its name says. Throws UnsupportedMedia for what is no recording that we take. */
export async function detectMediaType(path: string, signal: AbortSignal): Promise<MediaType> {
  const { FileTypeParser } = await import('file-type');
  const parser = new FileTypeParser({ signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  const found = await parser.fromFile(path).catch(() => undefined);
  signal.throwIfAborted();
  const type = found ? MEDIA_TYPES[found.ext] : await detectOddType(path);
  if (type) return type;
  const what = found
    ? `This is ${found.mime} by its content`
    : 'By its content, this is no sound or video that we know';
  throw new UnsupportedMedia(`${what}; upload one of ${TAKEN}.`);
}

/** Bytes of a file that are looked through for mp3. */
const LOOKED_THROUGH = 65_536;
/** WAV beyond 4 GB (EBU Tech 3306, ITU-R BS.2088), which recorders write for what is shorter, too. */
const LONG_WAV = ['RF64', 'BW64'];

/** Returns what a file is that does not begin as its kind does. */
async function detectOddType(path: string): Promise<MediaType | null> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_THROUGH), 0, LOOKED_THROUGH, 0);
  const bytes = buffer.subarray(0, bytesRead);
  const text = bytes.toString('latin1', 0, 12);
  if (LONG_WAV.includes(text.slice(0, 4)) && text.slice(8) === 'WAVE') return WAV;
  return hasMp3Frames(bytes) ? MP3 : null;
}
