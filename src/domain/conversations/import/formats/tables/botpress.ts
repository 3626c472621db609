import { type Fields, fieldsOf, idOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { RowFormat } from './row-format.ts';

/** Messages of Botpress: of its cloud (`direction`), or of version 12 (`authorId`, which the bot does not have). */
export const botpress: RowFormat = {
  format: 'BOTPRESS',
  matches: (row) =>
    isFields(row.payload) &&
    row.conversationId !== undefined &&
    (isDirection(row.direction) || ('authorId' in row && 'sentOn' in row)),
  conversationOf: ({ conversationId }) => idOf(conversationId),
  timeOf: ({ createdAt, sentOn }) => createdAt ?? sentOn,
  translate: (rows) => rows.map(toMessage),
};

const isDirection = (direction: unknown): boolean => direction === 'incoming' || direction === 'outgoing';

function toMessage(row: Fields): Fields {
  const payload = row.payload as Fields;
  const isOfUser = row.direction === undefined ? idOf(row.authorId) !== null : row.direction === 'incoming';
  return {
    role: isOfUser ? 'user' : 'assistant',
    content: textOfPayload(payload),
    attachments: filesOf(payload),
    created_at: row.createdAt ?? row.sentOn,
  };
}

/** Returns a payload's text: of a card its title and subtitle, of a carousel and of a bloc those of its items. */
function textOfPayload(payload: Fields): string | null {
  const text = textOf(payload.text) ?? textOf(payload.markdown);
  if (text !== null) return text;
  const items = [payload.items, payload.cards].flatMap(fieldsOf).map((item) => {
    const inner = isFields(item.payload) ? item.payload : item;
    return textOf(inner.text) ?? textOf(inner.markdown) ?? cardOf(inner);
  });
  return cardOf(payload) ?? textOf(items.filter((item) => item !== null).join('\n'));
}

const cardOf = ({ title, subtitle }: Fields): string | null =>
  textOf([title, subtitle].map(textOf).filter(Boolean).join('\n'));

const FILES = ['imageUrl', 'audioUrl', 'videoUrl', 'fileUrl', 'image', 'audio', 'video', 'file'];

const filesOf = (payload: Fields): Fields[] =>
  FILES.filter((name) => textOf(payload[name]) !== null).map((name) => ({
    name: textOf(payload.title) ?? payload[name],
    type: name,
  }));
