import { isCharacterAi, readCharacterAi } from './formats/character-ai.ts';
import { readChatGpt } from './formats/chatgpt.ts';
import { isCherryStudio, openCherryStudio } from './formats/cherry-studio.ts';
import { readClaude } from './formats/claude.ts';
import { isChatLog, isCopilotChat, readCopilotChat, replayChatLog } from './formats/copilot-chat.ts';
import { isDeepSeek, readDeepSeek } from './formats/deepseek.ts';
import {
  groupActivities,
  isActivity,
  isActivityGroup,
  isAiStudio,
  readActivities,
  readAiStudio,
} from './formats/gemini.ts';
import { isGrok, readGrok } from './formats/grok.ts';
import { readLibreChat } from './formats/librechat.ts';
import { isLlamaCpp, readLlamaCpp } from './formats/llama-cpp.ts';
import { isLmStudio, readLmStudio } from './formats/lm-studio.ts';
import { findObjectFormat } from './formats/objects/formats.ts';
import { readObject } from './formats/objects/object-format.ts';
import { isOpenWebUi, readOpenWebUi } from './formats/open-webui.ts';
import { readOpenAi } from './formats/openai.ts';
import { isPerplexity, readPerplexity } from './formats/perplexity.ts';
import { openRows } from './formats/tables/formats.ts';
import { RowGroup } from './formats/tables/row-format.ts';
import { type Fields, fieldsOf, isFields, type SourceConversation } from './source/conversation.ts';
import { joinExchange } from './source/exchanges.ts';
import { isOpenAiMessage, messageListOf } from './source/message-shapes.ts';
import { splitMessageTable } from './source/message-tables.ts';
import type { Omit } from './source/omissions.ts';

/** The supported exports, for error messages. */
export const EXPORTS =
  'an export of ChatGPT, Claude, LibreChat or Open WebUI, of Copilot, DeepSeek, Gemini, Grok, Le Chat, LM Studio, LobeChat, Perplexity or llama.cpp, or chat messages as OpenAI has them: [{ "role": "user", "content": "…" }]';

/** Fields in which exports have their conversations; the first that is a list counts. */
const LISTS = ['conversations', 'chats', 'data', 'history', 'sessions'];

/** How deep other objects are searched for conversations: a file can be nested deeper than the stack. */
const MAX_DEPTH = 4;

/** Returns the conversations of an export, not yet read. */
export const conversationsIn = (document: unknown): unknown[] => findConversations(document).flatMap(takeApart);

/** Splits an item into conversations: those of a table of messages, or one and the threads that were started anew within it (Chatbox). */
function takeApart(source: unknown): unknown[] {
  if (source instanceof RowGroup) return [source];
  if (Array.isArray(source))
    return fieldsOf(source).some(isMessage) ? (splitMessageTable(source) ?? [source]) : [source];
  if (!isFields(source) || !Array.isArray(source.messages)) return [source];
  const rows = openRows(source.messages);
  if (rows) return rows;
  const table = fieldsOf(source.messages).some(isMessage) ? splitMessageTable(source.messages, source) : null;
  return table ?? [source, ...fieldsOf(source.threads).filter(isConversation)];
}

/**
 * Finds the conversations of an export: those of a list, of an object with such a list, or the only one. A list with more messages than
 * conversations is one conversation.
 */
function findConversations(source: unknown, depth = MAX_DEPTH): unknown[] {
  const document = Array.isArray(source) ? source.map(joinExchange) : joinExchange(source);
  if (Array.isArray(document)) {
    if (isChatLog(document)) return [replayChatLog(document)];
    const rows = openRows(document);
    if (rows) return rows;
    const messages = fieldsOf(document).filter(isMessage).length;
    const activities = fieldsOf(document).filter(isActivity);
    if (activities.length > messages) {
      const others = document.filter((item) => !isFields(item) || !isActivity(item));
      return [...groupActivities(activities), ...others];
    }
    if (messages > document.filter(isConversation).length) return [document];
    return document.every((item) => isConversation(item) || !isFields(item))
      ? document
      : document.flatMap((item) => openWrapper(item, depth - 1));
  }
  if (!isFields(document)) return [];
  if (isCherryStudio(document)) return openCherryStudio(document);
  const onlyRow = openRows([document]);
  if (onlyRow) return onlyRow;
  if (knownReaderOf(document)) return [document];
  const list = LISTS.map((name) => document[name]).find(Array.isArray);
  const found = list ? findConversations(list, depth - 1) : [];
  if (found.some(isConversation)) return found;
  const wrapped = searchWrapper(document, depth);
  return wrapped.length > 0 ? wrapped : found.length > 0 ? found : [document];
}

/** Returns the conversations inside an item of a list, such as the `body` of a request, or else the item. */
function openWrapper(item: unknown, depth: number): unknown[] {
  if (!isFields(item) || isConversation(item)) return [item];
  const found = searchWrapper(item, depth);
  return found.length > 0 ? found : [item];
}

/** Searches an object that is no conversation for conversations. */
function searchWrapper(wrapper: Fields, depth: number): unknown[] {
  if (depth <= 0) return [];
  return Object.values(wrapper).flatMap((value) => {
    if (Array.isArray(value)) {
      const found = findConversations(value, depth - 1);
      return found.some(isConversation) ? found : [];
    }
    if (!isFields(value)) return [];
    if (isConversation(value)) return [value];
    return searchWrapper(value, depth - 1);
  });
}

/** Whether an item is a message. An object with messages of its own is a conversation, even if it names an author. */
const isMessage = (fields: Fields): boolean => readerOf(fields) === null && isOpenAiMessage(fields);

function isConversation(source: unknown): boolean {
  if (source instanceof RowGroup) return true;
  return isFields(source) ? readerOf(source) !== null : Array.isArray(source);
}

/** Reads a conversation of any supported format; null if its format is unknown. */
export function readConversation(source: unknown, omit: Omit): SourceConversation | null {
  if (Array.isArray(source)) return fieldsOf(source).some(isMessage) ? readOpenAi(source, omit) : null;
  if (source instanceof RowGroup) return source.read(omit);
  if (!isFields(source)) return null;
  return readerOf(source)?.(source, omit) ?? null;
}

type Reader = (source: Fields, omit: Omit) => SourceConversation;

/** Returns the reader of an object with messages, or with an empty list of them. */
function readerOf(source: Fields): Reader | null {
  const reader = knownReaderOf(source);
  if (reader || !Array.isArray(source.messages)) return reader;
  return 'conversationId' in source && fieldsOf(source.messages).length === 0 ? readLibreChat : readOpenAi;
}

/** Returns the reader of an object by its format. Formats without `messages` do not match objects that have messages. */
function knownReaderOf(source: Fields): Reader | null {
  if (isFields(source.mapping)) return isDeepSeek(source) ? readDeepSeek : readChatGpt;
  if (Array.isArray(source.chat_messages)) return readClaude;
  const format = findObjectFormat(source);
  if (format) return (found, omit) => readObject(format, found, omit);
  if (isLlamaCpp(source)) return readLlamaCpp;
  if (isLmStudio(source)) return readLmStudio;
  if (!fieldsOf(source.messages).some(isOpenAiMessage)) {
    if (isGrok(source)) return readGrok;
    if (isAiStudio(source)) return readAiStudio;
    if (isActivityGroup(source)) return readActivities;
    if (isPerplexity(source)) return readPerplexity;
    if (isCopilotChat(source)) return readCopilotChat;
    if (isCharacterAi(source)) return readCharacterAi;
  }
  if (isOpenWebUi(source)) return readOpenWebUi;
  if (Array.isArray(source.messagesTree)) return readLibreChat;
  const messages = fieldsOf(source.messages ?? source.history);
  if (messages.some((message) => 'messageId' in message || 'isCreatedByUser' in message)) return readLibreChat;
  return messageListOf(source) ? readOpenAi : null;
}
