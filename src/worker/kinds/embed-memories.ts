import { z } from 'zod';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('EMBED_MEMORIES', {
  lane: 'light',
  maxAttempts: 5,
  hooks: {},
  actsOutside: false,
  payload: z.union([z.object({ memoryId: z.uuid() }), z.object({ all: z.literal(true) })]),
  load: async () => (await import('#domain/memories/embedding.ts')).embedMemories,
});
