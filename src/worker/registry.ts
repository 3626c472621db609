import type { JobKind } from '#generated/prisma/enums.ts';
import type { JobHandler } from './job-kind.ts';
import { embedMemoriesHandler } from './kinds/embed-memories.ts';
import { extractMemoriesHandler } from './kinds/extract-memories.ts';
import { generateReplyHandler } from './kinds/generate-reply.ts';
import { processEpisodeHandler } from './kinds/process-episode.ts';

export const JOB_REGISTRY: Record<JobKind, JobHandler> = {
  EMBED_MEMORIES: embedMemoriesHandler,
  EXTRACT_MEMORIES: extractMemoriesHandler,
  GENERATE_REPLY: generateReplyHandler,
  PROCESS_EPISODE: processEpisodeHandler,
};
