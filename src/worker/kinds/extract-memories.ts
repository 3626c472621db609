import { z } from 'zod';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('EXTRACT_MEMORIES', {
  lane: 'light',
  maxAttempts: 3,
  hooks: {},
  actsOutside: false,
  payload: z.object({ messageId: z.uuid() }),
  load: async () => (await import('#domain/memories/extraction/extract-memories.ts')).extractMemories,
});
