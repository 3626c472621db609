import { IS_TO_BE_READ, MAX_UNREAD_COUNT } from '#domain/conversations/read-state.ts';
import { containsText } from '#domain/text/contains-text.ts';
import { type Conversation, Prisma } from '#generated/prisma/client.ts';
import type { Channel } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const fields = Prisma.ConversationScalarFieldEnum;
const columns = columnsOf('c', fields, ['metadata', 'instructions']);

/** The columns that a list shows of a conversation at least. */
const nameColumns = columnsOf('c', {
  id: fields.id,
  title: fields.title,
  lastSequence: fields.lastSequence,
  discardedNumbers: fields.discardedNumbers,
});

/** The columns that a list of conversations usually shows, and may be ordered by. */
const commonColumns = columnsOf('c', {
  id: fields.id,
  title: fields.title,
  channel: fields.channel,
  pinned: fields.pinned,
  archived: fields.archived,
  lastSequence: fields.lastSequence,
  discardedNumbers: fields.discardedNumbers,
  lastReadSequence: fields.lastReadSequence,
  lastActivityAt: fields.lastActivityAt,
  createdAt: fields.createdAt,
});

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
  leadId: string | null;
  titleContains: string | null;
  unread: boolean | null;
};

const id = { sql: 'c.id', type: 'uuid', of: (row: Conversation) => row.id };
const created = { sql: 'c.created_at', type: 'timestamptz', of: (row: Conversation) => row.createdAt };
const active = { sql: 'c.last_activity_at', type: 'timestamptz', of: (row: Conversation) => row.lastActivityAt };
/** Ordered by code points: a collation would differ from database to database. */
const title = {
  sql: `fold_text(coalesce(c.title, '')) COLLATE "C"`,
  type: 'text',
  of: (row: Conversation) => row.title ?? '',
  ofCursor: (value: string) => `fold_text(${value})`,
};

export const conversationOrders: Record<ConversationOrder, Order<Conversation>> = {
  LAST_MESSAGE_DESC: { name: 'conversations.active', descending: true, keys: [active, id] },
  CREATED_DESC: { name: 'conversations.newest', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'conversations.oldest', descending: false, keys: [created, id] },
  TITLE_ASC: { name: 'conversations.title', descending: false, keys: [title, id] },
};

const IS_UNREAD = `c.last_sequence > c.last_read_sequence AND EXISTS (
  SELECT FROM messages m WHERE m.conversation_id = c.id AND m.sequence > c.last_read_sequence AND ${IS_TO_BE_READ})`;

function where(filter: ConversationFilter, bind: Bind): string[] {
  return [
    filter.pinned !== null && `c.pinned = ${bind(filter.pinned, 'boolean')}`,
    filter.archived !== null && `c.archived = ${bind(filter.archived, 'boolean')}`,
    filter.channel !== null && `c.channel = ${bind(filter.channel, 'channel')}`,
    filter.episodeId !== null && `c.episode_id = ${bind(filter.episodeId, 'uuid')}`,
    filter.leadId !== null && `c.lead_id = ${bind(filter.leadId, 'uuid')}`,
    filter.unread !== null && `(${IS_UNREAD}) = ${bind(filter.unread, 'boolean')}`,
    filter.titleContains !== null && containsText('c.title', bind(filter.titleContains, 'text')),
  ].filter((condition) => condition !== false);
}

export const conversationsOfUser = defineList<Conversation, ConversationFilter>({
  columns,
  narrow: [
    { columns: nameColumns, hasKeys: false },
    { columns: commonColumns, hasKeys: true },
  ],
  from: 'conversations c',
  id: 'c.id',
  parent: 'c.owner_id',
  order: ({ orderBy }) => conversationOrders[orderBy],
  where,
});

export const conversationsOfEpisode = defineList<Conversation>({
  columns,
  from: 'conversations c',
  id: 'c.id',
  parent: 'c.episode_id',
  order: () => conversationOrders.LAST_MESSAGE_DESC,
});

/** The number of unread messages after a sequence in the viewer's conversation; 0 if it is not the viewer's. */
export const unreadCountOfConversation = defineLoader<{ conversationId: string; after: number }, number>({
  cacheKey: JSON.stringify,
  async batch({ database }, requests) {
    const rows = await database.sql<{ total: number }>(
      `SELECT r.total FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS k(id, viewer_id, after, ordinal)
LEFT JOIN conversations c ON c.id = k.id AND c.owner_id = k.viewer_id
CROSS JOIN LATERAL (SELECT count(*)::int AS total FROM (
  SELECT FROM messages m WHERE m.conversation_id = c.id AND m.sequence > k.after AND ${IS_TO_BE_READ}
  LIMIT ${MAX_UNREAD_COUNT}) u) r ORDER BY k.ordinal`,
      [
        requests.map(({ key }) => key.conversationId),
        requests.map(({ viewerId }) => viewerId),
        requests.map(({ key }) => key.after),
      ],
    );
    return rows.map(({ total }) => total);
  },
});
