import * as resolvers from '#resolvers/erasure.ts';
import { optionalJobEdge } from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

builder.relayMutationField(
  'eraseUser',
  {
    description: 'Whom to erase.',
    inputFields: (t: InputFields) => ({
      userId: t.id({ required: true, description: 'The id of the user.' }),
      dryRun: t.boolean({
        required: true,
        defaultValue: true,
        description: 'Whether what would go is only counted, and nothing is deleted.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Erases a user for good, with all that is theirs, also from backups that are restored later. The audit log keeps what was done, without who they were. For the user themself; requires scope ADMIN for others. Errors: NOT_FOUND, CONFLICT (the last ADMIN), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.eraseUser,
  },
  {
    description: 'What belongs to the user, and the job that erases it.',
    outputFields: (t) => ({
      counts: t.expose('counts', {
        type: 'JSON',
        description: 'How many rows go, by kind, such as `{ users: 1, conversations: 12, messages: 340 }`.',
      }),
      job: t.expose('job', {
        type: Job,
        nullable: true,
        description: 'The job, of the kind ERASE_USER, whose result is the receipt for ADMINs; null for a dry run.',
      }),
      jobEdge: t.field({
        type: JobConnection.edge,
        nullable: true,
        description: 'The job at its place in `jobs` in its default order; null for a dry run.',
        resolve: optionalJobEdge,
      }),
    }),
  },
);
