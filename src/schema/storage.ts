import * as resolvers from '#resolvers/episodes.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';

const StorageStats = builder.simpleObject('StorageStats', {
  description: "The storage used by a user's media files, and its limits.",
  fields: (t) => ({
    usedBytes: t.field({
      type: 'SafeInt',
      description:
        'The storage that counts against the quota, in bytes: all files, and reservations of unfinished uploads.',
    }),
    uploadingBytes: t.field({
      type: 'SafeInt',
      description: 'The part of `usedBytes` that is reserved by unfinished uploads.',
    }),
    archivedBytes: t.field({
      type: 'SafeInt',
      description: 'The part of `usedBytes` that belongs to archived episodes.',
    }),
    quotaBytes: t.field({ type: 'SafeInt', description: "The user's storage quota, in bytes." }),
    files: t.int({ description: 'The number of stored files, without unfinished uploads.' }),
    maxFileBytes: t.field({ type: 'SafeInt', description: 'The maximum size of an uploaded file, in bytes.' }),
  }),
});

builder.queryField('storage', (t) =>
  t.field({
    type: StorageStats,
    description: "The storage used by the viewer's media files, and its limits.",
    extensions: NOT_CACHED,
    resolve: resolvers.storage,
  }),
);
