import * as resolvers from '#resolvers/erasure.ts';
import { optionalJobEdge } from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

builder.relayMutationField(
  'eraseUser',
  {
    description: 'The user to erase.',
    inputFields: (t: InputFields) => ({
      userId: t.id({ required: true, description: 'The id of the user.' }),
      dryRun: t.boolean({
        required: true,
        defaultValue: true,
        description: 'If true, the data is only counted, and nothing is deleted.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Permanently deletes a user with all of their data, also when an older backup is restored later. The audit log keeps their entries without their identity. Users can erase themselves; requires scope ADMIN for other users. Errors: NOT_FOUND, CONFLICT (the user is the last ADMIN), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.eraseUser,
  },
  {
    description: "The amount of the user's data, and the job that erases it.",
    outputFields: (t) => ({
      counts: t.expose('counts', {
        type: 'JSON',
        description:
          'The number of rows to be deleted, by table, such as `{ users: 1, conversations: 12, messages: 340 }`.',
      }),
      job: t.expose('job', {
        type: Job,
        nullable: true,
        description:
          'The job, of the kind ERASE_USER, whose result is a receipt of the erasure that ADMINs can read; null for a dry run.',
      }),
      jobEdge: t.field({
        type: JobConnection.edge,
        nullable: true,
        description: 'The job as an edge of `jobs` in its default order; null for a dry run.',
        resolve: optionalJobEdge,
      }),
    }),
  },
);
