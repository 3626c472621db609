import { type Conversation, Prisma } from '#generated/prisma/client.ts';
import type { Channel } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';

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
const title = { sql: `coalesce(c.title, '')`, type: 'text', of: (row: Conversation) => row.title ?? '' };

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
    filter.titleContains !== null && `c.title ILIKE ${bind(containing(filter.titleContains), 'text')}`,
  ].filter((condition) => condition !== false);
}

/** Returns a LIKE pattern for texts that contain this one, whatever signs are in it. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
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
