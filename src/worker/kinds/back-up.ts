import { z } from 'zod';
import { backUp, backUpHooks } from '#domain/operations/backups/back-up.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('BACK_UP', {
  lane: 'operations',
  maxAttempts: 3,
  hooks: backUpHooks,
  actsOutside: false,
  payload: z.object({ verify: z.boolean() }),
  load: async () => backUp,
});
