import type { JobKind } from '#generated/prisma/enums.ts';
import { embedMemoriesHandler } from './embed-memories.ts';
import { extractMemoriesHandler } from './extract-memories.ts';
import { generateReplyHandler } from './generate-reply.ts';
import type { JobHandler } from './handlers.ts';
import { processEpisodeHandler } from './process-episode.ts';

export const JOB_REGISTRY: Record<JobKind, JobHandler> = {
  EMBED_MEMORIES: embedMemoriesHandler,
  EXTRACT_MEMORIES: extractMemoriesHandler,
  GENERATE_REPLY: generateReplyHandler,
  PROCESS_EPISODE: processEpisodeHandler,
};
