import { stat } from 'node:fs/promises';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { type InputFile, inputArgs, MAX_PIXELS, MAX_STREAMS } from '#adapters/ffmpeg/input.ts';
import type { AudioStream, Probe, VideoStream } from '#adapters/ffmpeg/probe.ts';
import { UnsupportedMedia } from '#domain/core/errors.ts';
import { assertInstalled, explainFailure, TOO_LARGE } from '#domain/episodes/media/program-errors.ts';
import { type ExtractedSound, type Extraction, extractSound } from '#domain/episodes/media/sound/extract.ts';
import { formatTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { detectMediaType } from './media-type.ts';

/** A file to check: how many bytes it should have, and where its sound is to be put. */
export type MediaCheck = {
  path: string;
  sizeBytes: number;
  soundPath: string;
  /** The longest recording that is taken: MAX_SECONDS, unless a test wants less. */
  maxSeconds?: number;
  signal: AbortSignal;
  assertRoom: Extraction['assertRoom'];
  /** How far it is, 0 to 1. */
  onProgress: (fraction: number) => void;
};

/** What a recording is; `warnings` are sentences for its owner about what is odd. */
export type CheckedMedia = {
  contentType: string;
  demuxer: string;
  durationSeconds: number;
  audio: AudioStream;
  video: VideoStream | null;
  warnings: string[];
};

/** Six hours. */
export const MAX_SECONDS = 6 * 3_600;
/** Less than this of a second is no recording. */
const MIN_SECONDS = 0.2;
/** Of a recording as long as its header says, so much has to be there. */
const LEAST_PART = 0.6;
/** And from this part on nothing is said about it. */
const WHOLE_PART = 0.98;

/**
 * Checks a recording as far as that can be done, and extracts its sound on the way: its bytes, its type by its content, its streams, and
 * then every second of it, since its length is what decoding gives. Throws UnsupportedMedia with a sentence for its owner, NotSetUp
 * without ffmpeg, Unavailable without room, what `assertRoom` throws, the signal's reason.
 */
export async function checkMedia(ffmpeg: Ffmpeg, check: MediaCheck): Promise<CheckedMedia> {
  assertInstalled(ffmpeg);
  const { path, signal, maxSeconds = MAX_SECONDS } = check;
  await assertComplete(check);
  const { contentType, demuxer } = await detectMediaType(path, signal);
  const input = { path, demuxer };
  const probe = await ffmpeg.probe(input, { signal }).catch((error: unknown) => {
    throw explainFailure(error, UNREADABLE);
  });
  const { audio, video } = assertUsable(probe);
  const sound = await extractSound(ffmpeg, {
    input,
    stream: audio,
    outputPath: check.soundPath,
    maxSeconds: maxSeconds + 1,
    signal,
    assertRoom: check.assertRoom,
    onProgress: (seconds) => check.onProgress(estimateFraction(seconds, probe.durationSeconds)),
  }).catch((error: unknown) => {
    throw explainFailure(error, 'None of the sound of this file can be decoded.');
  });
  assertLength(sound, maxSeconds);
  const missing = await explainMissing(ffmpeg, input, probe, sound, signal);
  return {
    contentType: video || !contentType.startsWith('video/') ? contentType : contentType.replace('video/', 'audio/'),
    demuxer,
    durationSeconds: sound.seconds,
    audio,
    video,
    warnings: [...describeSound(sound), ...missing],
  };
}

const UNREADABLE =
  'This file cannot be opened: it is cut off before what says how to read it, or damaged there. Upload it again, or export it anew.';

async function assertComplete({ path, sizeBytes }: MediaCheck): Promise<void> {
  const { size } = await stat(path);
  if (size !== sizeBytes)
    throw new UnsupportedMedia(`The file has ${size} bytes instead of ${sizeBytes}; upload it again.`);
}

function assertUsable({ streams, audio, video }: Probe): { audio: AudioStream; video: VideoStream | null } {
  if (streams > MAX_STREAMS)
    throw new UnsupportedMedia(`This file has ${streams} tracks; up to ${MAX_STREAMS} are taken.`);
  if (!audio) throw new UnsupportedMedia('There is no sound in this file, or none in a format that we can read.');
  if (!video) return { audio, video };
  const { width, height } = video;
  if (width * height > MAX_PIXELS)
    throw new UnsupportedMedia(
      `The picture of this video is ${width}×${height}; export it with 4096×4096 pixels at most.`,
    );
  if (width * height === 0) throw new UnsupportedMedia(TOO_LARGE);
  return { audio, video };
}

function assertLength({ seconds }: ExtractedSound, maxSeconds: number): void {
  if (seconds < MIN_SECONDS) throw new UnsupportedMedia('Next to nothing of the sound of this file can be decoded.');
  if (seconds > maxSeconds)
    throw new UnsupportedMedia(`This recording is longer than ${maxSeconds / 3_600} hours; upload it in parts.`);
}

/**
 * Says where a recording ends that should be longer, by a header that knows. Its sound may also end before its picture, which is
 * then followed to its end. Throws UnsupportedMedia where most is missing.
 */
async function explainMissing(
  ffmpeg: Ffmpeg,
  input: InputFile,
  { durationSeconds: claimed, video }: Probe,
  { seconds }: ExtractedSound,
  signal: AbortSignal,
): Promise<string[]> {
  if (claimed === null || seconds >= claimed * WHOLE_PART) return [];
  const pictureEnd = video ? await findEnd(ffmpeg, input, video, signal) : 0;
  const end = Math.max(seconds, pictureEnd);
  if (end >= claimed * WHOLE_PART) return [`Its sound ends at ${inWords(seconds)} of ${inWords(claimed)}.`];
  const sentence = `The file ends at ${inWords(end)} of ${inWords(claimed)}`;
  if (end < claimed * LEAST_PART) throw new UnsupportedMedia(`${sentence}, so most of it is missing; upload it again.`);
  return [`${sentence}; the rest is missing.`];
}

/** Returns where a stream ends, by its packets. */
async function findEnd(ffmpeg: Ffmpeg, input: InputFile, { index }: VideoStream, signal: AbortSignal): Promise<number> {
  let end = 0;
  const args = [...inputArgs(input), '-map', `0:${index}`, '-c', 'copy', '-f', 'null', '-'];
  const onProgress = (seconds: number) => {
    end = Math.max(end, seconds);
  };
  await ffmpeg.run({ args, signal, timeoutMs: FIND_END_TIMEOUT_MS, onProgress }).catch(() => signal.throwIfAborted());
  return end;
}
const FIND_END_TIMEOUT_MS = 300_000;

function describeSound({ errors, channel }: ExtractedSound): string[] {
  return [
    ...(errors > 0
      ? [`In ${errors} place${errors === 1 ? '' : 's'} the sound cannot be decoded; all the rest was kept.`]
      : []),
    ...(channel !== null
      ? [`Mixed to one, its channels cancel each other out, so only channel ${channel} was listened to.`]
      : []),
  ];
}

/** As 12:31, or 1:02:03. */
const inWords = (seconds: number) => formatTimestamp(Math.floor(seconds), null).replace(/^0?0:0?(?=\d+:\d\d$)/, '');

/** Seconds after which a recording of unknown length is taken to be half done: progress moves, and never arrives. */
const TYPICAL_SECONDS = 1_800;

function estimateFraction(seconds: number, claimed: number | null): number {
  return claimed && claimed >= seconds ? seconds / claimed : seconds / (seconds + TYPICAL_SECONDS);
}
