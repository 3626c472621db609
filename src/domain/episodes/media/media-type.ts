import { FileTypeParser } from 'file-type';
import { UnsupportedMedia } from '#domain/core/errors.ts';

/** What a file is by its content: its media type, and what ffmpeg calls its container. */
export type MediaType = { contentType: string; demuxer: string };

const MP4 = { contentType: 'video/mp4', demuxer: 'mov' };
const OGG = { contentType: 'audio/ogg', demuxer: 'ogg' };

/** The recordings that are taken, by the extension that their content has. */
const MEDIA_TYPES: Record<string, MediaType> = {
  mp3: { contentType: 'audio/mpeg', demuxer: 'mp3' },
  m4a: { contentType: 'audio/mp4', demuxer: 'mov' },
  m4b: { contentType: 'audio/mp4', demuxer: 'mov' },
  mp4: MP4,
  m4v: MP4,
  mov: { contentType: 'video/quicktime', demuxer: 'mov' },
  wav: { contentType: 'audio/wav', demuxer: 'wav' },
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

const TAKEN = 'mp3, m4a, mp4, mov, wav, flac, ogg, opus, webm and mkv';

/** Returns what a file is by its content, whatever its name says. Throws UnsupportedMedia for what is no recording that we take. */
export async function detectMediaType(path: string, signal: AbortSignal): Promise<MediaType> {
  const parser = new FileTypeParser({ signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  const found = await parser.fromFile(path).catch(() => undefined);
  signal.throwIfAborted();
  const type = found && MEDIA_TYPES[found.ext];
  if (type) return type;
  const what = found
    ? `This is ${found.mime} by its content`
    : 'By its content, this is no sound or video that we know';
  throw new UnsupportedMedia(`${what}; upload one of ${TAKEN}.`);
}
