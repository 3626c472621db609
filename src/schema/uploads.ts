import { MAX_CONTENT_TYPE_LENGTH, MAX_FILENAME_LENGTH } from '#domain/episodes/media/uploads/create-episode.ts';
import { UPLOAD_KEEP_HOURS } from '#domain/episodes/media/uploads/uploads.ts';
import { MAX_EPISODE_TITLE_LENGTH, MAX_LANGUAGE_LENGTH } from '#domain/episodes/update-episode.ts';
import * as resolvers from '#resolvers/episodes.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Episode, EpisodeConnection } from './episodes.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';

const UploadTarget = builder.simpleObject('UploadTarget', {
  description:
    'Where to send a file: an address that speaks tus 1.0 (https://tus.io), with termination, checksum and expiration. Send the same API key there.',
  fields: (t) => ({
    url: t.string({ description: 'The address of the upload, which only keys of the same user find.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: `When the upload is given up, ${UPLOAD_KEEP_HOURS} hours after the last request that brought bytes.`,
    }),
    maxSizeBytes: t.field({ type: 'SafeInt', description: 'The largest file that this server takes, in bytes.' }),
  }),
});

builder.objectField(Episode, 'upload', (t) =>
  t.field({
    type: UploadTarget,
    nullable: true,
    description: 'Where to send the file of the episode; null once it has arrived, and where there is none.',
    resolve: resolvers.upload,
  }),
);

builder.relayMutationField(
  'createEpisode',
  {
    description: 'The file that is to be uploaded.',
    inputFields: (t: InputFields) => ({
      filename: t.string({
        required: true,
        description: `What the file is called, 1 to ${MAX_FILENAME_LENGTH} characters: its name when it is downloaded.`,
      }),
      sizeBytes: t.field({
        type: 'SafeInt',
        required: true,
        description: 'The size of the file in bytes, which is reserved until it has arrived.',
      }),
      contentType: t.string({
        description: `The media type that the client takes it to be, up to ${MAX_CONTENT_TYPE_LENGTH} characters; the content decides.`,
      }),
      title: t.string({ description: `What the episode is called, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters.` }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, as \`en\` or \`he\`, up to ${MAX_LANGUAGE_LENGTH} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates an episode whose file is then uploaded. When its last byte has come, a job checks it and finds its clips by itself. Errors: FILE_TOO_LARGE, QUOTA_EXCEEDED, NOT_FOUND (the first answer to this idempotency key was deleted since), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.createEpisode,
  },
  {
    description: 'The episode that was created, and where its file goes.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The new episode, which is UPLOADING.' }),
      upload: t.expose('upload', {
        type: UploadTarget,
        description:
          'Where to send the file. Where a repeated request finds that it has arrived, that address says so.',
      }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);
