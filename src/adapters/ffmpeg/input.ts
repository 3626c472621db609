/** A user's file that a program is to read; `demuxer` is ffmpeg's name for what its bytes say it is. */
export type InputFile = { path: string; demuxer: string };

/** Pixels of a picture: 4096 × 4096, beyond the 4K of cameras. A decoder takes some twenty pictures of this size. */
export const MAX_PIXELS = 4_096 * 4_096;

/**
 * Arguments before every input that users have sent. The file is read as what it was found to be, and as nothing else: a playlist
 * under any name opens other files of this machine, in spite of `-protocol_whitelist` alone (the class of CVE-2016-1897 and
 * CVE-2017-9993). A picture of a few KB can claim gigabytes of memory, for ffprobe, too.
 */
export function guardArgs({ demuxer }: InputFile): string[] {
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', demuxer],
    ...['-max_pixels', String(MAX_PIXELS)],
    ...['-max_streams', String(MAX_STREAMS)],
  ];
}

/** Streams that a file may have: a camera has five. */
export const MAX_STREAMS = 32;

/** The arguments that read a file, a part of it where seconds are given: to be found fast, and cut exactly at what has a time of its own. */
export function inputArgs(
  file: InputFile,
  { startSeconds, seconds }: { startSeconds?: number; seconds?: number } = {},
): string[] {
  return [
    ...guardArgs(file),
    ...(startSeconds === undefined ? [] : ['-ss', startSeconds.toFixed(3)]),
    ...(seconds === undefined ? [] : ['-t', seconds.toFixed(3)]),
    ...['-i', toFileUrl(file.path)],
  ];
}

/**
 * The arguments that read a file from the key frame before a second on: times count from that second, so what comes before it is negative.
 * For pictures, of which the one that is seen at a second may have come long before it.
 */
export function inputFromKeyFrame(file: InputFile, startSeconds: number): string[] {
  return [...guardArgs(file), '-noaccurate_seek', '-ss', startSeconds.toFixed(3), '-i', toFileUrl(file.path)];
}

/** A name may hold what ffmpeg reads as a protocol or an option. */
export const toFileUrl = (path: string) => `file:${path}`;
