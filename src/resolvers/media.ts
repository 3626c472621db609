import type { Clip, Episode, MediaFile } from '#generated/prisma/client.ts';
import type { LoaderDefinition } from '#loaders/loader.ts';
import { recordingOfEpisode, renderOfClip, waveformOfClip, waveformOfEpisode } from '#loaders/media-files.ts';
import type { Context } from './context.ts';

/** Makes a resolver that returns the signed address of a file; null where there is none, or its episode is archived. */
const urlOf =
  (loader: LoaderDefinition<string, MediaFile | null>) =>
  async ({ id }: Episode | Clip, _args: unknown, { load, deps }: Context): Promise<string | null> => {
    const file = await load(loader, id);
    if (file?.state !== 'STORED') return null;
    return `${deps.address.publicUrl}${deps.mediaUrls.create(file.id, deps.now())}`;
  };

export const episodeMediaUrl = urlOf(recordingOfEpisode);
export const episodeWaveformUrl = urlOf(waveformOfEpisode);
export const clipMediaUrl = urlOf(renderOfClip);
export const clipWaveformUrl = urlOf(waveformOfClip);
