import * as resolvers from '#resolvers/media.ts';
import { builder } from './builder.ts';
import { Clip } from './clips.ts';
import { Episode } from './episodes.ts';

const TIMES =
  'is good for 6 to 12 hours; ask again for a new one. Null where there is none, and while the episode is archived.';
const SIGNED = `It needs no key, serves byte ranges, and ${TIMES}`;

builder.objectFields(Episode, (t) => ({
  mediaUrl: t.string({
    nullable: true,
    description: `The address of the recording. ${SIGNED}`,
    resolve: resolvers.episodeMediaUrl,
  }),
  waveformUrl: t.string({
    nullable: true,
    description: `The address of a PNG picture of the sound of the recording. ${SIGNED}`,
    resolve: resolvers.episodeWaveformUrl,
  }),
  recordingWarnings: t.stringList({
    description:
      'What is odd about the recording, in sentences, though it can be used: places that cannot be decoded, an end that is missing, channels that cancel each other out. Empty before it was checked, and while the episode is archived.',
    resolve: resolvers.recordingWarnings,
  }),
}));

builder.objectFields(Clip, (t) => ({
  mediaUrl: t.string({
    nullable: true,
    description: `The address of the clip as it was rendered last. ${SIGNED}`,
    resolve: resolvers.clipMediaUrl,
  }),
  waveformUrl: t.string({
    nullable: true,
    description: `The address of a PNG picture of the sound of the clip between the edges that it has. It needs no key, and ${TIMES}`,
    resolve: resolvers.clipWaveformUrl,
  }),
}));
