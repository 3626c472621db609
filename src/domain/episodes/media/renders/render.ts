import { writeFile } from 'node:fs/promises';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { type InputFile, inputArgs, inputFromKeyFrame, toFileUrl } from '#adapters/ffmpeg/input.ts';
import type { AudioStream, VideoStream } from '#adapters/ffmpeg/probe.ts';
import type { Scratch } from '#adapters/files/file-store.ts';
import { UnsupportedMedia } from '#domain/core/errors.ts';
import { explainFailure } from '#domain/episodes/media/program-errors.ts';
import { evenInputArgs, followPlayer, makeEven, silenceInputArgs } from '#domain/episodes/media/sound/even.ts';
import {
  correct,
  isOnTarget,
  levellingFilters,
  type MeasuredLoudness,
  measureLoudness,
  planLevelling,
  TARGET,
} from '#domain/episodes/media/sound/loudness.ts';
import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { type PictureSize, writeBurnedCaptions } from './burned-captions.ts';
import { AUDIOGRAM_SIZE, audiogramGraph, chooseSize, type Framing, pictureGraph } from './picture.ts';

/**
 * What is to be rendered: a part of a recording, upright where `vertical`, with what is said written into it where there are `captions`.
 */
export type Render = TimeRange & {
  input: InputFile;
  audio: AudioStream;
  video: VideoStream | null;
  vertical: boolean;
  framing: Framing;
  captions: readonly ParsedSegment[] | null;
  scratch: Scratch;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
};

/** A finished file on the local disk, measured; `warnings` are sentences for its owner. */
export type Rendered = {
  path: string;
  contentType: string;
  durationSeconds: number;
  size: PictureSize | null;
  loudness: MeasuredLoudness;
  warnings: string[];
};

/** Of the sound of clips. */
const SAMPLE_RATE = 48_000;
const TIMEOUT_MS = 1_800_000;
/** Bytes: decoding and encoding 4K takes two thirds of it. */
const MEMORY_BYTES = 3_000_000_000;
/** The share of the time that the sound takes, where there is a picture. */
const SOUND_SHARE = 0.25;
/** Encodings of the sound, each nearer to the target. */
const MAX_ATTEMPTS = 4;
/** How far the length of a file may be from what was asked for: frames of AAC and of 24 pictures a second. */
const LENGTH_TOLERANCE_SECONDS = 0.15;

/** Nothing of the recording goes with a clip: where it was filmed, its title, its chapters. */
const ANONYMOUS = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags', '+bitexact'];

/**
 * Cuts a clip as m4a, or as mp4 where there is a picture: of a video, or of the sound where it is to be upright. The finished file is
 * measured: its length, and its loudness of -14 LUFS. Throws UnsupportedMedia, NotSetUp, Unavailable, the signal's reason.
 */
export async function renderClip(ffmpeg: Ffmpeg, render: Render): Promise<Rendered> {
  const hasPicture = render.video !== null || render.vertical;
  const share = hasPicture ? SOUND_SHARE : 1;
  try {
    const sound = await renderSound(ffmpeg, {
      ...render,
      onProgress: (fraction) => render.onProgress(fraction * share),
    });
    if (!hasPicture) return await checkFile(ffmpeg, render, { ...sound, contentType: 'audio/mp4' });
    const onProgress = (fraction: number) => render.onProgress(share + (1 - share) * fraction);
    const path = await renderPicture(ffmpeg, { ...render, onProgress }, sound.path);
    return await checkFile(ffmpeg, render, { ...sound, path, contentType: 'video/mp4' });
  } catch (error) {
    throw explainFailure(error, 'This part of the recording cannot be cut out of it.');
  }
}

type RenderedSound = { path: string; loudness: MeasuredLoudness; warnings: string[] };

/** Renders the sound as stereo, again with a better gain until the finished file is at the target. */
async function renderSound(ffmpeg: Ffmpeg, render: Render): Promise<RenderedSound> {
  const { input, audio, scratch, signal, startSeconds, endSeconds } = render;
  const seconds = endSeconds - startSeconds;
  const [evenPath, path] = [scratch.path('sound.nut'), scratch.path('sound.m4a')];
  const isHeard = await makeEven(
    ffmpeg,
    {
      ...{ input: inputArgs(input, { startSeconds, seconds }), filter: `[0:${audio.index}]anull` },
      ...{ outputPath: evenPath, seconds, signal, timeoutMs: TIMEOUT_MS },
    },
    { sampleRate: SAMPLE_RATE, layout: 'stereo', codec: 'pcm_f32le' },
  );
  const source = isHeard ? evenInputArgs(evenPath) : silenceInputArgs(SAMPLE_RATE, seconds);
  const stereo = `[0:a]${followPlayer(SAMPLE_RATE)},`;
  let levelling = planLevelling(await measureLoudness(ffmpeg, { input: source, filter: stereo, signal }));
  for (let attempt = 1; ; attempt += 1) {
    const filter = `${stereo}${levellingFilters(levelling)}apad=whole_dur=${seconds.toFixed(3)},atrim=end=${seconds.toFixed(3)}[sound]`;
    await ffmpeg.run({
      args: [
        ...[...source, '-filter_complex', filter, '-map', '[sound]', ...ANONYMOUS],
        ...['-c:a', 'aac', '-b:a', '160k', '-movflags', '+faststart', '-f', 'mp4', toFileUrl(path)],
      ],
      signal,
      timeoutMs: TIMEOUT_MS,
      onProgress: (done) => render.onProgress(Math.min(1, (attempt - 1 + done / seconds) / MAX_ATTEMPTS)),
    });
    const loudness = await measureLoudness(ffmpeg, {
      input: inputArgs({ path, demuxer: 'mov' }),
      filter: '[0:a]',
      signal,
    });
    if (!levelling)
      return { path, loudness, warnings: ['There is next to no sound in this clip, so its loudness was left alone.'] };
    if (isOnTarget(loudness)) return { path, loudness, warnings: [] };
    if (attempt === MAX_ATTEMPTS) return { path, loudness, warnings: [describeMiss(loudness)] };
    levelling = correct(levelling, loudness);
  }
}

const describeMiss = ({ integrated, truePeak }: MeasuredLoudness) =>
  `Its loudness is ${integrated.toFixed(1)} LUFS with peaks of ${truePeak.toFixed(1)} dBTP, instead of ${TARGET.integrated} LUFS and ${TARGET.truePeak} dBTP.`;

/** Renders the picture, beside the sound that is there. Returns where it is. */
async function renderPicture(ffmpeg: Ffmpeg, render: Render, soundPath: string): Promise<string> {
  const { input, video, vertical, framing, captions, scratch, signal, startSeconds, endSeconds } = render;
  const seconds = endSeconds - startSeconds;
  const size = video ? chooseSize(video, vertical) : AUDIOGRAM_SIZE;
  let subtitles: string | null = null;
  if (captions) {
    subtitles = scratch.path('captions.ass');
    await writeFile(subtitles, writeBurnedCaptions(captions, render, size));
  }
  const sound = ['-protocol_whitelist', 'file', '-format_whitelist', 'mov', '-i', toFileUrl(soundPath)];
  const path = scratch.path('clip.mp4');
  await ffmpeg.run({
    args: [
      ...sound,
      ...(video ? inputFromKeyFrame(input, startSeconds) : []),
      ...[
        '-filter_complex',
        video
          ? pictureGraph({ stream: `1:${video.index}`, source: video, size, framing, seconds, subtitles })
          : audiogramGraph('0:a', seconds, subtitles),
      ],
      ...['-map', '[picture]', '-map', '0:a', '-c:a', 'copy', '-t', seconds.toFixed(3), ...ANONYMOUS],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p'],
      ...['-movflags', '+faststart', '-f', 'mp4', toFileUrl(path)],
    ],
    signal,
    timeoutMs: TIMEOUT_MS,
    memoryBytes: MEMORY_BYTES,
    onProgress: (done) => render.onProgress(Math.min(1, done / seconds)),
  });
  return path;
}

/** Looks at a finished file before anybody else does. */
async function checkFile(
  ffmpeg: Ffmpeg,
  { startSeconds, endSeconds, signal }: Render,
  { path, contentType, loudness, warnings }: RenderedSound & { contentType: string },
): Promise<Rendered> {
  const { durationSeconds, audio, video } = await ffmpeg.probe({ path, demuxer: 'mov' }, { signal });
  const wanted = endSeconds - startSeconds;
  if (!audio || durationSeconds === null || Math.abs(durationSeconds - wanted) > LENGTH_TOLERANCE_SECONDS)
    throw new UnsupportedMedia(
      `The clip came out ${durationSeconds ?? 0} s long instead of ${wanted.toFixed(2)}: the recording is damaged there.`,
    );
  const size = video && { width: video.width, height: video.height };
  return { path, contentType, durationSeconds, size, loudness, warnings };
}
