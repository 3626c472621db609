import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Tx } from '#domain/core/transaction.ts';
import { Genre, Platform } from '#generated/prisma/enums.ts';

/** What a PROCESS_EPISODE job is to do; `maxClips` is for each platform. */
export const ProcessEpisodePayload = z.object({
  episodeId: z.uuid(),
  platforms: z.array(z.enum(Platform)).min(1),
  genre: z.enum(Genre),
  maxClips: z.int().min(1),
  /** Whether an upload has enqueued the job by itself: then `processEpisode` may still choose what to look for. */
  automatic: z.boolean().optional(),
});
export type ProcessEpisodePayload = z.output<typeof ProcessEpisodePayload>;

/** Returns the current payload of a job: its user may have changed it after the job began. */
export async function readPayload(db: Pick<Tx, 'job'>, jobId: string): Promise<ProcessEpisodePayload> {
  const { payload } = await db.job.findUniqueOrThrow({ where: { id: jobId }, select: { payload: true } });
  return ProcessEpisodePayload.parse(payload);
}

/** Whether two requests look for the same. */
export const isSameSearch = (one: ProcessEpisodePayload, other: ProcessEpisodePayload): boolean =>
  isDeepStrictEqual(searchOf(one), searchOf(other));

const searchOf = ({ platforms, genre, maxClips }: ProcessEpisodePayload) => ({ platforms, genre, maxClips });
