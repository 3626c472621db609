import type { Backlog } from '../domain/message-feed.ts';
import { type Message, Prisma } from '../generated/prisma/client.ts';
import type { MessageRole } from '../generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { defineList } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('m', Prisma.MessageScalarFieldEnum);

export const messageById = rowById<Message>({
  columns,
  from: 'messages m JOIN conversations c ON c.id = m.conversation_id',
  id: 'm.id',
  visible: 'c.owner_id = k.viewer_id',
});

export type MessageFilter = { roles: readonly MessageRole[] | null };

export const messagesOfConversation = defineList<Message, MessageFilter>({
  columns,
  from: 'messages m',
  parent: 'm.conversation_id',
  order: () => ({
    name: 'messages',
    descending: false,
    keys: [{ sql: 'm.sequence', type: 'int', of: (row) => row.sequence }],
  }),
  where: ({ roles }, bind) => (roles ? [`m.role = ANY(${bind(roles, 'message_role[]')})`] : []),
});

const BACKLOG_SIZE = 50;

/** A subscriber's next look: what the conversation holds after a number. */
export const backlogOfConversation = defineLoader<{ conversationId: string; after: number | null }, Backlog>({
  cacheKey: JSON.stringify,
  async batch({ database }, asked) {
    const rows = await database.sql<Message & { $ordinal: number; $last: number }>(
      `SELECT k.ordinal::int AS "$ordinal", c.last_sequence AS "$last", r.*
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS k(id, viewer_id, after, ordinal)
JOIN conversations c ON c.id = k.id AND c.owner_id = k.viewer_id
LEFT JOIN LATERAL (SELECT ${columns} FROM messages m WHERE m.conversation_id = c.id AND m.sequence > k.after
  ORDER BY m.sequence LIMIT ${BACKLOG_SIZE}) r ON true`,
      [
        asked.map(({ key }) => key.conversationId),
        asked.map(({ viewerId }) => viewerId),
        asked.map(({ key }) => key.after),
      ],
    );
    const backlogs: Backlog[] = asked.map(() => null);
    for (const { $ordinal, $last, ...message } of rows) {
      const backlog = backlogs[$ordinal - 1] ?? { lastSequence: $last, messages: [] };
      backlogs[$ordinal - 1] = backlog;
      if (message.id) backlog.messages.push(message);
    }
    return backlogs;
  },
});
