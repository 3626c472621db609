/** A user's file that a program should read; `demuxer` is ffmpeg's name for the format that was detected from its bytes. */
export type InputFile = { path: string; demuxer: string };

/** The maximum number of pixels of a picture: 4096 × 4096, beyond cameras' 4K. A decoder holds some twenty pictures of this size. */
export const MAX_PIXELS = 4_096 * 4_096;

/**
 * Arguments before every input that comes from users. The file is read in the detected format and no other: under any name, a playlist
 * can open other files of this machine, even with `-protocol_whitelist` (the class of CVE-2016-1897 and CVE-2017-9993). A picture of a
 * few KB can claim gigabytes of memory, even for ffprobe.
 */
export function guardArgs({ demuxer }: InputFile): string[] {
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', demuxer],
    ...['-max_pixels', String(MAX_PIXELS)],
    ...['-max_streams', String(MAX_STREAMS)],
  ];
}

/** The maximum number of streams of a file: a camera has five. */
export const MAX_STREAMS = 32;

/** The arguments that read a file, or a part of it if seconds are given: seeks fast, and cuts streams with timestamps exactly. */
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
 * The arguments that read a file from the key frame before a given second. Times are relative to that second, so earlier ones are
 * negative. For pictures, because the one that is visible at a second may be much older.
 */
export function inputFromKeyFrame(file: InputFile, startSeconds: number): string[] {
  return [...guardArgs(file), '-noaccurate_seek', '-ss', startSeconds.toFixed(3), '-i', toFileUrl(file.path)];
}

/** Prevents ffmpeg from reading a name as a protocol or an option. */
export const toFileUrl = (path: string) => `file:${path}`;
