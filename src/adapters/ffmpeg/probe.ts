import { z } from 'zod';

/** Strings and numbers of ffprobe, which writes most numbers as strings, and `N/A`. */
const numeric = z.union([z.string(), z.number()]).transform((value) => {
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
});

const Stream = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  sample_aspect_ratio: z.string().optional(),
  channels: z.int().optional(),
  duration: numeric.optional(),
  disposition: z.record(z.string(), z.number()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  side_data_list: z.array(z.looseObject({ rotation: numeric.optional() })).default([]),
});

/** The output of ffprobe with `-show_format -show_streams -of json`. */
const Report = z.object({
  streams: z.array(Stream).default([]),
  format: z
    .looseObject({ format_name: z.string().optional(), start_time: numeric.optional(), duration: numeric.optional() })
    .default({}),
});

/** A stream that can be decoded. */
export type AudioStream = { index: number; codec: string; channels: number };
/** Width and height are as displayed, in square pixels: rotated and stretched as the file says. */
export type VideoStream = { index: number; codec: string; width: number; height: number };

/**
 * The maximum ratio of a pixel's width to its height: the widest in use is that of half of a DVD's lines, 2.2. A larger one would make up
 * a picture of gigabytes.
 */
export const PIXEL_SHAPES = { narrowest: 0.25, widest: 4 };

/** What a file declares; `durationSeconds` is null if it does not declare its length: an estimate from its size does not count. */
export type Probe = {
  streams: number;
  durationSeconds: number | null;
  audio: AudioStream | null;
  video: VideoStream | null;
};

/**
 * Reads ffprobe's report. The audio is the default stream of those with a codec, otherwise the first one: telephones add tracks without a
 * codec. Cover art does not count as a picture. Throws if it is not a report.
 */
export function readProbe(json: string): Probe {
  const { streams, format } = Report.parse(JSON.parse(json));
  const known = streams.filter(({ codec_name: codec }) => codec && codec !== 'none' && codec !== 'unknown');
  const sounds = known.filter(({ codec_type: type }) => type === 'audio');
  const pictures = known.filter((stream) => stream.codec_type === 'video' && !isCover(stream));
  const [audio, video] = [findDefault(sounds), findDefault(pictures)];
  return {
    streams: streams.length,
    durationSeconds: lengthOf(format, audio),
    audio: audio ? { index: audio.index, codec: audio.codec_name ?? '', channels: audio.channels ?? 1 } : null,
    video: video ? { index: video.index, codec: video.codec_name ?? '', ...sizeAsSeen(video) } : null,
  };
}

type StreamReport = z.output<typeof Stream>;
type FormatReport = z.output<typeof Report>['format'];

/**
 * Returns the declared length of a file. A recording cut out of a live stream begins at the time that it had there (`start_time`), and in
 * headers of Matroska, WebM and MP4 its length counts from 0. In Ogg, the length is the time of the last page: for most codecs
 * libavformat has already subtracted the start, for Opus it has not, and for FLAC it does not know the start at all (measured with 5.1).
 */
function lengthOf({ format_name: format, start_time: start, duration }: FormatReport, sound: StreamReport | null) {
  const [isOgg, codec] = [format === 'ogg', sound?.codec_name];
  if (isOgg && codec === 'flac') return null;
  if (duration == null) return sound?.duration ?? null;
  const countsFromZero = !isOgg || codec === 'opus';
  return countsFromZero && start && start > 0 && start < duration ? duration - start : duration;
}

const findDefault = (streams: StreamReport[]) =>
  streams.find(({ disposition }) => disposition.default === 1) ?? streams[0] ?? null;

const isCover = ({ disposition }: StreamReport) =>
  disposition.attached_pic === 1 || disposition.timed_thumbnails === 1 || disposition.still_image === 1;

/**
 * Telephones store pictures sideways, with the rotation in side data, or in a tag in older files. Cameras store pixels that are not
 * square, with their aspect ratio: the 1440×1080 of HDV are displayed as 1920×1080.
 */
function sizeAsSeen({
  width = 0,
  height = 0,
  sample_aspect_ratio: ratio,
  side_data_list: sideData,
  tags,
}: StreamReport) {
  const seenWidth = Math.round(width * readPixelShape(ratio));
  const rotation = sideData.find((data) => typeof data.rotation === 'number')?.rotation ?? Number(tags.rotate ?? 0);
  const onItsSide = Math.abs(Math.round(rotation / 90)) % 2 === 1;
  return onItsSide ? { width: height, height: seenWidth } : { width: seenWidth, height };
}

/** Reads the ratio of a pixel's width to its height, such as `4:3`; 1 if it is not declared (`0:1`). */
function readPixelShape(ratio: string | undefined): number {
  const [wide = 0, high = 0] = (ratio ?? '').split(':').map(Number);
  return wide > 0 && high > 0 ? Math.min(PIXEL_SHAPES.widest, Math.max(PIXEL_SHAPES.narrowest, wide / high)) : 1;
}
