import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { MAX_OWN_CLIPS } from '#domain/episodes/create-clip.ts';
import { MAX_CLIP_TITLE_LENGTH } from '#domain/episodes/edit-clips.ts';
import * as resolvers from '#resolvers/clips.ts';
import { DEFAULTS } from '#resolvers/episodes.ts';
import { builder } from './builder.ts';
import { Clip, ClipConnection } from './clips.ts';
import { payloadEdge } from './connection.ts';
import { Genre, Platform } from './episodes.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';

builder.relayMutationField(
  'createClip',
  {
    description: 'The passage of an episode that becomes a clip.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({
        required: true,
        description: 'The id of the episode, which must have a transcript or a recording that was checked.',
      }),
      startSeconds: t.float({
        required: true,
        description: 'The start in seconds from the start of the recording, 0 or more. Rounded to milliseconds.',
      }),
      endSeconds: t.float({
        required: true,
        description: `The end, at most the duration of the episode, and ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds after the start, within the limits of the platform. Rounded to milliseconds.`,
      }),
      title: t.string({
        required: true,
        description: `The title of the clip, 1 to ${MAX_CLIP_TITLE_LENGTH} characters.`,
      }),
      platform: t.field({ type: Platform, required: true, description: 'The platform that the clip is for.' }),
      genre: t.field({
        type: Genre,
        defaultValue: DEFAULTS.genre,
        description: 'The genre whose weights are used for the score.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: `Creates a clip from any passage of an episode, exactly as long as given. It is scored like the clips that \`processEpisode\` finds, which does not replace it but scores it again; if nothing is said in it, all features but \`lengthFit\` are 0. An episode has at most ${MAX_OWN_CLIPS} such clips. Errors: NOT_FOUND, CONFLICT (the episode is archived, or has neither a transcript nor a checked recording), LIMIT_EXCEEDED, IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.createClip,
  },
  {
    description: 'The clip that was created.',
    outputFields: (t) => ({
      clip: t.expose('clip', { type: Clip, description: 'The new clip.' }),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteClip',
  {
    description: 'The clip to delete.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a clip with its media file and its feedback, and cancels the job that renders it. `processEpisode` may suggest the same passage again; after `setClipStatus` with REJECTED it does not. Errors: NOT_FOUND, CONFLICT (the episode is archived), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteClip,
  },
  {
    description: 'The clip that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the clip that was deleted.' }),
    }),
  },
);
