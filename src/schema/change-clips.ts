import { DECISIONS, TRIMMABLE } from '#domain/episodes/clips/clip-statuses.ts';
import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { MAX_CLIP_TITLE_LENGTH } from '#domain/episodes/edit-clips.ts';
import * as resolvers from '#resolvers/clips.ts';
import { builder } from './builder.ts';
import { Clip, ClipConnection, ClipStatus } from './clips.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';

builder.relayMutationField(
  'trimClip',
  {
    description:
      'The new start and end of a clip, in seconds from the start of the recording. A value that is omitted stays unchanged.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to trim.' }),
      startSeconds: t.float({ description: 'The new start, 0 or more. Rounded to milliseconds.' }),
      endSeconds: t.float({
        description: `The new end, at most the duration of the episode, and ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds after the start, within the limits of the platform. Rounded to milliseconds.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: `Changes the start and end of a clip. \`processEpisode\` no longer replaces a trimmed clip. Errors: NOT_FOUND, CONFLICT (the clip is neither ${TRIMMABLE.join(' nor ')}, or the episode is archived), IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.trimClip,
  },
  {
    description: 'The clip that was trimmed.',
    outputFields: (t) => ({
      clip: t.expose('clip', { type: Clip, description: 'The clip after the change.' }),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);

builder.relayMutationField(
  'updateClip',
  {
    description: 'The changes of a clip.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to change.' }),
      title: t.string({
        required: true,
        description: `The new title of the clip, 1 to ${MAX_CLIP_TITLE_LENGTH} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the title of a clip, which is also the name of its file when it is downloaded. The clip keeps it when its edges or its transcript change, and `processEpisode` no longer replaces the clip. Errors: NOT_FOUND, CONFLICT (the episode is archived), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateClip,
  },
  {
    description: 'The clip that was changed.',
    outputFields: (t) => ({
      clip: t.expose('clip', { type: Clip, description: 'The clip after the change.' }),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);

builder.relayMutationField(
  'setClipStatus',
  {
    description: 'A clip, and the decision about it.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip.' }),
      status: t.field({
        type: ClipStatus,
        required: true,
        description: `The new status: one of ${DECISIONS.join(', ')}. The other statuses are set by rendering.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Stores the editorial decision about a clip. Allowed changes: from SUGGESTED or READY to APPROVED, REJECTED or PUBLISHED; from APPROVED to SUGGESTED, REJECTED or PUBLISHED; from REJECTED to SUGGESTED or APPROVED; from PUBLISHED to APPROVED (taken down); from FAILED to SUGGESTED, APPROVED or REJECTED. Errors: NOT_FOUND, CONFLICT (the change is not allowed, or the episode is archived), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.setClipStatus,
  },
  {
    description: 'The clip with its new status.',
    outputFields: (t) => ({
      clip: t.expose('clip', { type: Clip, description: 'The clip after the change.' }),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);
