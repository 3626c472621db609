import * as resolvers from '#resolvers/episodes.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { Job, JobPriority } from './jobs.ts';
import { User } from './users.ts';

const EpisodeStatus = builder.enumType('EpisodeStatus', {
  description: 'How far an episode has come.',
  values: {
    UPLOADING: { description: 'Its file is arriving.' },
    UPLOADED: { description: 'It is here, with its transcript; `processEpisode` finds its clips.' },
    PROCESSING: { description: 'A job is at work on it.' },
    READY: { description: 'Its clips are found.' },
    FAILED: { description: 'Its job failed; `error` says why.' },
    ARCHIVED: { description: 'Put away; still readable.' },
  },
});

export const Platform = builder.enumType('Platform', {
  description: 'Where a clip is to be shown.',
  values: {
    TIKTOK: { description: 'TikTok.' },
    INSTAGRAM_REELS: { description: 'Instagram Reels.' },
    YOUTUBE_SHORTS: { description: 'YouTube Shorts.' },
    X: { description: 'X, formerly Twitter.' },
    LINKEDIN: { description: 'LinkedIn.' },
  },
});

export const Genre = builder.enumType('Genre', {
  description: 'What an episode is; it weighs what makes a good clip.',
  values: {
    GENERAL: { description: 'Anything.' },
    COMEDY: { description: 'Meant to be funny.' },
    EDUCATION: { description: 'Explains.' },
    INTERVIEW: { description: 'Asks and answers.' },
    BUSINESS: { description: 'About companies, work and money.' },
    NEWS: { description: 'Tells what happened.' },
    STORYTELLING: { description: 'Tells a story.' },
    SPORTS: { description: 'About sports.' },
  },
});

export const TranscriptFormat = builder.enumType('TranscriptFormat', {
  description: 'How a transcript is written.',
  values: {
    SRT: { description: 'SubRip.' },
    VTT: { description: 'WebVTT, with its voice tags.' },
    JSON: { description: 'Podcasting 2.0, also with one word a segment, or Whisper’s verbose JSON.' },
    TEXT: { description: 'Plain text in turns: `Speaker: HH:MM:SS`, then what they say.' },
  },
});

const TranscriptWord = builder.simpleObject('TranscriptWord', {
  description: 'One spoken word.',
  fields: (t) => ({
    text: t.string({ description: 'As written, with its punctuation.' }),
    startSeconds: t.float({ description: 'When it begins.' }),
    endSeconds: t.float({ description: 'When it ends.' }),
    confidence: t.float({ nullable: true, description: 'How sure the transcriber was, 0 to 1.' }),
    interpolated: t.boolean({
      description: 'True where the source gave no word times and these were spread over the segment.',
    }),
  }),
});

export const TranscriptSegment = builder.prismaObject('TranscriptSegment', {
  description: 'A timed piece of a transcript, usually what one caption shows.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same until the transcript is replaced.', resolve: idOf('TranscriptSegment') }),
    index: t.exposeInt('index', { description: '0, 1, 2 … within its episode.' }),
    startSeconds: t.exposeFloat('startSeconds', { description: 'When it begins, in seconds of the recording.' }),
    endSeconds: t.exposeFloat('endSeconds', { description: 'When it ends, in seconds of the recording.' }),
    text: t.exposeString('text', { description: 'What is said.' }),
    speaker: t.exposeString('speaker', { nullable: true, description: 'Who says it.' }),
    confidence: t.exposeFloat('confidence', { nullable: true, description: 'How sure the transcriber was, 0 to 1.' }),
    words: t.field({ type: [TranscriptWord], description: 'Its words with their times.', resolve: resolvers.words }),
  }),
});

const TranscriptSegmentConnection = connectionType(TranscriptSegment, 'TranscriptSegment', 'segments');

export const Episode = builder.prismaObject('Episode', {
  description: 'A recording with its transcript, or a transcript alone, and the clips found in it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('Episode') }),
    owner: t.field({ type: User, description: 'Whose it is.', resolve: resolvers.owner }),
    title: t.exposeString('title', { nullable: true, description: 'What it is called.' }),
    originalName: t.exposeString('originalName', {
      description: 'The name of the file it came from; its title, where it came as text.',
    }),
    contentType: t.exposeString('contentType', { nullable: true, description: 'The media type of that file.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'SafeInt', description: 'The size of that file.' }),
    receivedBytes: t.expose('receivedBytes', {
      type: 'SafeInt',
      description: 'Bytes that have arrived so far; equal to sizeBytes once the upload is whole.',
    }),
    status: t.expose('status', { type: EpisodeStatus, description: 'How far it has come.' }),
    durationSeconds: t.exposeFloat('durationSeconds', { nullable: true, description: 'How long it is.' }),
    language: t.exposeString('language', { nullable: true, description: 'BCP 47, as `en` or `he`.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it FAILED, in words for its owner.' }),
    uploadedAt: t.expose('uploadedAt', { type: 'DateTime', nullable: true, description: 'When it was all here.' }),
    processedAt: t.expose('processedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its clips were last found.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    transcript: t.field({
      type: TranscriptSegmentConnection,
      description: 'What is said, in order; with bounds, every segment that has a part between them.',
      args: {
        ...t.arg.connectionArgs(),
        fromSeconds: t.arg.float({ description: 'Only what ends after this.' }),
        toSeconds: t.arg.float({ description: 'Only what begins before this.' }),
      },
      complexity: pageCost,
      resolve: resolvers.transcript,
    }),
    job: t.field({
      type: Job,
      nullable: true,
      description: 'The newest job about this episode.',
      resolve: resolvers.job,
    }),
  }),
});

const EpisodeConnection = connectionType(Episode, 'Episode', 'episodes');

const EpisodeFilter = builder.inputType('EpisodeFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    statuses: t.field({ type: [EpisodeStatus], description: 'Only those that have come so far.' }),
    titleContains: t.string({ description: 'Only those whose title has this in it, in upper or lower case.' }),
  }),
});

builder.queryFields((t) => ({
  episode: t.field({
    type: Episode,
    nullable: true,
    description: "An episode; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The episode.' }) },
    resolve: resolvers.episode,
  }),
  episodes: t.field({
    type: EpisodeConnection,
    description: "The viewer's episodes, newest first.",
    args: { filter: t.arg({ type: EpisodeFilter, description: 'Which.' }), ...t.arg.connectionArgs() },
    complexity: pageCost,
    resolve: resolvers.episodeList,
  }),
}));

const KEY = 'The same key with the same input gives the first answer again, for at least 24 hours.';

const ImportTranscriptInput = builder.inputType('ImportTranscriptInput', {
  description:
    'A transcript. A larger one than a request may hold (256 KiB) goes to `PUT /episodes/:id/transcript`, or to `POST /episodes` for a new episode: up to 20 MB and 50,000 segments.',
  fields: (t) => ({
    episodeId: t.id({
      description:
        'Whose transcript it is, replacing the old one and the clips in it; a new episode where it is left out.',
    }),
    title: t.string({ description: 'What the episode is called; needed for a new one.' }),
    format: t.field({ type: TranscriptFormat, required: true, description: 'How it is written.' }),
    content: t.string({ required: true, description: 'The whole file.' }),
    language: t.string({ description: 'BCP 47, as `en` or `he`.' }),
    idempotencyKey: t.string({ description: KEY }),
  }),
});
const ProcessEpisodeInput = builder.inputType('ProcessEpisodeInput', {
  description: 'What is looked for.',
  fields: (t) => ({
    episodeId: t.id({ required: true, description: 'The episode.' }),
    platforms: t.field({
      type: [Platform],
      defaultValue: resolvers.DEFAULTS.platforms,
      description: 'Where the clips are to be shown.',
    }),
    genre: t.field({ type: Genre, defaultValue: resolvers.DEFAULTS.genre, description: 'What the episode is.' }),
    maxClips: t.int({ defaultValue: resolvers.DEFAULTS.maxClips, description: 'How many for each platform, 1 to 50.' }),
    priority: t.field({ type: JobPriority, defaultValue: resolvers.DEFAULTS.priority, description: 'How soon.' }),
    idempotencyKey: t.string({ description: KEY }),
  }),
});
const episodeInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ episodeId: t.id({ required: true, description: 'The episode.' }) }),
  });

const ImportTranscriptPayload = builder.simpleObject('ImportTranscriptPayload', {
  description: 'The transcript is stored.',
  fields: (t) => ({
    episode: t.field({ type: Episode, description: 'Its episode.' }),
    segments: t.int({ description: 'How many segments it has.' }),
  }),
});
const ProcessEpisodePayload = builder.simpleObject('ProcessEpisodePayload', {
  description: 'The work has been queued.',
  fields: (t) => ({
    job: t.field({ type: Job, description: 'Follow it with `jobProgress`.' }),
    episode: t.field({ type: Episode, description: 'Its clips change when the job is done.' }),
  }),
});
const ArchiveEpisodePayload = builder.simpleObject('ArchiveEpisodePayload', {
  description: 'The episode is put away.',
  fields: (t) => ({ episode: t.field({ type: Episode, description: 'The episode.' }) }),
});
const DeleteEpisodePayload = builder.simpleObject('DeleteEpisodePayload', {
  description: 'The episode is gone, with its transcript, clips and feedback.',
  fields: (t) => ({ deletedId: t.id({ description: 'The id that was.' }) }),
});

builder.mutationFields((t) => ({
  importTranscript: t.field({
    type: ImportTranscriptPayload,
    nullable: true,
    description: 'Gives an episode its transcript, or makes an episode of one.',
    args: { input: t.arg({ type: ImportTranscriptInput, required: true, description: 'The transcript.' }) },
    resolve: resolvers.importTranscript,
  }),
  processEpisode: t.field({
    type: ProcessEpisodePayload,
    nullable: true,
    description:
      'Starts a job that finds the best clips. CONFLICT while one is at work on the episode; QUEUE_FULL where too many wait.',
    args: { input: t.arg({ type: ProcessEpisodeInput, required: true, description: 'What is looked for.' }) },
    resolve: resolvers.processEpisode,
  }),
  archiveEpisode: t.field({
    type: ArchiveEpisodePayload,
    nullable: true,
    description: 'Puts an episode away; it stays readable.',
    args: {
      input: t.arg({
        type: episodeInput('ArchiveEpisodeInput', 'What is put away.'),
        required: true,
        description: 'Which.',
      }),
    },
    resolve: resolvers.archiveEpisode,
  }),
  deleteEpisode: t.field({
    type: DeleteEpisodePayload,
    nullable: true,
    description: 'Deletes an episode with its transcript, clips and feedback; conversations about it stay.',
    args: {
      input: t.arg({
        type: episodeInput('DeleteEpisodeInput', 'What is deleted.'),
        required: true,
        description: 'Which.',
      }),
    },
    resolve: resolvers.deleteEpisode,
  }),
}));

builder.subscriptionField('episodeUpdated', (t) =>
  t.field({
    type: Episode,
    description: 'The episode as it is now, then its newest state after each change; ends when it is deleted.',
    args: { episodeId: t.arg.id({ required: true, description: 'The episode.' }) },
    subscribe: resolvers.episodeUpdated,
    resolve: (episode) => episode,
  }),
);
