import { type Episode, Prisma } from '#generated/prisma/client.ts';
import type { EpisodeStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { defineList } from './list.ts';
import { rowById } from './row-by-id.ts';
import { containsText } from './text-filters.ts';

const columns = columnsOf('e', Prisma.EpisodeScalarFieldEnum);

export const episodeById = rowById<Episode>({
  columns,
  from: 'episodes e',
  id: 'e.id',
  visible: 'e.owner_id = k.viewer_id',
});

export type EpisodeFilter = { statuses: readonly EpisodeStatus[] | null; titleContains: string | null };

/** Newest first. */
export const episodesOfUser = defineList<Episode, EpisodeFilter>({
  columns,
  from: 'episodes e',
  id: 'e.id',
  parent: 'e.owner_id',
  order: () => ({
    name: 'episodes',
    descending: true,
    keys: [
      { sql: 'e.created_at', type: 'timestamptz', of: (row) => row.createdAt },
      { sql: 'e.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
  where: ({ statuses, titleContains }, bind) => [
    ...(statuses ? [`e.status = ANY(${bind(statuses, 'episode_status[]')})`] : []),
    ...(titleContains ? [containsText('e.title', bind(titleContains, 'text'))] : []),
  ],
});
