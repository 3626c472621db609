import { type Fields, fieldsOf, isFields } from '#domain/conversations/import/source/conversation.ts';
import type { ObjectFormat } from './object-format.ts';

/** Calls of Vapi, also their `artifact` alone and the report at the end of a call. The system prompt stands among the messages. */
export const vapi: ObjectFormat = {
  format: 'OPENAI',
  matches: (source) => listOf(source) !== null,
  translate: (source) => {
    const call = isFields(source.call) ? source.call : {};
    const messages = listOf(source) ?? [];
    const system = messages.find(isSystem);
    return {
      id: source.id ?? call.id,
      created_at: source.createdAt ?? call.createdAt ?? source.startedAt,
      systemPrompt: system?.message ?? system?.content,
      messages: messages.filter((message) => !isSystem(message)),
    };
  },
};

const isSystem = ({ role }: Fields): boolean => role === 'system';

/** Returns the messages of a call, the ones with times if there are any. */
function listOf(source: Fields): Fields[] | null {
  const artifact = isFields(source.artifact) ? source.artifact : {};
  const lists = [source.messages, artifact.messages].map(fieldsOf);
  const timed = lists.find((list) => list.some((message) => 'secondsFromStart' in message && 'message' in message));
  if (timed) return timed;
  const formatted = fieldsOf(artifact.messagesOpenAIFormatted ?? source.messagesOpenAIFormatted);
  return formatted.length > 0 ? formatted : null;
}
