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
    description: `A transcript of up to ${digits(MAX_SEGMENTS)} segments, as far as a request may be so large. A larger file, of up to ${MAX_TRANSCRIPT_BYTES / 2 ** 20} MiB, goes to \`PUT /episodes/:id/transcript\`, or to \`POST /episodes\` for a new episode.`,
    inputFields: (t: InputFields) => ({
      episodeId: t.id({
        description:
          'The id of the episode whose transcript it is. The transcript that is there is replaced; what `updateSegment` has corrected in it is kept where the words around it are found again. Clips move with their words, and are scored anew; one whose words are not found stays at its seconds where it was decided about, trimmed or rendered, and goes otherwise. Where it is left out, a new episode is created.',
      }),
      title: t.string({
        description: `What the episode is called, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters; required for a new episode.`,
      }),
      format: t.field({
        type: TranscriptFormat,
        required: true,
        description: 'The file format of the transcript. The content decides between SRT, VTT and TEXT.',
      }),
      content: t.string({ required: true, description: 'The whole file as text.' }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, as \`en\` or \`he\`, up to ${MAX_LANGUAGE_LENGTH} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Gives an episode its transcript, or creates an episode with one. Errors: NOT_FOUND, CONFLICT (the episode is archived, a job is at work on it, or it is being corrected at the same time), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.importTranscript,
  },
  {
    description: 'The transcript that was stored.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The episode that has the transcript.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
      segments: t.exposeInt('segments', { description: 'How many segments the transcript has.' }),
      passedOver: t.exposeInt('passedOver', {
        description: 'How many cues, turns or segments of the file could not be used, and are not in the transcript.',
      }),
      warningCount: t.exposeInt('warningCount', {
        description: 'How many times something was passed over or put right.',
      }),
      warnings: t.expose('warnings', {
        type: [TranscriptWarning],
        description: `What was passed over and what was put right, and where: the first ${MAX_WARNINGS}.`,
      }),
    }),
  },
);
