import { z } from 'zod';
import { episodeJobHooks } from '#domain/episodes/episode-job-hooks.ts';
import { processEpisode } from '#domain/episodes/process-episode.ts';
import { Genre, Platform } from '#generated/prisma/enums.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('PROCESS_EPISODE', {
  lane: 'long',
  maxAttempts: 3,
  hooks: episodeJobHooks,
  payload: z.object({
    episodeId: z.uuid(),
    platforms: z.array(z.enum(Platform)).min(1),
    genre: z.enum(Genre),
    maxClips: z.int().min(1),
  }),
  run: processEpisode,
});
