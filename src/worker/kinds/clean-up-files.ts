import { z } from 'zod';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('CLEAN_UP_FILES', {
  lane: 'light',
  maxAttempts: 3,
  actsOutside: false,
  hooks: {},
  payload: z.object({}),
  load: async () => (await import('#domain/episodes/media/clean-up-files.ts')).cleanUpFiles,
});
