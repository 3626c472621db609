import type { Backlog } from '#domain/conversations/message-feed.ts';
import type { ReplyText } from '#domain/conversations/replies/reply-feed.ts';
import { type Message, Prisma } from '#generated/prisma/client.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const ordinary = columnsOf('m', Prisma.MessageScalarFieldEnum, [
  'content',
  'toolCalls',
  'toolResult',
  'metadata',
  'reasoning',
  'citations',
  'ratingComment',
]);
/** Always read together: between two statements, the text may be restarted at another offset. */
const columns = { ...ordinary, large: `${ordinary.large}, m.text_offset AS "textOffset"` };

/** The columns that a chat shows of a message. */
const { id, sequence, role, content, status, sentAt } = Prisma.MessageScalarFieldEnum;
const commonColumns = columnsOf('m', { id, sequence, role, content, status, sentAt }, [content]);

/** The text of a reply grows up to twenty times a second, but only its beginning and its end are recorded as changes. */
const isInFlux = ({ status }: Message) => status === 'STREAMING';

export const messageById = rowById<Message>({
  columns,
  from: 'messages m',
  id: 'm.id',
  visible: 'm.owner_id = k.viewer_id',
  isInFlux,
});

/** The row that the readers of a reply poll, read once for all concurrent readers. Null if it is not the viewer's. */
export const textOfMessage = defineLoader<string, ReplyText | null>({
  async batch({ database }, requests) {
    const rows = await database.sql<ReplyText & { id: string; ownerId: string }>(
      `SELECT m.id, m.owner_id AS "ownerId", m.content, m.text_offset AS "textOffset", m.status
FROM messages m WHERE (m.id, m.owner_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
      [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
    );
    const texts = new Map(rows.map((row) => [row.id, row]));
    return requests.map(({ key, viewerId }) => {
      const text = texts.get(key);
      return text?.ownerId === viewerId ? text : null;
    });
  },
});

export type MessageFilter = {
  roles: readonly MessageRole[] | null;
  /**
   * Only messages from which a conversation can continue: none that is being written, has failed, or was stopped before its first word. A
   * reply that only could not be written again has a duration, because it is whole.
   */
  finishedOnly?: boolean;
};

export const messageOrder: Order<Message> = {
  name: 'messages',
  descending: false,
  keys: [{ sql: 'm.sequence', type: 'int', of: (row) => row.sequence }],
};

export const messagesOfConversation = defineList<Message, MessageFilter>({
  columns,
  narrow: [{ columns: commonColumns, hasKeys: true }],
  from: 'messages m',
  id: 'm.id',
  parent: 'm.conversation_id',
  order: () => messageOrder,
  where: ({ roles, finishedOnly }, bind) => [
    ...(roles ? [`m.role = ANY(${bind(roles, 'message_role[]')})`] : []),
    ...(finishedOnly
      ? [
          `(m.status = 'COMPLETE' OR (m.status = 'CANCELLED' AND m.content <> '') OR (m.status = 'FAILED' AND m.latency_ms IS NOT NULL))`,
        ]
      : []),
  ],
  isInFlux,
});

/** The maximum number of messages that a subscriber reads at a time, and of their bytes, unless it is a single message. */
const BACKLOG = { messages: 50, bytes: 32 * 1024 };

/**
 * A numbering of messages: SQL of the last number of a conversation `c` and of the number of a message `m`, and the field with that number.
 */
type Numbers = { last: string; number: string; field: keyof Message; where?: string };

/**
 * Defines how the next messages for a subscriber are read: those after a `number`, together with the conversation's `last` one. Long
 * values are left out (`$bytesLeftOut`). Null if the conversation is not the viewer's.
 */
const defineBacklog = ({ last, number, field, where = 'true' }: Numbers) =>
  defineLoader<{ conversationId: string; after: number | null }, Backlog>({
    cacheKey: JSON.stringify,
    isShared: true,
    async batch({ database }, requests) {
      const rows = await database.sql<Message & { $ordinal: number; $last: number; $bytesBefore: number }>(
        `SELECT k.ordinal::int AS "$ordinal", ${last} AS "$last", r.*
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS k(id, viewer_id, after, ordinal)
JOIN conversations c ON c.id = k.id AND c.owner_id = k.viewer_id
LEFT JOIN LATERAL (
  SELECT * FROM (
    SELECT ${columns.list}, (sum(${columns.largeBytes}) OVER (ORDER BY ${number}) - (${columns.largeBytes}))::int AS "$bytesBefore"
    FROM (SELECT * FROM messages m WHERE m.conversation_id = c.id AND ${number} > k.after AND ${where}
      ORDER BY ${number} LIMIT ${BACKLOG.messages}) m
  ) b WHERE b."$bytesBefore" < ${BACKLOG.bytes} ORDER BY b."${field}"
) r ON true`,
        [
          requests.map(({ key }) => key.conversationId),
          requests.map(({ viewerId }) => viewerId),
          requests.map(({ key }) => key.after),
        ],
      );
      const backlogs: Backlog[] = requests.map(() => null);
      for (const { $ordinal, $last, $bytesBefore: _before, ...message } of rows) {
        const backlog = backlogs[$ordinal - 1] ?? { last: $last, messages: [] };
        backlogs[$ordinal - 1] = backlog;
        if (message.id) backlog.messages.push(message);
      }
      return backlogs;
    },
  });

/** Messages after a sequence. */
export const backlogOfConversation = defineBacklog({
  last: 'c.last_sequence',
  number: 'm.sequence',
  field: 'sequence',
});

/** Messages with an update number after the given one. */
export const updatesOfConversation = defineBacklog({
  last: 'c.last_update',
  number: 'm.update_number',
  field: 'updateNumber',
  where: 'm.update_number > 0',
});
