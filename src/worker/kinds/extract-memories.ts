import { z } from 'zod';
import { extractMemories } from '#domain/memories/extraction/extract-memories.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('EXTRACT_MEMORIES', {
  lane: 'light',
  maxAttempts: 3,
  hooks: {},
  actsOutside: false,
  payload: z.object({ messageId: z.uuid() }),
  run: extractMemories,
});
