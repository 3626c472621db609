import { type Fields, fieldsOf, idOf, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { RowFormat } from './row-format.ts';

/** The types of messages, by their numbers in Chatwoot's API; its webhooks spell them. */
const TYPES = ['incoming', 'outgoing', 'activity', 'template'];

/** Messages of Chatwoot. Private ones are notes among agents, and activities tell what happened to the conversation. */
export const chatwoot: RowFormat = {
  format: 'CHATWOOT',
  matches: (row) => 'content' in row && TYPES.includes(typeOf(row)) && ('private' in row || 'conversation_id' in row),
  conversationOf: ({ conversation_id }) => idOf(conversation_id),
  timeOf: ({ created_at }) => created_at,
  translate: (rows) => rows.map(toMessage),
};

function typeOf({ message_type: type }: Fields): string {
  return (typeof type === 'number' ? TYPES[type] : textOf(type)) ?? '';
}

function toMessage(row: Fields): Fields {
  const type = typeOf(row);
  return {
    role: type === 'incoming' ? 'user' : 'assistant',
    content: row.content,
    attachments: fieldsOf(row.attachments).map(({ file_type, data_url }) => ({
      type: file_type,
      name: textOf(data_url)?.split('/').at(-1),
    })),
    created_at: row.created_at,
    isMeta: row.private === true || type === 'activity',
  };
}
