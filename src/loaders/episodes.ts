import { containsText } from '#domain/text/contains-text.ts';
import { type Episode, Prisma } from '#generated/prisma/client.ts';
import type { EpisodeStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('e', Prisma.EpisodeScalarFieldEnum);

export const episodeById = rowById<Episode>({
  columns,
  from: 'episodes e',
  id: 'e.id',
  visible: 'e.owner_id = k.viewer_id',
});

export type EpisodeOrder = 'CREATED_DESC' | 'CREATED_ASC' | 'TITLE_ASC';
export type EpisodeFilter = {
  orderBy: EpisodeOrder;
  statuses: readonly EpisodeStatus[] | null;
  archived: boolean | null;
  titleContains: string | null;
};

const id = { sql: 'e.id', type: 'uuid', of: (row: Episode) => row.id };
const created = { sql: 'e.created_at', type: 'timestamptz', of: (row: Episode) => row.createdAt };
/** The expression of the index `episodes_title`. Ordered by code points: a collation would differ from database to database. */
const title = {
  sql: `(left(fold_text(coalesce(e.title, '')), 200) COLLATE "C")`,
  type: 'text',
  of: (row: Episode) => row.title ?? '',
  ofCursor: (value: string) => `left(fold_text(${value}), 200)`,
};

export const episodeOrders: Record<EpisodeOrder, Order<Episode>> = {
  CREATED_DESC: { name: 'episodes', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'episodes.oldest', descending: false, keys: [created, id] },
  TITLE_ASC: { name: 'episodes.title', descending: false, keys: [title, id] },
};

/** The status that the API shows of an episode: see docs/decisions/archived-episodes.md. */
const STATUS = `CASE WHEN e.archived_at IS NULL THEN e.status ELSE 'ARCHIVED' END`;

function where({ statuses, archived, titleContains }: EpisodeFilter, bind: Bind): string[] {
  return [
    statuses !== null && `${STATUS} = ANY(${bind(statuses, 'episode_status[]')})`,
    archived !== null && `e.archived_at IS ${archived ? 'NOT NULL' : 'NULL'}`,
    titleContains !== null && containsText('coalesce(e.title, e.original_name)', bind(titleContains, 'text')),
  ].filter((condition) => condition !== false);
}

export const episodesOfUser = defineList<Episode, EpisodeFilter>({
  columns,
  from: 'episodes e',
  id: 'e.id',
  parent: 'e.owner_id',
  order: ({ orderBy }) => episodeOrders[orderBy],
  where,
});
