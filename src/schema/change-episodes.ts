import { MAX_CLIPS } from '#domain/episodes/episodes.ts';
import { MAX_EPISODE_TITLE_LENGTH, MAX_LANGUAGE_LENGTH } from '#domain/episodes/update-episode.ts';
import * as resolvers from '#resolvers/episodes.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Episode, EpisodeConnection, Genre, Platform } from './episodes.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection, JobPriority } from './jobs.ts';

builder.relayMutationField(
  'processEpisode',
  {
    description: 'The episode to process, and which clips to find.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode, which must have a transcript.' }),
      platforms: t.field({
        type: [Platform],
        defaultValue: resolvers.DEFAULTS.platforms,
        description:
          'The platforms to find clips for, at least one. Earlier suggestions for these platforms are replaced, except clips changed by `trimClip`, `updateClip` or `setClipStatus`, or created by `createClip`.',
      }),
      genre: t.field({
        type: Genre,
        defaultValue: resolvers.DEFAULTS.genre,
        description: 'The genre of the episode.',
      }),
      maxClips: t.int({
        defaultValue: resolvers.DEFAULTS.maxClips,
        description: `The maximum number of clips for each platform, 1 to ${MAX_CLIPS}.`,
      }),
      priority: t.field({
        type: JobPriority,
        defaultValue: resolvers.DEFAULTS.priority,
        description: 'The priority of the job. URGENT requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that finds the best clips in the transcript of an episode; follow it with `jobProgress`. Errors: NOT_FOUND, CONFLICT (the episode is archived, its file is not completely uploaded, it has neither a file nor a transcript, or a job is processing it), QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.processEpisode,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job that finds the clips.' }),
      episode: t.expose('episode', {
        type: Episode,
        description: 'The episode. Its clips change once the job has SUCCEEDED.',
      }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'updateEpisode',
  {
    description: 'Changes to an episode; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to change.' }),
      title: t.string({
        description: `The title of the episode, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters; null removes it.`,
      }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, such as \`en\` or \`he\`, 1 to ${MAX_LANGUAGE_LENGTH} characters; null removes it.`,
      }),
      archived: t.boolean({
        description: 'True archives the episode, false restores it with its previous status.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the title and language of an episode, and whether it is archived. Errors: NOT_FOUND, CONFLICT (the episode cannot be archived while a job processes it), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateEpisode,
  },
  {
    description: 'The episode that was changed.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The episode after the change.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'archiveEpisode',
  {
    description: 'The episode to archive.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to archive.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Archives an episode, like `updateEpisode` with `archived: true`. An archived episode can be read, but not processed, and its transcript cannot be replaced. No effect if it is already archived. Errors: NOT_FOUND, CONFLICT (a job is processing the episode), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.archiveEpisode,
  },
  {
    description: 'The episode that was archived.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The archived episode.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteEpisode',
  {
    description: 'The episode to delete.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes an episode with its transcript, clips and feedback. Conversations about it remain. Errors: NOT_FOUND, CONFLICT (a job is processing the episode), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteEpisode,
  },
  {
    description: 'The episode that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the episode that was deleted.' }),
    }),
  },
);
