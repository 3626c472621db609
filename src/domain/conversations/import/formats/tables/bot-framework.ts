import { type Fields, fieldsOf, idOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { RowFormat } from './row-format.ts';

/** Activities of the Bot Framework that name their conversation, or number the roles as Copilot Studio does: 0 is the bot, 1 the user. */
export const botFramework: RowFormat = {
  format: 'BOT_FRAMEWORK',
  matches: ({ type, from, conversation, valueType }) =>
    typeof type === 'string' &&
    (typeof valueType === 'string' ||
      (isFields(from) &&
        (typeof from.role === 'number' || (isFields(conversation) && idOf(conversation.id) !== null)))),
  conversationOf: ({ conversation }) => (isFields(conversation) ? idOf(conversation.id) : null),
  timeOf: ({ timestamp }) => timestamp,
  translate: (rows) => {
    const bot = findBot(rows);
    return rows.map((row) => toMessage(row, bot));
  },
};

/** Activities without roles are of the bot if they reply to another one. */
function findBot(rows: readonly Fields[]): string | null {
  const reply = rows.find(
    ({ from, replyToId }) => isFields(from) && from.role === undefined && idOf(replyToId) !== null,
  );
  return isFields(reply?.from) ? idOf(reply.from.id) : null;
}

function toMessage({ type, from, text, attachments, timestamp }: Fields, bot: string | null): Fields {
  const { role, id } = isFields(from) ? from : {};
  const isBot = role === undefined ? bot !== null && idOf(id) === bot : role === 0 || role === 'bot';
  return {
    role: isBot ? 'assistant' : 'user',
    content: textOf(text),
    attachments: fieldsOf(attachments).map(({ name, contentType }) => ({
      name: name ?? contentType,
      type: contentType,
    })),
    created_at: timestamp,
    isMeta: type !== 'message',
  };
}
