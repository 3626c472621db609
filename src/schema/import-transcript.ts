import { MAX_WARNINGS } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { MAX_TRANSCRIPT_BYTES } from '#domain/episodes/transcripts/import-transcript.ts';
import { MAX_SEGMENTS } from '#domain/episodes/transcripts/segments/limit.ts';
import { MAX_EPISODE_TITLE_LENGTH, MAX_LANGUAGE_LENGTH } from '#domain/episodes/update-episode.ts';
import * as resolvers from '#resolvers/episodes.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Episode, EpisodeConnection } from './episodes.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { TranscriptFormat, TranscriptWarning } from './transcripts.ts';

builder.relayMutationField(
  'importTranscript',
  {
    description: `A transcript of up to ${digits(MAX_SEGMENTS)} segments, within the size limit of requests. Upload a larger file, up to ${MAX_TRANSCRIPT_BYTES / 2 ** 20} MiB, to \`PUT /episodes/:id/transcript\`, or to \`POST /episodes\` for a new episode.`,
    inputFields: (t: InputFields) => ({
      episodeId: t.id({
        description:
          'The id of an episode, whose transcript is replaced. Default: a new episode is created. Corrections made by `updateSegment` are kept where the surrounding words are found again. Clips move with their words and are scored again; a clip whose words are not found keeps its times if it was approved, rejected, published, trimmed or rendered, and is deleted otherwise.',
      }),
      title: t.string({
        description: `The title of the episode, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters. Required for a new episode.`,
      }),
      format: t.field({
        type: TranscriptFormat,
        required: true,
        description:
          'The file format of the transcript. SRT, VTT and TEXT are told apart by the content, whichever of them is given.',
      }),
      content: t.string({ required: true, description: 'The content of the file as text.' }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, such as \`en\` or \`he\`, up to ${MAX_LANGUAGE_LENGTH} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Stores the transcript of an episode, or creates an episode with one. Errors: NOT_FOUND, CONFLICT (the episode is archived, is being processed by a job, or is being corrected at the same time), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.importTranscript,
  },
  {
    description: 'The transcript that was stored.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The episode that has the transcript.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
      segments: t.exposeInt('segments', { description: 'The number of segments in the transcript.' }),
      passedOver: t.exposeInt('passedOver', {
        description: 'The number of cues, turns or segments of the file that could not be used and were skipped.',
      }),
      warningCount: t.exposeInt('warningCount', {
        description: 'The total number of warnings.',
      }),
      warnings: t.expose('warnings', {
        type: [TranscriptWarning],
        description: `The first ${MAX_WARNINGS} warnings about content that was skipped or corrected.`,
      }),
    }),
  },
);
