import type { Deps } from '#domain/core/deps.ts';
import { readWarnings } from '#domain/episodes/media/checks/check-recording.ts';
import { partFile } from '#domain/episodes/media/waveforms/stored-peaks.ts';
import type { Clip, Episode, MediaFile } from '#generated/prisma/client.ts';
import type { LoaderDefinition } from '#loaders/loader.ts';
import {
  peaksOfEpisode,
  recordingOfEpisode,
  renderOfClip,
  waveformOfClip,
  waveformOfEpisode,
} from '#loaders/media-files.ts';
import type { Context } from './context.ts';

/** Makes a resolver that returns the signed address of a file; null where there is none, or its episode is archived. */
const urlOf =
  (loader: LoaderDefinition<string, MediaFile | null>) =>
  async ({ id }: Episode | Clip, _args: unknown, { load, deps }: Context): Promise<string | null> => {
    const file = await load(loader, id);
    if (file?.state !== 'STORED') return null;
    return sign(deps, file.id);
  };

/** Returns what the check of an episode's recording found odd. */
export async function recordingWarnings({ id }: Episode, _args: unknown, { load }: Context): Promise<string[]> {
  const file = await load(recordingOfEpisode, id);
  return file ? readWarnings(file) : [];
}

const sign = ({ address, mediaUrls, now }: Deps, file: string) =>
  `${address.publicUrl}${mediaUrls.create(file, now())}`;

export const episodeMediaUrl = urlOf(recordingOfEpisode);
export const episodeWaveformUrl = urlOf(waveformOfEpisode);
export const clipMediaUrl = urlOf(renderOfClip);
const drawnWaveformUrl = urlOf(waveformOfClip);

/** Returns the address of the waveform that was drawn for a clip as it is, else of one that is drawn for whoever opens it. */
export async function clipWaveformUrl(clip: Clip, args: unknown, context: Context): Promise<string | null> {
  const drawn = await drawnWaveformUrl(clip, args, context);
  if (drawn) return drawn;
  const peaks = await context.load(peaksOfEpisode, clip.episodeId);
  return peaks && sign(context.deps, partFile(peaks.id, clip));
}
