import { type Fields, fieldsOf, idOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import { readHtml } from '#domain/conversations/import/source/html-text.ts';
import type { RowFormat } from './row-format.ts';

/** Interactions with Microsoft 365 Copilot, as Microsoft Graph exports them (`aiInteraction`). */
export const microsoft365Copilot: RowFormat = {
  format: 'MICROSOFT_365_COPILOT',
  matches: ({ interactionType, body }) =>
    isFields(body) && (interactionType === 'userPrompt' || interactionType === 'aiResponse'),
  conversationOf: ({ sessionId }) => idOf(sessionId),
  timeOf: ({ createdDateTime }) => createdDateTime,
  translate: (rows) => rows.map(toMessage),
};

function toMessage({ interactionType, body, attachments, createdDateTime }: Fields): Fields {
  const { content, contentType } = isFields(body) ? body : {};
  const text = textOf(content);
  return {
    role: interactionType === 'userPrompt' ? 'user' : 'assistant',
    content: text !== null && contentType === 'html' ? readHtml(text) : text,
    attachments: fieldsOf(attachments).map(({ name, contentType: type }) => ({ name, type })),
    created_at: createdDateTime,
  };
}
