import * as resolvers from '#resolvers/backups.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder, idOf, Node } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

const Backup = builder.prismaObject('Backup', {
  description: 'A copy of the database at one moment, in the directory of backups.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the backup; it never changes.', resolve: idOf('Backup') }),
    name: t.exposeString('name', {
      description:
        'The name of the folder that the backup has in the directory of backups; `parley backup restore` takes the name.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The moment whose data the backup holds.' }),
    sizeBytes: t.field({
      type: 'SafeInt',
      description: 'The size of the compressed data, in bytes.',
      resolve: ({ sizeBytes }) => sizeBytes,
    }),
    compressionRatio: t.float({
      nullable: true,
      description: 'How many times larger the data is without compression; null where nothing is in it.',
      resolve: resolvers.compressionRatio,
    }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      description: 'How long the data took to be written, in seconds.',
    }),
    verifiedAt: t.expose('verifiedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the backup was last restored into a database of its own and compared; null where it never was.',
    }),
    verified: t.exposeBoolean('verified', {
      nullable: true,
      description: 'Whether the whole backup was there when it was last restored; null where it never was.',
    }),
  }),
});

builder.queryField('backups', (t) =>
  t.field({
    type: [Backup],
    description: 'The backups that are kept, the newest first. Requires scope ADMIN.',
    authScopes: { admin: true },
    complexity: 50,
    extensions: NOT_KEPT,
    resolve: resolvers.backups,
  }),
);

builder.relayMutationField(
  'createBackup',
  {
    description: 'How to take a backup.',
    inputFields: (t: InputFields) => ({
      verify: t.boolean({
        required: true,
        defaultValue: true,
        description: 'Whether the backup is restored into a database of its own and compared before it counts as one.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Takes a backup of the database, in a job that can be followed. Requires scope ADMIN. Errors: IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.createBackup,
  },
  {
    description: 'The job that takes the backup.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job, of the kind BACK_UP.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
    }),
  },
);
