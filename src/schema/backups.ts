import * as resolvers from '#resolvers/backups.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder, idOf, Node } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

const Backup = builder.prismaObject('Backup', {
  description: 'A consistent copy of the database at one moment, in the backup directory.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the backup; it never changes.', resolve: idOf('Backup') }),
    name: t.exposeString('name', {
      description:
        "The name of the backup's folder in the backup directory, which is the argument of `parley backup restore`.",
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The moment of the snapshot that the backup contains.',
    }),
    sizeBytes: t.field({
      type: 'SafeInt',
      description: 'The size of the compressed data, in bytes.',
      resolve: ({ sizeBytes }) => sizeBytes,
    }),
    compressionRatio: t.float({
      nullable: true,
      description: 'Uncompressed size divided by compressed size; null if the backup is empty.',
      resolve: resolvers.compressionRatio,
    }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      description: 'How long writing the backup took, in seconds.',
    }),
    verifiedAt: t.expose('verifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the backup was last restored into a temporary database and compared; null if it never was.',
    }),
    verified: t.exposeBoolean('verified', {
      nullable: true,
      description: 'Whether the last test restore reproduced the whole backup; null if it was never test-restored.',
    }),
  }),
});

builder.queryField('backups', (t) =>
  t.field({
    type: [Backup],
    description: 'The stored backups, newest first. Requires scope ADMIN.',
    authScopes: { admin: true },
    complexity: 50,
    extensions: NOT_CACHED,
    resolve: resolvers.backups,
  }),
);

builder.relayMutationField(
  'createBackup',
  {
    description: 'Options of a backup.',
    inputFields: (t: InputFields) => ({
      verify: t.boolean({
        required: true,
        defaultValue: true,
        description:
          'Whether the backup is verified: restored into a temporary database and compared, before the job succeeds.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that creates a backup of the database; follow it with `jobProgress`. Requires scope ADMIN. Errors: IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.createBackup,
  },
  {
    description: 'The job that creates the backup.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job, of the kind BACK_UP.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
    }),
  },
);
