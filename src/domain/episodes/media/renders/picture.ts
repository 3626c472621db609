import { PIXEL_SHAPES } from '#adapters/ffmpeg/probe.ts';
import type { PictureSize } from './burned-captions.ts';

/** 9:16, as all platforms for short videos show it. */
const VERTICAL_SIZE: PictureSize = { width: 1_080, height: 1_920 };
/** The picture that is made of a sound. */
export const AUDIOGRAM_SIZE = VERTICAL_SIZE;
/** Pixels of the longer side of a picture that is not upright. */
const MAX_SIDE = 1_920;
/** A picture whose shape differs by less than this is cropped; more would cut people off, so it gets bars. */
const MAX_CROP = 0.12;

/** Returns the size of a rendered picture: that of the video, made smaller where it is large, or 9:16. */
export function chooseSize({ width, height }: PictureSize, vertical: boolean): PictureSize {
  if (vertical) return VERTICAL_SIZE;
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return { width: toEven(width * scale), height: toEven(height * scale) };
}

const toEven = (pixels: number) => Math.max(2, 2 * Math.round(pixels / 2));

/**
 * Frames a second: those of the video up to 60. Screens are recorded with a frame for each change, so slower videos get more of the same
 * for a change to be seen when it comes.
 */
const FRAME_RATE = "fps=fps='if(lt(source_fps,20),30,min(source_fps,60))'";

/**
 * Shows at each moment from 0 to `seconds` the frame that a player shows then: the last one before it, the first one where there is none
 * before, and the last one where no more come. Moving the first frame behind 0 to 0 would put the picture before its sound.
 */
const followClock = (seconds: number) =>
  `${FRAME_RATE},tpad=stop=-1:stop_mode=clone,${FRAME_RATE}:start_time=0,trim=end=${seconds.toFixed(3)}`;

/** How a video comes into another shape: whole before blurred bars, or filling it, with its middle. */
export const FRAMINGS = ['BARS', 'CROP'] as const;
/** One of FRAMINGS. */
export type Framing = (typeof FRAMINGS)[number];

/**
 * What is to be seen of a video for so many seconds from its time 0, frames before that among them, with subtitles where there is a file of
 * them.
 */
type Picture = {
  stream: string;
  source: PictureSize;
  size: PictureSize;
  framing: Framing;
  seconds: number;
  subtitles: string | null;
};

/**
 * Returns the filters that bring a video to a size, into `[picture]`. Where it has another shape it is shown whole, before a blurred copy
 * of itself, so nothing is squashed and nobody cut off, unless it is to be cropped.
 */
export function pictureGraph({ stream, source, size, framing, seconds, subtitles }: Picture): string {
  const { width, height } = size;
  const { narrowest, widest } = PIXEL_SHAPES;
  const square = `[${stream}]${followClock(seconds)},scale=w='trunc(iw*clip(sar,${narrowest},${widest})/2)*2':h='trunc(ih/2)*2',setsar=1`;
  const fill = `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`;
  const shape = source.width / source.height / (width / height);
  const end = `setsar=1${burn(subtitles)}[picture]`;
  if (framing === 'CROP' || Math.abs(1 - shape) <= MAX_CROP) return `${square},${fill},${end}`;
  return [
    `${square},split=2[behind][whole]`,
    `[behind]${fill},scale=${width / 4}:${height / 4},boxblur=8:2,scale=${width}:${height},eq=brightness=-0.1[bars]`,
    `[whole]scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2[front]`,
    `[bars][front]overlay=(W-w)/2:(H-h)/2,${end}`,
  ].join(';');
}

/** Returns the filters that draw a sound as it is heard, into `[picture]`. */
export function audiogramGraph(stream: string, seconds: number, subtitles: string | null): string {
  const { width, height } = AUDIOGRAM_SIZE;
  return [
    `color=c=0x0f172a:s=${width}x${height}:r=30:d=${seconds.toFixed(3)}[ground]`,
    `[${stream}]showwaves=s=${width}x${height / 4}:mode=cline:rate=30:colors=0x60a5fa:scale=sqrt[wave]`,
    `[ground][wave]overlay=0:(H-h)/2:eof_action=repeat,setsar=1${burn(subtitles)}[picture]`,
  ].join(';');
}

const burn = (subtitles: string | null) => (subtitles ? `,ass=filename=${escapePath(subtitles)}` : '');

/** A path within a filter graph is unescaped twice: as an option, and as a part of the graph. */
function escapePath(path: string): string {
  return path.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&');
}
