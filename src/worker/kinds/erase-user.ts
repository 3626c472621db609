import { z } from 'zod';
import { runErasure } from '#domain/operations/erasure/erase-user.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('ERASE_USER', {
  lane: 'operations',
  maxAttempts: 10,
  hooks: {},
  actsOutside: false,
  payload: z.object({ userId: z.uuid() }),
  run: runErasure,
});
