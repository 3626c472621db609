import { MAX_NAME_LENGTH } from '#domain/episodes/transcripts/speakers/names.ts';
import { MAX_SPEAKERS, type TranscriptSpeaker } from '#domain/episodes/transcripts/speakers-of-transcript.ts';
import { episodeEdge } from '#resolvers/episodes.ts';
import * as resolvers from '#resolvers/speakers.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Episode, EpisodeConnection } from './episodes.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';

const Speaker = builder.objectRef<TranscriptSpeaker>('Speaker').implement({
  description:
    'A speaker of an episode. Speakers of different episodes are independent, also if they have the same name.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the speaker, unique in the episode.' }),
    spokenSeconds: t.exposeFloat('spokenSeconds', {
      description: 'The total length of the segments of the speaker, in seconds.',
    }),
    segmentCount: t.exposeInt('segmentCount', {
      description: 'The number of transcript segments of the speaker.',
    }),
  }),
});

/** Of which an episode mostly has so many. Its cost goes by it. */
const USUAL_SPEAKERS = 5;

builder.objectField(Episode, 'speakers', (t) =>
  t.field({
    type: [Speaker],
    complexity: { field: 1, multiplier: USUAL_SPEAKERS },
    description: `The speakers named in the transcript, by \`spokenSeconds\`, longest first; at most ${MAX_SPEAKERS}. Segments without a speaker are not counted. Empty if there is no transcript.`,
    resolve: resolvers.speakers,
  }),
);

builder.relayMutationField(
  'renameSpeaker',
  {
    description: 'A speaker of an episode, and the new name.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode.' }),
      speaker: t.string({
        required: true,
        description: `The present name of the speaker, exactly as in \`Episode.speakers\`, 1 to ${MAX_NAME_LENGTH} characters.`,
      }),
      name: t.string({
        required: true,
        description: `The new name, 1 to ${MAX_NAME_LENGTH} characters. As in imported transcripts, brackets around it and a colon after it are removed, and a number alone becomes \`Speaker 1\`.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Renames a speaker in all segments of an episode; search, captions and downloads use the new name. If another speaker already has the new name, the two are merged, and clips are scored again. A merge cannot be undone by renaming, since the segments no longer tell whose they were; importing the transcript again restores its own speakers. A new import discards the new names. Errors: NOT_FOUND (the episode, or a speaker of it), CONFLICT (the episode is archived, or is being processed by a job), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.renameSpeaker,
  },
  {
    description: 'The episode whose speaker was renamed.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The episode after the change.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', episodeEdge),
      segmentCount: t.exposeInt('segmentCount', { description: 'The number of segments that were renamed.' }),
      merged: t.exposeBoolean('merged', {
        description: 'Whether another speaker already had the new name, so that the two were merged.',
      }),
    }),
  },
);
