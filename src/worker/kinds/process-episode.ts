import { z } from 'zod';
import { processEpisode } from '#domain/episodes/processing.ts';
import { Genre, Platform } from '#generated/prisma/enums.ts';
import { defineHandler } from '#worker/job-kind.ts';

export const processEpisodeHandler = defineHandler({
  payload: z.object({
    episodeId: z.uuid(),
    platforms: z.array(z.enum(Platform)).min(1),
    genre: z.enum(Genre),
    maxClips: z.int().min(1),
  }),
  run: processEpisode,
});
