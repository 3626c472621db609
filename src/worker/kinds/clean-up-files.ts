import { z } from 'zod';
import { cleanUpFiles } from '#domain/episodes/media/clean-up-files.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('CLEAN_UP_FILES', {
  lane: 'light',
  maxAttempts: 3,
  actsOutside: false,
  hooks: {},
  payload: z.object({}),
  run: cleanUpFiles,
});
