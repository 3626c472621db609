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
    'The address for a file upload with the protocol tus 1.0 (https://tus.io), with its extensions termination, checksum and expiration. Requests need the same API key.',
  fields: (t) => ({
    url: t.string({ description: 'The URL of the upload. It accepts only API keys of the same user.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: `When the upload expires: ${UPLOAD_KEEP_HOURS} hours after the last request that transferred data.`,
    }),
    maxSizeBytes: t.field({ type: 'SafeInt', description: 'The maximum size of an uploaded file, in bytes.' }),
  }),
});

builder.objectField(Episode, 'upload', (t) =>
  t.field({
    type: UploadTarget,
    nullable: true,
    description:
      'The upload address for the file of the episode; null once the upload is complete, and if there is no file.',
    resolve: resolvers.upload,
  }),
);

builder.relayMutationField(
  'createEpisode',
  {
    description: 'The file to upload.',
    inputFields: (t: InputFields) => ({
      filename: t.string({
        required: true,
        description: `The file name, 1 to ${MAX_FILENAME_LENGTH} characters, which is used for downloads.`,
      }),
      sizeBytes: t.field({
        type: 'SafeInt',
        required: true,
        description: 'The exact size of the file in bytes. It counts against the storage quota at once.',
      }),
      contentType: t.string({
        description: `The media type according to the client, up to ${MAX_CONTENT_TYPE_LENGTH} characters. Only a hint: the server detects the type from the content.`,
      }),
      title: t.string({ description: `The title of the episode, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters.` }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, such as \`en\` or \`he\`, up to ${MAX_LANGUAGE_LENGTH} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates an episode, and returns an address for uploading its file. When the upload is complete, a job checks the file and finds clips automatically. Errors: FILE_TOO_LARGE, QUOTA_EXCEEDED, NOT_FOUND (a retry after the episode was deleted), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.createEpisode,
  },
  {
    description: 'The episode that was created, and the address for uploading its file.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The new episode, with status UPLOADING.' }),
      upload: t.expose('upload', {
        type: UploadTarget,
        description:
          'The upload address for the file. If the mutation is repeated after the upload, the address reports the upload as complete.',
      }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);
