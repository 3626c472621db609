import { z } from 'zod';
import { embedMemories } from '#domain/memories/embedding.ts';
import { defineHandler } from '#worker/job-kind.ts';

export const embedMemoriesHandler = defineHandler({
  payload: z.union([z.object({ memoryId: z.uuid() }), z.object({ all: z.literal(true) })]),
  run: embedMemories,
});
