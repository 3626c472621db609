import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { toFileUrl } from '#adapters/ffmpeg/input.ts';

/** A format in which all of a sound is, from its first second to its last. */
export type SoundFormat = { sampleRate: number; layout: 'mono' | 'stereo'; codec: 'pcm_s16le' | 'pcm_f32le' };

/**
 * Puts a sound on the clock of a player: what begins late begins late, and gaps are silence. Where the format of a stream changes in the
 * middle ffmpeg begins its filters anew, and this one would put all that was heard before in front once more: such a sound is made even
 * first (`makeEven`).
 */
export const followPlayer = (sampleRate: number): string => `aresample=${sampleRate}:async=1:first_pts=0`;

/** A sound that is to be made even: the arguments of its input, and the filter that makes one stream of it, without its label. */
type UnevenSound = {
  input: readonly string[];
  filter: string;
  outputPath: string;
  seconds: number;
  signal: AbortSignal;
  timeoutMs: number;
  onProgress?: (seconds: number) => void;
  onLine?: (line: string) => void;
};

/**
 * Decodes a sound into a file of one format that keeps the times of the original, whatever formats follow each other in that: two mp3 files
 * of different rates that were joined, a chained Ogg, a broadcast that changes from six channels to two. Throws ProgramFailed, the
 * signal's reason. Returns whether there was any.
 */
export async function makeEven(
  ffmpeg: Ffmpeg,
  { input, filter, outputPath, seconds, onProgress, ...run }: UnevenSound,
  { sampleRate, layout, codec }: SoundFormat,
): Promise<boolean> {
  let end = 0;
  await ffmpeg.run({
    args: [
      ...input,
      ...['-filter_complex', `${filter},aformat=channel_layouts=${layout},aresample=${sampleRate}[even]`],
      ...['-map', '[even]', '-t', seconds.toFixed(3), '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-c:a', codec, '-f', 'nut', toFileUrl(outputPath)],
    ],
    ...run,
    onProgress(done) {
      end = done;
      onProgress?.(done);
    },
  });
  return end > 0;
}

/** The arguments that read what `makeEven` has written, with the times that it has: not counted from its first sample. */
export const evenInputArgs = (path: string): string[] => [
  ...['-copyts', '-protocol_whitelist', 'file', '-format_whitelist', 'nut'],
  ...['-i', toFileUrl(path)],
];

/** The arguments that read silence, where there was no sound. */
export const silenceInputArgs = (sampleRate: number, seconds: number): string[] => [
  ...['-f', 'lavfi', '-i', `anullsrc=r=${sampleRate}:cl=stereo:d=${seconds.toFixed(3)}`],
];
