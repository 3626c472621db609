import { z } from 'zod';
import { cleanUpHooks, runCleanUp } from '#domain/operations/old-conversations.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('CLEAN_UP_CONVERSATIONS', {
  lane: 'operations',
  maxAttempts: 5,
  hooks: cleanUpHooks,
  actsOutside: false,
  payload: z.object({ olderThanDays: z.int().min(1) }),
  load: async () => runCleanUp,
});
