import { toChatMessage } from './chat-message.ts';
import { type Fields, fieldsOf, isFields } from './conversation.ts';
import { isCallItemType } from './tool-parts.ts';

/**
 * Whether an object is a message in the form of OpenAI or near to it, one of the items of its responses, or a pair { user, agent }. What
 * has messages of its own is none, whatever it says beside them.
 */
export const isOpenAiMessage = (fields: Fields): boolean => looksLikeMessage(fields) && !hasMessages(fields);

/** Whether an object says whose message it is, whatever else it has. */
export function looksLikeMessage(fields: Fields): boolean {
  const message = toChatMessage(fields);
  return typeof message.role === 'string' || findPair(fields) !== null || isCallItem(message);
}

/** Whether an object is one of the items of OpenAI's responses for a call of a tool. */
export const isCallItem = ({ type }: Fields): boolean => isCallItemType(type);

/** Where logs of chats have what was said; `user` or `agent` beside it says who did. */
const SAID = ['content', 'text', 'message', 'msg', 'body', 'value', 'said', 'utterance'];

/** What only conversations have, and their messages are in it; `user` beside it is whose they are. */
const CONVERSATION_FIELDS = [
  'messages',
  'history',
  'conversations',
  'mapping',
  'chat',
  'chat_messages',
  'messagesTree',
];

/** Where logs of calls and of bots have what was said; the first has what tools did, too. */
const CALL_LOG_LISTS = [
  'transcript_with_tool_calls', // Retell
  'transcript_object',
  'transcript', // ElevenLabs
  'transcripts', // Bland
  'Transcript', // Amazon Connect
  'events', // Rasa
  'activities', // the Bot Framework
];

/** Where a conversation has its messages, in the words of whoever wrote it. The others may be an id or a text beside one message. */
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

/** What was asked and what was answered, in one object. */
const PAIRS = [
  ['user', 'agent'],
  ['prompt', 'response'], // AnythingLLM
  ['query', 'answer'], // Perplexity
  ['question', 'answer'],
] as const;

/** Returns the names of the two sides of a pair; null where an object is none. */
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

/** Returns the list of the messages of an object; null where it has none, as a list of more conversations than messages is. */
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
