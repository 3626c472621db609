import { MAX_DAYS_OLD } from '#domain/operations/old-conversations.ts';
import * as resolvers from '#resolvers/clean-up.ts';
import { optionalJobEdge } from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

builder.relayMutationField(
  'cleanUpConversations',
  {
    description: 'The conversations to delete.',
    inputFields: (t: InputFields) => ({
      olderThanDays: t.int({
        required: true,
        defaultValue: 30,
        description: `The minimum age of a conversation's last message in days, 1 to ${digits(MAX_DAYS_OLD)}.`,
      }),
      dryRun: t.boolean({
        required: true,
        defaultValue: true,
        description: 'If true, matching conversations are only counted, and nothing is deleted.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes the conversations of all users whose last message is older than `olderThanDays`, except pinned ones. Memories that were learned from them stay. Requires scope ADMIN. Errors: IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.cleanUpConversations,
  },
  {
    description: 'The number of matching conversations, and the job that deletes them.',
    outputFields: (t) => ({
      matching: t.exposeInt('matching', {
        description: 'The number of conversations whose last message is older than `olderThanDays`.',
      }),
      job: t.expose('job', {
        type: Job,
        nullable: true,
        description: 'The job, of the kind CLEAN_UP_CONVERSATIONS; null for a dry run.',
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
