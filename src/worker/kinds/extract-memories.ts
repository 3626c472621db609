import { z } from 'zod';
import { extractMemories } from '#domain/memories/extraction/extract-memories.ts';
import { defineHandler } from '#worker/job-kind.ts';

export const extractMemoriesHandler = defineHandler({
  payload: z.object({ messageId: z.uuid() }),
  run: extractMemories,
});
