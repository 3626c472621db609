import type { MessageRole } from '#generated/prisma/enums.ts';
import { readContent } from './content-parts.ts';
import type { Omit } from './omissions.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from './source-conversation.ts';
import { readTime } from './times.ts';
import { toMessages, toOpenAiCall, toToolMessage } from './to-messages.ts';

const ROLES: Record<string, MessageRole | undefined> = {
  system: 'SYSTEM',
  developer: 'SYSTEM',
  user: 'USER',
  human: 'USER',
  assistant: 'ASSISTANT',
  agent: 'ASSISTANT',
  model: 'ASSISTANT',
  tool: 'TOOL',
  function: 'TOOL',
};

/** Whether an object is a message in the form of OpenAI, one of the items of its responses, or a pair { user, agent }. */
export const isOpenAiMessage = (fields: Fields): boolean =>
  typeof fields.role === 'string' || isPair(fields) || String(fields.type).startsWith('function_call');

/** Where logs of chats have what was said; `user` or `agent` beside it says who did. */
const SAID = ['content', 'text', 'message', 'msg', 'body', 'value', 'said', 'utterance'];

/** Where conversations have their messages; `user` beside it is whose they are. */
const MESSAGES = ['messages', 'mapping', 'chat', 'chat_messages', 'messagesTree', 'history'];

const isPair = (fields: Fields): boolean =>
  fields.role === undefined &&
  (typeof fields.user === 'string' || typeof fields.agent === 'string') &&
  ![...SAID, ...MESSAGES].some((name) => fields[name] !== undefined && fields[name] !== null);

/** Reads a conversation as OpenAI's chat messages: a list of them, or an object that has it as `messages` or `history`. */
export function readOpenAi(source: Fields | unknown[], omit: Omit): SourceConversation {
  const about = isFields(source) ? source : {};
  const list = isFields(source) ? (source.messages ?? source.history) : source;
  return {
    format: 'OPENAI',
    sourceId: textOf(about.id) ?? textOf(about.conversation_id),
    title: textOf(about.title) ?? textOf(about.name),
    createdAt: readTime(about.created_at ?? about.created ?? about.createdAt ?? about.create_time),
    updatedAt: readTime(about.updated_at ?? about.updatedAt ?? about.update_time),
    pinned: about.pinned === true,
    archived: about.archived === true,
    messages: (Array.isArray(list) ? list : []).flatMap((message) => readItem(message, omit, textOf(about.model))),
  };
}

function readItem(item: unknown, omit: Omit, defaultModel: string | null): SourceMessage[] {
  if (isFields(item)) return readOpenAiMessage(item, omit, defaultModel);
  omit('UNREADABLE_MESSAGE');
  return [];
}

/** Reads one message: a content may be null, a text or parts. */
export function readOpenAiMessage(message: Fields, omit: Omit, defaultModel: string | null = null): SourceMessage[] {
  if (isPair(message)) return readPair(message, omit);
  const isItem = message.role === undefined && String(message.type).startsWith('function_call');
  const role = isItem ? 'ASSISTANT' : ROLES[String(message.role).toLowerCase()];
  if (!role) {
    if (message.role === undefined && message.type === 'reasoning') omit('REASONING');
    else omit('UNREADABLE_MESSAGE', message.role);
    return [];
  }
  const model = role === 'ASSISTANT' ? (textOf(message.model) ?? defaultModel) : null;
  const turn = { role, sentAt: timeOf(message), model };
  const toolCallId = textOf(message.tool_call_id) ?? textOf(message.toolCallId);
  if (isItem) return toMessages(turn, readContent([message], omit), omit);
  if (role === 'TOOL' && !hasResultPart(message.content)) {
    return [toToolMessage(turn, toolCallId, message.content ?? message.toolResult, omit)];
  }
  return toMessages(turn, readContent(message.content ?? message.refusal, omit), omit, { toolCalls: callsOf(message) });
}

const hasResultPart = (content: unknown): boolean => fieldsOf(content).some(({ type }) => type === 'tool_result');

function callsOf(message: Fields): unknown[] | null {
  const calls = message.tool_calls ?? message.toolCalls;
  if (Array.isArray(calls)) return calls;
  const { function_call: call } = message;
  return isFields(call) ? [toOpenAiCall('call_0', String(call.name), call.arguments)] : null;
}

function readPair(message: Fields, omit: Omit): SourceMessage[] {
  const sentAt = timeOf(message);
  const read = (role: 'USER' | 'ASSISTANT', content: unknown) =>
    content === undefined || content === null
      ? []
      : toMessages({ role, sentAt, model: null }, readContent(content, omit), omit);
  return [...read('USER', message.user), ...read('ASSISTANT', message.agent)];
}

const timeOf = (message: Fields): string | null =>
  readTime(
    message.sentAt ??
      message.created_at ??
      message.createdAt ??
      message.timestamp ??
      message.create_time ??
      message.date,
  );
