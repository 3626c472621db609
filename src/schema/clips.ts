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
  description: 'What was decided about a clip, or whether it exists as a media file.',
  values: {
    SUGGESTED: {
      description: 'The clip was found in the transcript; there is no file of it, and nothing was decided.',
    },
    RENDERING: { description: 'The file of the clip is being made.' },
    READY: { description: 'The file of the clip is there; nothing was decided about it.' },
    FAILED: { description: 'The file of the clip could not be made, and there is none from before.' },
    APPROVED: { description: 'The clip is wanted; `processEpisode` does not replace it any more.' },
    REJECTED: { description: 'The clip is not wanted; `processEpisode` does not suggest it again.' },
    PUBLISHED: { description: 'The clip has been shared on its platform.' },
  },
});

const ClipFeatures = builder.objectRef<ClipFeaturesShape>('ClipFeatures').implement({
  description: 'What a clip is judged by. Every feature is 0 to 1, and more is better.',
  fields: (t) => ({
    hook: t.exposeFloat('hook', {
      description: 'How well the first three seconds of the clip hold someone who is scrolling.',
    }),
    completeness: t.exposeFloat('completeness', {
      description: 'How well the clip stands alone: it needs nothing before it, and ends where a thought ends.',
    }),
    keywordSalience: t.exposeFloat('keywordSalience', {
      description: 'How much the words of the clip say what this part of the episode is about; 0.5 is usual.',
    }),
    questionOrNumber: t.exposeFloat('questionOrNumber', {
      description: 'Whether a question is raised in the clip, best early, or a number is named.',
    }),
    speakerExchange: t.exposeFloat('speakerExchange', {
      description: 'Whether people talk with each other in the clip, best in question and answer; 0 in a monologue.',
    }),
    sentimentSwing: t.exposeFloat('sentimentSwing', {
      description: 'How far the feeling of the clip moves between good and bad; 0 for languages other than English.',
    }),
    fluency: t.exposeFloat('fluency', {
      description: 'How few fillers, such as "um", there are among the words of the clip; 1 without any.',
    }),
    speechRate: t.exposeFloat('speechRate', {
      description: 'How fast the clip is spoken, against the episode as a whole; 0.5 is usual.',
    }),
    lengthFit: t.exposeFloat('lengthFit', {
      description: 'How near the length of the clip is to what does best on its platform.',
    }),
  }),
});

const PlatformFit = builder.simpleObject('PlatformFit', {
  description: 'Whether a clip has a length that its platform takes, and if not the nearest edges that would do.',
  fields: (t) => ({
    fits: t.boolean({ description: 'Whether the platform takes the clip as it is.' }),
    reason: t.string({ nullable: true, description: 'Why the platform does not take the clip; null where it does.' }),
    suggestedStartSeconds: t.float({
      nullable: true,
      description: 'Where the clip could begin instead, at the start of a sentence, in seconds of the recording.',
    }),
    suggestedEndSeconds: t.float({
      nullable: true,
      description: 'Where the clip could end instead, at the end of a sentence, in seconds of the recording.',
    }),
  }),
});

export const Clip = builder.prismaObject('Clip', {
  description: `A stretch of an episode that is worth sharing on a platform: whole sentences, ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds.`,
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the clip, which lasts until the episode is processed for the same platform again.',
      resolve: idOf('Clip'),
    }),
    episode: t.field({ type: Episode, description: 'The episode that the clip is from.', resolve: resolvers.episode }),
    title: t.exposeString('title', { description: 'A title made of the salient words of the clip.' }),
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'Where the clip begins, in seconds from the start of the recording.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      description: 'Where the clip ends, in seconds from the start of the recording.',
    }),
    durationSeconds: t.float({
      description: 'The length of the clip, in seconds.',
      resolve: ({ startSeconds, endSeconds }) => Math.round((endSeconds - startSeconds) * 1000) / 1000,
    }),
    score: t.exposeFloat('score', {
      description: 'How good a clip it promises to be, 0 to 1: the sum of its features, weighed as its genre has it.',
    }),
    features: t.expose('features', {
      type: 'JSON',
      description:
        'What `score` is made of, as an object of numbers from 0 to 1; `featureScores` is the same, typed. Where feedback of the owner has shifted what counts, `weights` is an object of the weights that were used, which sum to 1, with the `version` of what was learned.',
    }),
    featureScores: t.field({
      type: ClipFeatures,
      description: 'What `score` is made of, each feature from 0 to 1.',
      resolve: resolvers.featureScores,
    }),
    genre: t.expose('genre', { type: Genre, description: 'The genre that the features were weighed for.' }),
    platform: t.expose('platform', { type: Platform, description: 'The platform that the clip is for.' }),
    platformFit: t.field({
      type: PlatformFit,
      description: 'Whether the clip has a length that its platform takes.',
      resolve: resolvers.platformFit,
    }),
    status: t.expose('status', {
      type: ClipStatus,
      description: 'What was decided about the clip, or whether it exists as a media file.',
    }),
    trimmedAt: t.expose('trimmedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When `trimClip` last moved the edges of the clip, whose title and score stay those of what was found; null where it did not.',
    }),
    renderOutOfDate: t.exposeBoolean('renderOutOfDate', {
      description:
        'Whether `mediaUrl` shows or says something else than the clip does by now, since its edges have moved or words that are written into it were corrected. It is there until `renderClip` has made its successor.',
    }),
    captions: t.string({
      description: 'The captions of just this clip, timed from its start.',
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
      description: `The mean of the ratings of the clip, ${RATINGS.min} to ${RATINGS.max}; null without any.`,
      resolve: resolvers.averageRating,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the clip was found.' }),
  }),
});

export const ClipConnection = connectionType(Clip, 'Clip', 'clips');

const ClipOrder = builder.enumType('ClipOrder', {
  description: 'How a list of clips is ordered.',
  values: {
    SCORE_DESC: { description: 'By score, the best clip first.' },
    CREATED_DESC: { description: 'By when they were found, the newest clip first.' },
    START_ASC: { description: 'Episode by episode, in order of the recording.' },
  },
});

const ClipFilter = builder.inputType('ClipFilter', {
  description: 'Conditions on clips; all that are given must hold.',
  fields: (t) => ({
    episodeId: t.id({ description: 'Only clips of the episode with this id.' }),
    platforms: t.field({ type: [Platform], description: 'Only clips for one of these platforms.' }),
    genres: t.field({ type: [Genre], description: 'Only clips whose features were weighed for one of these genres.' }),
    statuses: t.field({ type: [ClipStatus], description: 'Only clips in one of these statuses.' }),
    minScore: t.float({ description: 'Only clips with this score or more, 0 to 1.' }),
    titleContains: t.string({
      description: `Only clips that have this text in their title, whatever the case and accents of either; up to ${resolvers.MAX_TITLE_FILTER_LENGTH} characters.`,
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
    description: "A clip by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The id of the clip.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.clip,
  }),
  clips: t.field({
    type: ClipConnection,
    description: "The clips of all the viewer's episodes.",
    args: {
      filter: t.arg({ type: ClipFilter, description: 'Only clips that meet these conditions.' }),
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
    description: 'The new edges of a clip, in seconds of the recording; one that is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to trim.' }),
      startSeconds: t.float({ description: 'Where the clip is to begin, 0 or more, exact to the millisecond.' }),
      endSeconds: t.float({
        description: `Where the clip is to end, at most where the episode does and ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds after the start, as its platform takes it; exact to the millisecond.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: `Moves the edges of a clip, which \`processEpisode\` does not replace any more. Errors: NOT_FOUND, CONFLICT (the clip is neither ${TRIMMABLE.join(' nor ')}, or the episode is archived), IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.trimClip,
  },
  {
    description: 'The clip that was trimmed.',
    outputFields: (t) => ({
      clip: t.expose('clip', { type: Clip, description: 'The clip as it is now.' }),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);

const ClipFraming = builder.enumType('ClipFraming', {
  description: 'How a video comes into a picture of another shape.',
  values: {
    BARS: { description: 'The whole video is seen, with a blurred copy of itself behind it.' },
    CROP: { description: 'The middle of the video fills the picture; what is at its sides is cut off.' },
  },
});

builder.relayMutationField(
  'renderClip',
  {
    description: 'The clip to render, and how.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to render.' }),
      startSeconds: t.float({
        description: 'Where the clip is to begin instead, in seconds of the recording, as in `trimClip`.',
      }),
      endSeconds: t.float({
        description: 'Where the clip is to end instead, in seconds of the recording, as in `trimClip`.',
      }),
      burnCaptions: t.boolean({
        defaultValue: false,
        description: 'Whether what is said is written into the picture, which there has to be.',
      }),
      vertical: t.boolean({
        defaultValue: false,
        description: 'Whether the picture is to be 9:16; of a recording without a picture it is drawn from its sound.',
      }),
      framing: t.field({
        type: ClipFraming,
        defaultValue: 'BARS',
        description: 'How a video of another shape comes into 9:16.',
      }),
      priority: t.field({
        type: JobPriority,
        defaultValue: 'NORMAL',
        description: 'How soon the job is taken; URGENT requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that cuts a clip out of its recording, as m4a, or as mp4 where there is a picture, at -14 LUFS; follow it with `jobProgress`. The same input again has the same file, and another one replaces it. Errors: NOT_FOUND, CONFLICT (the episode is archived or has no recording, or the clip is being rendered), QUOTA_EXCEEDED, QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.renderClip,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job that makes the file.' }),
      clip: t.expose('clip', { type: Clip, description: 'The clip, READY when the job has SUCCEEDED.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);

builder.relayMutationField(
  'setClipStatus',
  {
    description: 'What was decided about a clip.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip.' }),
      status: t.field({
        type: ClipStatus,
        required: true,
        description: `One of ${DECISIONS.join(', ')}; the others are for whoever renders the clip.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Notes what was decided about a clip. From SUGGESTED it becomes APPROVED, REJECTED or PUBLISHED; from APPROVED any other of these; from REJECTED it becomes SUGGESTED or APPROVED, and from PUBLISHED, as it is taken down, APPROVED. Errors: NOT_FOUND, CONFLICT (the clip cannot become that from where it is, or the episode is archived), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.setClipStatus,
  },
  {
    description: 'The clip that was decided about.',
    outputFields: (t) => ({
      clip: t.expose('clip', { type: Clip, description: 'The clip as it is now.' }),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);
