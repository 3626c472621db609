import { toChatMessage } from './chat-message.ts';
import { type Fields, fieldsOf, isFields } from './conversation.ts';
import { isCallItemType } from './tool-parts.ts';

/**
 * Whether an object is a message in the form of OpenAI or similar, an item of OpenAI's responses, or a pair { user, agent }. An object with
 * messages of its own is not.
 */
export const isOpenAiMessage = (fields: Fields): boolean => looksLikeMessage(fields) && !hasMessages(fields);

/** Whether an object names the author of a message. */
export function looksLikeMessage(fields: Fields): boolean {
  const message = toChatMessage(fields);
  return typeof message.role === 'string' || findPair(fields) !== null || isCallItem(message);
}

/** Whether an object is one of the items of OpenAI's responses for a call of a tool. */
export const isCallItem = ({ type }: Fields): boolean => isCallItemType(type);

/** Fields of the text in logs of chats, in which `user` or `agent` beside it is the author. */
const SAID = ['content', 'text', 'message', 'msg', 'body', 'value', 'said', 'utterance'];

/** Fields that only conversations have, with their messages; `user` beside them is their owner. */
const CONVERSATION_FIELDS = [
  'messages',
  'history',
  'conversations',
  'mapping',
  'chat',
  'chat_messages',
  'messagesTree',
];

/** Lists of messages in logs of calls and of bots; the first one includes calls of tools. */
const CALL_LOG_LISTS = [
  'transcript_with_tool_calls', // Retell
  'transcript_object',
  'transcript', // ElevenLabs
  'transcripts', // Bland
  'Transcript', // Amazon Connect
  'events', // Rasa
  'activities', // the Bot Framework
];

/** Lists of messages in conversations. Fields of these names may also be an id or a text beside a message. */
const MESSAGE_LISTS = [
  ...CONVERSATION_FIELDS,
  'conversation',
  'contents',
  'chat_history',
  'turns',
  'output',
  'entries',
  ...CALL_LOG_LISTS,
];

/** The fields of a question and an answer in one object. */
const PAIRS = [
  ['user', 'agent'],
  ['prompt', 'response'], // AnythingLLM
  ['query', 'answer'], // Perplexity
  ['question', 'answer'],
] as const;

/** Returns the field names of a pair; null if an object is not a pair. */
export const pairOf = (fields: Fields) => (hasMessages(fields) ? null : findPair(fields));

/** One side of { user, agent } may be missing. */
function findPair(fields: Fields): (typeof PAIRS)[number] | null {
  if (fields.role !== undefined || [...SAID, ...CONVERSATION_FIELDS].some((name) => fields[name] != null)) return null;
  const [older, ...others] = PAIRS;
  if (typeof fields.user === 'string' || typeof fields.agent === 'string') return older;
  return others.find((names) => names.every((name) => typeof fields[name] === 'string')) ?? null;
}

const hasMessages = (fields: Fields): boolean =>
  isFields(fields.mapping) ||
  [fields.messages, fields.chat_messages, fields.messagesTree].some(Array.isArray) ||
  MESSAGE_LISTS.some((name) => fieldsOf(fields[name]).some(looksLikeMessage));

/** Returns the list of messages of an object; null if it has none. A list with more conversations than messages is none. */
export function messageListOf(source: Fields): unknown[] | null {
  const lists = MESSAGE_LISTS.map((name) => source[name]).filter((list) => Array.isArray(list));
  return lists.find(holdsMessages) ?? null;
}

function holdsMessages(list: readonly unknown[]): boolean {
  const items = fieldsOf(list);
  const conversations = items.filter(hasMessages).length;
  if (conversations === 0) return items.some(isOpenAiMessage);
  return items.filter(isOpenAiMessage).length > conversations;
}
