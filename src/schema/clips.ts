import type { ClipFeatures as ClipFeaturesShape } from '#domain/episodes/clips/clip-features.ts';
import { DECISIONS, TRIMMABLE } from '#domain/episodes/clips/clip-statuses.ts';
import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { RATINGS } from '#domain/episodes/feedback.ts';
import * as resolvers from '#resolvers/clips.ts';
import { clips as clipsOfEpisode } from '#resolvers/episodes.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Episode, Genre, Platform } from './episodes.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection, JobPriority } from './jobs.ts';
import { TranscriptFormat } from './transcripts.ts';

const ClipStatus = builder.enumType('ClipStatus', {
  description: 'The editorial decision about a clip, or the state of its media file.',
  values: {
    SUGGESTED: {
      description: 'The clip was found in the transcript. It is not rendered, and no decision was made about it.',
    },
    RENDERING: { description: 'The clip is being rendered.' },
    READY: { description: 'The clip is rendered, and no decision was made about it.' },
    FAILED: { description: 'Rendering the clip failed, and there is no earlier file.' },
    APPROVED: { description: 'The clip was approved; `processEpisode` no longer replaces it.' },
    REJECTED: { description: 'The clip was rejected; `processEpisode` does not suggest it again.' },
    PUBLISHED: { description: 'The clip was published on its platform.' },
  },
});

const ClipFeatures = builder.objectRef<ClipFeaturesShape>('ClipFeatures').implement({
  description: 'The features by which a clip is scored, each from 0 to 1; greater is better.',
  fields: (t) => ({
    hook: t.exposeFloat('hook', {
      description: "How well the first three seconds of the clip catch a viewer's attention.",
    }),
    completeness: t.exposeFloat('completeness', {
      description:
        'How well the clip stands alone: it needs no context from before, and ends with a completed thought.',
    }),
    keywordSalience: t.exposeFloat('keywordSalience', {
      description: 'How characteristic the words of the clip are for this part of the episode; 0.5 is typical.',
    }),
    questionOrNumber: t.exposeFloat('questionOrNumber', {
      description: 'Whether the clip asks a question, preferably early, or mentions a number.',
    }),
    speakerExchange: t.exposeFloat('speakerExchange', {
      description: 'How much the speakers of the clip alternate, preferably as question and answer; 0 for a monologue.',
    }),
    sentimentSwing: t.exposeFloat('sentimentSwing', {
      description:
        'How much the sentiment of the clip changes between positive and negative; 0 for languages other than English.',
    }),
    fluency: t.exposeFloat('fluency', {
      description: 'How few filler words, such as "um", the clip has; 1 if it has none.',
    }),
    speechRate: t.exposeFloat('speechRate', {
      description: 'The rate of speech in the clip relative to the whole episode; 0.5 is typical.',
    }),
    lengthFit: t.exposeFloat('lengthFit', {
      description: 'How close the length of the clip is to the best length for its platform.',
    }),
  }),
});

const PlatformFit = builder.simpleObject('PlatformFit', {
  description:
    'Whether the length of a clip is allowed on its platform, and if not, the nearest start and end that are.',
  fields: (t) => ({
    fits: t.boolean({ description: 'Whether the platform allows the length of the clip.' }),
    reason: t.string({ nullable: true, description: 'Why the platform does not allow the clip; null if it does.' }),
    suggestedStartSeconds: t.float({
      nullable: true,
      description: 'A suggested start at the start of a sentence, in seconds from the start of the recording.',
    }),
    suggestedEndSeconds: t.float({
      nullable: true,
      description: 'A suggested end at the end of a sentence, in seconds from the start of the recording.',
    }),
  }),
});

export const Clip = builder.prismaObject('Clip', {
  description: `An excerpt of an episode suggested for sharing on a platform: whole sentences, ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds long.`,
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the clip. Valid until the episode is processed for the same platform again.',
      resolve: idOf('Clip'),
    }),
    episode: t.field({ type: Episode, description: 'The episode that the clip is from.', resolve: resolvers.episode }),
    title: t.exposeString('title', { description: 'A title made of the salient words of the clip.' }),
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'The start of the clip, in seconds from the start of the recording.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      description: 'The end of the clip, in seconds from the start of the recording.',
    }),
    durationSeconds: t.float({
      description: 'The length of the clip, in seconds.',
      resolve: ({ startSeconds, endSeconds }) => Math.round((endSeconds - startSeconds) * 1000) / 1000,
    }),
    score: t.exposeFloat('score', {
      description:
        'The predicted quality of the clip, 0 to 1: the weighted sum of its features, with weights that depend on the genre.',
    }),
    features: t.expose('features', {
      type: 'JSON',
      description:
        "The features that `score` is computed from, as an object of numbers from 0 to 1; `featureScores` has the same values, typed. If the owner's feedback has changed the weights, `weights` is an object with the weights that were used, which sum to 1, and the `version` of the learned weights.",
    }),
    featureScores: t.field({
      type: ClipFeatures,
      description: 'The features that `score` is computed from, each from 0 to 1.',
      resolve: resolvers.featureScores,
    }),
    genre: t.expose('genre', { type: Genre, description: 'The genre whose weights were used for the score.' }),
    platform: t.expose('platform', { type: Platform, description: 'The platform that the clip is for.' }),
    platformFit: t.field({
      type: PlatformFit,
      description: 'Whether the length of the clip is allowed on its platform.',
      resolve: resolvers.platformFit,
    }),
    status: t.expose('status', {
      type: ClipStatus,
      description: 'The editorial decision about the clip, or the state of its media file.',
    }),
    trimmedAt: t.expose('trimmedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When `trimClip` last changed the start or end of the clip; null if it never did. Trimming does not change title and score.',
    }),
    renderOutOfDate: t.exposeBoolean('renderOutOfDate', {
      description:
        'Whether the file at `mediaUrl` is out of date because the clip was trimmed, or words in its burnt-in captions were corrected. The old file stays available until `renderClip` replaces it.',
    }),
    captions: t.string({
      description: 'The captions of the clip as file content, with times relative to the start of the clip.',
      args: {
        format: t.arg({
          type: TranscriptFormat,
          required: true,
          defaultValue: 'VTT',
          description: 'The file format of the captions.',
        }),
      },
      resolve: resolvers.captions,
    }),
    averageRating: t.float({
      nullable: true,
      description: `The mean rating of the clip, ${RATINGS.min} to ${RATINGS.max}; null if it has no ratings.`,
      resolve: resolvers.averageRating,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the clip was created.' }),
  }),
});

export const ClipConnection = connectionType(Clip, 'Clip', 'clips');

const ClipOrder = builder.enumType('ClipOrder', {
  description: 'The sort order of a list of clips.',
  values: {
    SCORE_DESC: { description: 'By score, highest first.' },
    CREATED_DESC: { description: 'By creation time, newest first.' },
    START_ASC: { description: 'By episode, then by start time in the recording.' },
  },
});

const ClipFilter = builder.inputType('ClipFilter', {
  description: 'Filter for clips. All given conditions must match.',
  fields: (t) => ({
    episodeId: t.id({ description: 'Only clips of the episode with this id.' }),
    platforms: t.field({ type: [Platform], description: 'Only clips for one of these platforms.' }),
    genres: t.field({ type: [Genre], description: 'Only clips that were scored for one of these genres.' }),
    statuses: t.field({ type: [ClipStatus], description: 'Only clips in one of these statuses.' }),
    minScore: t.float({ description: 'Only clips with at least this score, 0 to 1.' }),
    titleContains: t.string({
      description: `Only clips whose title contains this text, ignoring case and accents; up to ${resolvers.MAX_TITLE_FILTER_LENGTH} characters.`,
    }),
  }),
});

builder.prismaObjectField(Episode, 'clips', (t) =>
  t.field({
    type: ClipConnection,
    description: 'The clips that `processEpisode` found in the episode.',
    args: {
      platform: t.arg({ type: Platform, description: 'Only clips for this platform.' }),
      orderBy: t.arg({ type: ClipOrder, defaultValue: 'SCORE_DESC', description: 'The order of the clips.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: clipsOfEpisode,
  }),
);

builder.queryFields((t) => ({
  clip: t.field({
    type: Clip,
    nullable: true,
    description: 'A clip by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The id of the clip.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.clip,
  }),
  clips: t.field({
    type: ClipConnection,
    description: "The clips of all the viewer's episodes.",
    args: {
      filter: t.arg({ type: ClipFilter, description: 'Only clips that match this filter.' }),
      orderBy: t.arg({ type: ClipOrder, defaultValue: 'SCORE_DESC', description: 'The order of the clips.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.clips,
  }),
}));

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

const ClipFraming = builder.enumType('ClipFraming', {
  description: 'How a video is fitted into a frame with another aspect ratio.',
  values: {
    BARS: { description: 'The whole video is visible, in front of a blurred copy that fills the frame.' },
    CROP: { description: 'The middle of the video fills the frame; its sides are cropped.' },
  },
});

builder.relayMutationField(
  'renderClip',
  {
    description: 'The clip to render, with options.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to render.' }),
      startSeconds: t.float({
        description:
          'A new start of the clip, in seconds from the start of the recording, with the same effect as in `trimClip`.',
      }),
      endSeconds: t.float({
        description:
          'A new end of the clip, in seconds from the start of the recording, with the same effect as in `trimClip`.',
      }),
      burnCaptions: t.boolean({
        defaultValue: false,
        description: 'Whether captions are burnt into the video. Requires a picture: a video recording, or `vertical`.',
      }),
      vertical: t.boolean({
        defaultValue: false,
        description:
          'Whether to render a vertical video (9:16). For an audio recording, the picture is drawn from its waveform.',
      }),
      framing: t.field({
        type: ClipFraming,
        defaultValue: 'BARS',
        description: 'How a video with another aspect ratio is fitted into 9:16.',
      }),
      priority: t.field({
        type: JobPriority,
        defaultValue: 'NORMAL',
        description: 'The priority of the job. URGENT requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that renders a clip from its recording, as M4A, or as MP4 if it has a picture, normalized to -14 LUFS; follow it with `jobProgress`. The same input yields the same file; a different input replaces the file. Errors: NOT_FOUND, CONFLICT (the episode is archived or has no recording, or the clip is being rendered), QUOTA_EXCEEDED, QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.renderClip,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job that renders the file.' }),
      clip: t.expose('clip', {
        type: Clip,
        description: 'The clip. Its media file is available once the job has SUCCEEDED.',
      }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
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
