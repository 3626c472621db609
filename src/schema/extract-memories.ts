import { jobEdge } from '#resolvers/jobs.ts';
import * as resolvers from '#resolvers/memories.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';

builder.relayMutationField(
  'extractMemories',
  {
    description: 'The message to learn from.',
    inputFields: (t: InputFields) => ({
      messageId: t.id({ required: true, description: 'The id of a message of the role USER.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      "Starts a job that learns memories from a message of the user, as happens after each reply to `sendMessage` and `askEpisode`: for messages that are answered elsewhere and stored by `addMessage` or `addMessages`, or that were imported. What is known already is not saved twice. Where memories are switched off, by the operator or by the conversation's `metadata`, only what the message asks to forget is done. If such a job is queued or running already, and the message was not edited since it began, it is returned, and no other is started. Errors: NOT_FOUND, CONFLICT (the message was said in a call), IDEMPOTENCY_CONFLICT.",
    resolve: resolvers.extractMemories,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job, of the kind EXTRACT_MEMORIES.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
    }),
  },
);
