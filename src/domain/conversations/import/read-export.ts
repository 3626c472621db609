import type { Omit } from './omissions.ts';
import { readChatGpt } from './read-chatgpt.ts';
import { readClaude } from './read-claude.ts';
import { readLibreChat } from './read-librechat.ts';
import { readOpenWebUi } from './read-open-webui.ts';
import { isOpenAiMessage, readOpenAi } from './read-openai.ts';
import { type Fields, fieldsOf, isFields, type SourceConversation } from './source-conversation.ts';

/** What an export has to be, for whoever has sent something else. */
export const EXPORTS =
  'an export of ChatGPT, Claude, LibreChat or Open WebUI, or chat messages as OpenAI has them: [{ "role": "user", "content": "…" }]';

/**
 * Returns the conversations of an export, not yet read: those of a list, of an object that has one, or the only one. A list that has
 * more messages than conversations is one conversation, whatever else is in it.
 */
export function conversationsIn(document: unknown): unknown[] {
  if (Array.isArray(document)) {
    const messages = fieldsOf(document).filter(isMessage).length;
    return messages > document.filter(isConversation).length ? [document] : document;
  }
  if (!isFields(document)) return [];
  const list = [document.conversations, document.chats, document.data].find(Array.isArray);
  return list ? conversationsIn(list) : [document];
}

/** Whether an item is a message: what has messages of its own is a conversation, whoever is named beside them. */
const isMessage = (fields: Fields): boolean => readerOf(fields) === null && isOpenAiMessage(fields);

function isConversation(source: unknown): boolean {
  return isFields(source) ? readerOf(source) !== null : Array.isArray(source);
}

/** Reads one conversation, whichever application it is from; null where it is none that is known. */
export function readConversation(source: unknown, omit: Omit): SourceConversation | null {
  if (Array.isArray(source)) return fieldsOf(source).some(isMessage) ? readOpenAi(source, omit) : null;
  if (!isFields(source)) return null;
  return readerOf(source)?.(source, omit) ?? null;
}

function readerOf(source: Fields): ((source: Fields, omit: Omit) => SourceConversation) | null {
  if (isFields(source.mapping)) return readChatGpt;
  if (Array.isArray(source.chat_messages)) return readClaude;
  if (isFields(source.chat) || isFields(source.history)) return readOpenWebUi;
  if (Array.isArray(source.messagesTree)) return readLibreChat;
  const messages = fieldsOf(source.messages ?? source.history);
  if (messages.some((message) => 'messageId' in message || 'isCreatedByUser' in message)) return readLibreChat;
  if ('conversationId' in source && Array.isArray(source.messages) && messages.length === 0) return readLibreChat;
  return Array.isArray(source.messages) || Array.isArray(source.history) ? readOpenAi : null;
}
