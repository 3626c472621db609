import { type Clip, type Feedback, Prisma } from '#generated/prisma/client.ts';
import type { Platform } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { defineList } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const clipColumns = columnsOf('c', Prisma.ClipScalarFieldEnum);
const feedbackColumns = columnsOf('f', Prisma.FeedbackScalarFieldEnum);

export const clipById = rowById<Clip>({
  columns: clipColumns,
  from: 'clips c JOIN episodes e ON e.id = c.episode_id',
  id: 'c.id',
  visible: 'e.owner_id = k.viewer_id',
});

/** The best first. */
export const clipsOfEpisode = defineList<Clip, { platform: Platform | null }>({
  columns: clipColumns,
  id: 'c.id',
  from: 'clips c',
  parent: 'c.episode_id',
  order: () => ({
    name: 'clips',
    descending: true,
    keys: [
      { sql: 'c.score', type: 'float8', of: (row) => row.score },
      { sql: 'c.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
  where: ({ platform }, bind) => (platform ? [`c.platform = ${bind(platform, 'platform')}`] : []),
});

export const feedbackById = rowById<Feedback>({
  columns: feedbackColumns,
  from: 'feedback f JOIN episodes e ON e.id = f.episode_id',
  id: 'f.id',
  visible: 'e.owner_id = k.viewer_id',
});

/** Newest first. */
export const feedbackOfClip = defineList<Feedback>({
  columns: feedbackColumns,
  id: 'f.id',
  from: 'feedback f',
  parent: 'f.clip_id',
  order: () => ({
    name: 'feedback',
    descending: true,
    keys: [
      { sql: 'f.created_at', type: 'timestamptz', of: (row) => row.createdAt },
      { sql: 'f.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
});

/** The mean of its ratings, null without any. */
export const ratingOfClip = defineLoader<string, number | null>({
  async batch({ database }, requests) {
    const rows = await database.sql<{ clip_id: string; rating: number }>(
      'SELECT clip_id, avg(rating)::float8 AS rating FROM feedback WHERE clip_id = ANY($1::uuid[]) AND rating IS NOT NULL GROUP BY clip_id',
      [requests.map(({ key }) => key)],
    );
    const byClip = new Map(rows.map((row) => [row.clip_id, row.rating]));
    return requests.map(({ key }) => byClip.get(key) ?? null);
  },
});
