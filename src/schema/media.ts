import * as resolvers from '#resolvers/media.ts';
import { builder } from './builder.ts';
import { Clip } from './clips.ts';
import { Episode } from './episodes.ts';

const EXPIRY =
  'It expires after 6 to 12 hours; query the field again for a new one. Null if there is no file, and while the episode is archived.';
const SIGNED = `No API key is needed, and range requests are supported. ${EXPIRY}`;

builder.objectFields(Episode, (t) => ({
  mediaUrl: t.string({
    nullable: true,
    description: `A signed URL of the recording. ${SIGNED}`,
    resolve: resolvers.episodeMediaUrl,
  }),
  waveformUrl: t.string({
    nullable: true,
    description: `A signed URL of a PNG image of the recording's waveform. ${SIGNED}`,
    resolve: resolvers.episodeWaveformUrl,
  }),
  recordingWarnings: t.stringList({
    description:
      'Warnings about a usable recording, as sentences: parts that cannot be decoded, a missing end, or channels that cancel each other out. Empty until the recording was checked, and while the episode is archived.',
    resolve: resolvers.recordingWarnings,
  }),
}));

builder.objectFields(Clip, (t) => ({
  mediaUrl: t.string({
    nullable: true,
    description: `A signed URL of the most recently rendered media file. ${SIGNED}`,
    resolve: resolvers.clipMediaUrl,
  }),
  waveformUrl: t.string({
    nullable: true,
    description: `A signed URL of a PNG image of the clip's waveform between its present start and end. No API key is needed. ${EXPIRY}`,
    resolve: resolvers.clipWaveformUrl,
  }),
}));
