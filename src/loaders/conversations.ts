import { type Conversation, Prisma } from '#generated/prisma/client.ts';
import type { Channel } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';
import { containsText } from './text-filters.ts';

const columns = columnsOf('c', Prisma.ConversationScalarFieldEnum, ['metadata']);

export const conversationById = rowById<Conversation>({
  columns,
  from: 'conversations c',
  id: 'c.id',
  visible: 'c.owner_id = k.viewer_id',
});

export type ConversationOrder = 'LAST_MESSAGE_DESC' | 'CREATED_DESC' | 'CREATED_ASC' | 'TITLE_ASC';
export type ConversationFilter = {
  orderBy: ConversationOrder;
  pinned: boolean | null;
  archived: boolean | null;
  channel: Channel | null;
  episodeId: string | null;
  titleContains: string | null;
};

const id = { sql: 'c.id', type: 'uuid', of: (row: Conversation) => row.id };
const created = { sql: 'c.created_at', type: 'timestamptz', of: (row: Conversation) => row.createdAt };
const active = { sql: 'c.last_activity_at', type: 'timestamptz', of: (row: Conversation) => row.lastActivityAt };
/** In the order of code points: a collation's would be another in every database. */
const title = {
  sql: `fold_text(coalesce(c.title, '')) COLLATE "C"`,
  type: 'text',
  of: (row: Conversation) => row.title ?? '',
  ofCursor: (value: string) => `fold_text(${value})`,
};

const orders: Record<ConversationOrder, Order<Conversation>> = {
  LAST_MESSAGE_DESC: { name: 'conversations.active', descending: true, keys: [active, id] },
  CREATED_DESC: { name: 'conversations.newest', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'conversations.oldest', descending: false, keys: [created, id] },
  TITLE_ASC: { name: 'conversations.title', descending: false, keys: [title, id] },
};

function where(filter: ConversationFilter, bind: Bind): string[] {
  return [
    filter.pinned !== null && `c.pinned = ${bind(filter.pinned, 'boolean')}`,
    filter.archived !== null && `c.archived = ${bind(filter.archived, 'boolean')}`,
    filter.channel !== null && `c.channel = ${bind(filter.channel, 'channel')}`,
    filter.episodeId !== null && `c.episode_id = ${bind(filter.episodeId, 'uuid')}`,
    filter.titleContains !== null && containsText('c.title', bind(filter.titleContains, 'text')),
  ].filter((condition) => condition !== false);
}

export const conversationsOfUser = defineList<Conversation, ConversationFilter>({
  columns,
  from: 'conversations c',
  id: 'c.id',
  parent: 'c.owner_id',
  order: ({ orderBy }) => orders[orderBy],
  where,
});

export const conversationsOfEpisode = defineList<Conversation>({
  columns,
  from: 'conversations c',
  id: 'c.id',
  parent: 'c.episode_id',
  order: () => orders.LAST_MESSAGE_DESC,
});
