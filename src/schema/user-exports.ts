import { EXPORT_KEEP_DAYS } from '#domain/operations/user-export/served-exports.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import * as resolvers from '#resolvers/user-exports.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

builder.relayMutationField(
  'exportUserData',
  {
    description: 'The user whose data is exported.',
    inputFields: (t: InputFields) => ({
      userId: t.id({
        description: 'The id of the user. Default: the viewer. For another user, requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: `Writes everything that is stored about a user into one ZIP file, without secrets and the recordings themselves: a file of JSON Lines for each table, and \`manifest.json\`. The result of the job has the \`url\` of the file, which takes an API key of the viewer and works for ${EXPORT_KEEP_DAYS} days, or until the next export of the same user by the viewer. If such a job of the viewer has not ended yet, it is returned, and no other is started. Errors: NOT_FOUND, QUEUE_FULL, IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.exportUserData,
  },
  {
    description: 'The job that writes the export.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job, of the kind EXPORT_USER_DATA.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
    }),
  },
);
