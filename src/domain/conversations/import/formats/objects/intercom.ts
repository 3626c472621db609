import {
  type Fields,
  fieldsOf,
  isFields,
  mapFields,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { readHtml } from '#domain/conversations/import/source/html-text.ts';
import type { ObjectFormat } from './object-format.ts';

/** Conversations of Intercom as its API returns each: the first message is `source`, the others are parts. Bodies are HTML. */
export const intercom: ObjectFormat = {
  format: 'INTERCOM',
  matches: (source) => Array.isArray(partsOf(source)),
  translate: (source) => {
    const first = isFields(source.source) ? source.source : source.conversation_message;
    const { subject } = isFields(first) ? first : {};
    const messages = isFields(first) ? [toMessage({ created_at: source.created_at, ...first })] : [];
    return {
      id: source.id,
      title: textOf(source.title) ?? (textOf(subject) === null ? null : readHtml(subject as string)),
      created_at: source.created_at,
      updated_at: source.updated_at,
      messages: [...messages, ...mapFields(partsOf(source), toMessage)],
    };
  },
};

function partsOf({ conversation_parts: parts }: Fields): unknown {
  return isFields(parts) ? parts.conversation_parts : parts;
}

/**
 * Contacts are users and leads; admins, teams and bots answer. Notes are internal, and so are parts without a body: assignments, closing.
 */
function toMessage({ author, body, part_type, attachments, created_at }: Fields): Fields {
  const { type } = isFields(author) ? author : {};
  const isContact = type === 'user' || type === 'lead' || type === 'contact';
  const isEvent = (body ?? '') === '' && fieldsOf(attachments).length === 0;
  return {
    role: isContact ? 'user' : 'assistant',
    content: typeof body === 'string' ? readHtml(body) : body,
    attachments: fieldsOf(attachments).map(({ name, content_type }) => ({ name, type: content_type })),
    created_at,
    isMeta: part_type === 'note' || isEvent,
  };
}
