import {
  type Fields,
  fieldsOf,
  idOf,
  isFields,
  mapFields,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { readHtml } from '#domain/conversations/import/source/html-text.ts';
import type { ObjectFormat } from './object-format.ts';

/** Tickets of Zendesk with their comments. Whoever requested the ticket is the user; everybody else answers. */
export const zendeskTicket: ObjectFormat = {
  format: 'ZENDESK',
  matches: ({ comments }) =>
    fieldsOf(comments).some((comment) => authorOf(comment) !== null && ('body' in comment || 'html_body' in comment)),
  translate: (source) => {
    const authors = fieldsOf(source.comments).map(authorOf);
    const requester = idOf(source.requester_id) ?? idIn(source.requester) ?? authors.find((author) => author !== null);
    return {
      id: source.id,
      title: textOf(source.subject) ?? source.raw_subject,
      created_at: source.created_at,
      updated_at: source.updated_at,
      messages: mapFields(source.comments, (comment) => toComment(comment, authorOf(comment) === requester)),
    };
  },
};

const idIn = (person: unknown): string | null => (isFields(person) ? idOf(person.id) : null);

const authorOf = ({ author_id, author }: Fields): string | null => idOf(author_id) ?? idIn(author);

/** A comment that is not public is a note among agents. */
function toComment(comment: Fields, isRequester: boolean): Fields {
  const plain = textOf(comment.plain_body) ?? textOf(comment.body);
  return {
    role: isRequester ? 'user' : 'assistant',
    content: plain ?? (textOf(comment.html_body) === null ? null : readHtml(comment.html_body as string)),
    attachments: fieldsOf(comment.attachments).map(toAttachment),
    created_at: comment.created_at,
    isMeta: comment.public === false,
  };
}

const toAttachment = ({ file_name, name, content_type, mime_type }: Fields): Fields => ({
  name: file_name ?? name,
  type: content_type ?? mime_type,
});

/** Chats of Zendesk: `history` has what was written, and who came, left and rated. */
export const zendeskChat: ObjectFormat = {
  format: 'ZENDESK',
  matches: ({ history }) => fieldsOf(history).some(({ type }) => typeof type === 'string' && type.startsWith('chat.')),
  translate: (source) => {
    const visitor = isFields(source.visitor) ? textOf(source.visitor.name) : null;
    return {
      id: source.id,
      created_at: source.timestamp,
      updated_at: source.end_timestamp,
      messages: mapFields(source.history, (event) => toChatEvent(event, visitor)),
    };
  },
};

function toChatEvent(event: Fields, visitor: string | null): Fields {
  const sender = textOf(event.sender_type)?.toLowerCase() ?? (event.name === visitor ? 'visitor' : 'agent');
  const file = isFields(event.attachment) ? [toAttachment(event.attachment)] : [];
  return {
    role: sender === 'visitor' ? 'user' : 'assistant',
    content: textOf(event.msg),
    attachments: file,
    created_at: event.timestamp,
    isMeta: event.type !== 'chat.msg' && file.length === 0,
  };
}
