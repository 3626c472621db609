import { z } from 'zod';
import { embedMemories } from '#domain/memories/embedding.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('EMBED_MEMORIES', {
  lane: 'light',
  maxAttempts: 5,
  hooks: {},
  actsOutside: false,
  payload: z.union([z.object({ memoryId: z.uuid() }), z.object({ all: z.literal(true) })]),
  run: embedMemories,
});
