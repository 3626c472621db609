import { z } from 'zod';
import { erasureJobHooks } from '#domain/operations/erasure/erasure-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('ERASE_USER', {
  lane: 'operations',
  maxAttempts: 10,
  hooks: erasureJobHooks,
  actsOutside: false,
  payload: z.object({ userId: z.uuid() }),
  load: async () => (await import('#domain/operations/erasure/erase-user.ts')).runErasure,
});
