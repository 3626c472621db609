import * as resolvers from '#resolvers/episodes.ts';
import { builder } from './builder.ts';
import { NOT_KEPT } from './caching.ts';

const StorageStats = builder.simpleObject('StorageStats', {
  description: "What a user's media files take, and what they may.",
  fields: (t) => ({
    usedBytes: t.field({
      type: 'SafeInt',
      description: 'What counts against the quota, in bytes: all files, and what unfinished uploads have reserved.',
    }),
    uploadingBytes: t.field({
      type: 'SafeInt',
      description: 'What of `usedBytes` is reserved by uploads that are not finished.',
    }),
    archivedBytes: t.field({ type: 'SafeInt', description: 'What of `usedBytes` belongs to archived episodes.' }),
    quotaBytes: t.field({ type: 'SafeInt', description: 'What the files of one user may take, in bytes.' }),
    files: t.int({ description: 'How many files are stored, uploads that are not finished left out.' }),
    maxFileBytes: t.field({ type: 'SafeInt', description: 'The largest file that can be uploaded, in bytes.' }),
  }),
});

builder.queryField('storage', (t) =>
  t.field({
    type: StorageStats,
    description: "What the viewer's media files take, and what they may.",
    extensions: NOT_KEPT,
    resolve: resolvers.storage,
  }),
);
