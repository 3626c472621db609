import { MAX_DAYS_OLD } from '#domain/operations/old-conversations.ts';
import * as resolvers from '#resolvers/clean-up.ts';
import { optionalJobEdge } from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

builder.relayMutationField(
  'cleanUpConversations',
  {
    description: 'Which conversations to delete.',
    inputFields: (t: InputFields) => ({
      olderThanDays: t.int({
        required: true,
        defaultValue: 30,
        description: `For how many days nothing was said in the conversations: 1 to ${digits(MAX_DAYS_OLD)}.`,
      }),
      dryRun: t.boolean({
        required: true,
        defaultValue: true,
        description: 'Whether the conversations are only counted, and nothing is deleted.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes the conversations of all users in which nothing was said for so long; pinned ones stay. Requires scope ADMIN. Errors: IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.cleanUpConversations,
  },
  {
    description: 'In how many conversations nothing was said for so long, and the job that deletes them.',
    outputFields: (t) => ({
      matching: t.exposeInt('matching', { description: 'In how many conversations nothing was said for so long.' }),
      job: t.expose('job', {
        type: Job,
        nullable: true,
        description: 'The job, of the kind CLEAN_UP_CONVERSATIONS; null for a dry run.',
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
