import type { JobRegistry } from './handlers.ts';
import { processEpisodeHandler } from './process-episode.ts';

export const JOB_REGISTRY: JobRegistry = {
  PROCESS_EPISODE: processEpisodeHandler,
};
