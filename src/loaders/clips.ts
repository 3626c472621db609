import { containsText } from '#domain/text/contains-text.ts';
import { type Clip, type Feedback, Prisma } from '#generated/prisma/client.ts';
import type { ClipStatus, Genre, Platform } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const clipColumns = columnsOf('c', Prisma.ClipScalarFieldEnum);
const feedbackColumns = columnsOf('f', Prisma.FeedbackScalarFieldEnum);

export const clipById = rowById<Clip>({
  columns: clipColumns,
  from: 'clips c',
  id: 'c.id',
  visible: 'c.owner_id = k.viewer_id',
});

export type ClipOrder = 'SCORE_DESC' | 'CREATED_DESC' | 'START_ASC';
export type ClipFilter = {
  orderBy: ClipOrder;
  episodeId: string | null;
  platforms: readonly Platform[] | null;
  genres: readonly Genre[] | null;
  statuses: readonly ClipStatus[] | null;
  minScore: number | null;
  titleContains: string | null;
};

const id = { sql: 'c.id', type: 'uuid', of: (row: Clip) => row.id };
const score = { sql: 'c.score', type: 'float8', of: (row: Clip) => row.score };
const created = { sql: 'c.created_at', type: 'timestamptz', of: (row: Clip) => row.createdAt };
const episode = { sql: 'c.episode_id', type: 'uuid', of: (row: Clip) => row.episodeId };
const start = { sql: 'c.start_seconds', type: 'float8', of: (row: Clip) => row.startSeconds };

export const clipOrders: Record<ClipOrder, Order<Clip>> = {
  SCORE_DESC: { name: 'clips', descending: true, keys: [score, id] },
  CREATED_DESC: { name: 'clips.newest', descending: true, keys: [created, id] },
  START_ASC: { name: 'clips.start', descending: false, keys: [episode, start, id] },
};

function where(filter: ClipFilter, bind: Bind): string[] {
  return [
    filter.episodeId !== null && `c.episode_id = ${bind(filter.episodeId, 'uuid')}`,
    filter.platforms !== null && `c.platform = ANY(${bind(filter.platforms, 'platform[]')})`,
    filter.genres !== null && `c.genre = ANY(${bind(filter.genres, 'genre[]')})`,
    filter.statuses !== null && `c.status = ANY(${bind(filter.statuses, 'clip_status[]')})`,
    filter.minScore !== null && `c.score >= ${bind(filter.minScore, 'float8')}`,
    filter.titleContains !== null && containsText('c.title', bind(filter.titleContains, 'text')),
  ].filter((condition) => condition !== false);
}

const clips = { columns: clipColumns, from: 'clips c', id: 'c.id', where } as const;
const order = ({ orderBy }: ClipFilter) => clipOrders[orderBy];

export const clipsOfUser = defineList<Clip, ClipFilter>({ ...clips, parent: 'c.owner_id', order });
export const clipsOfEpisode = defineList<Clip, ClipFilter>({ ...clips, parent: 'c.episode_id', order });

export const feedbackById = rowById<Feedback>({
  columns: feedbackColumns,
  from: 'feedback f JOIN episodes e ON e.id = f.episode_id',
  id: 'f.id',
  visible: 'e.owner_id = k.viewer_id',
});

/** Newest first. */
export const feedbackOrder: Order<Feedback> = {
  name: 'feedback',
  descending: true,
  keys: [
    { sql: 'f.created_at', type: 'timestamptz', of: (row) => row.createdAt },
    { sql: 'f.id', type: 'uuid', of: (row) => row.id },
  ],
};

export const feedbackOfClip = defineList<Feedback>({
  columns: feedbackColumns,
  id: 'f.id',
  from: 'feedback f',
  parent: 'f.clip_id',
  order: () => feedbackOrder,
});

/** `includeClips`: whether feedback on the clips of the episode is in the list, too. */
export type EpisodeFeedbackFilter = { includeClips: boolean };

/** Only feedback on a clip has features, also if the clip is gone. */
export const feedbackOfEpisode = defineList<Feedback, EpisodeFeedbackFilter>({
  columns: feedbackColumns,
  id: 'f.id',
  from: 'feedback f',
  parent: 'f.episode_id',
  order: () => feedbackOrder,
  where: ({ includeClips }) => (includeClips ? [] : ['f.clip_id IS NULL', 'f.features IS NULL']),
});

/** The viewer's latest feedback on a clip; null if there is none. */
export const viewerFeedbackOfClip = defineLoader<string, Feedback | null>({
  async batch({ database }, requests) {
    const rows = await database.sql<Feedback & { $ordinal: number }>(
      `SELECT k.ordinal::int AS "$ordinal", r.* FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k(clip_id, viewer_id, ordinal)
CROSS JOIN LATERAL (SELECT ${feedbackColumns.list} FROM feedback f WHERE f.clip_id = k.clip_id AND f.author_id = k.viewer_id
  ORDER BY f.created_at DESC, f.id DESC LIMIT 1) r`,
      [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
    );
    const byOrdinal = new Map(rows.map(({ $ordinal, ...feedback }) => [$ordinal, feedback]));
    return requests.map((_, index) => byOrdinal.get(index + 1) ?? null);
  },
});

/** The ratings of a clip, of each author the newest: how many there are, and their mean, null if there are none. */
export type ClipRatings = { count: number; average: number | null };

export const ratingsOfClip = defineLoader<string, ClipRatings>({
  async batch({ database }, requests) {
    const rows = await database.sql<ClipRatings & { clip_id: string }>(
      `SELECT clip_id, avg(rating)::float8 AS average, count(*)::int AS count FROM (
  SELECT DISTINCT ON (clip_id, author_id) clip_id, rating FROM feedback
  WHERE clip_id = ANY($1::uuid[]) AND rating IS NOT NULL ORDER BY clip_id, author_id, created_at DESC, id DESC) AS newest
GROUP BY clip_id`,
      [requests.map(({ key }) => key)],
    );
    const byClip = new Map(rows.map(({ clip_id, count, average }) => [clip_id, { count, average }]));
    return requests.map(({ key }) => byClip.get(key) ?? { count: 0, average: null });
  },
});
