import { type Fields, fieldsOf, idOf, isFields } from './conversation.ts';
import { isOpenAiMessage } from './message-shapes.ts';

/** Flattens a tree of messages with nested answers (OpenAssistant) into a list of messages that name their parents. */
export function openReplies({ prompt, ...about }: Fields): Fields | null {
  if (!isFields(prompt) || !Array.isArray(prompt.replies) || !isOpenAiMessage(prompt)) return null;
  const messages: Fields[] = [];
  const waiting: { message: Fields; parentId: string | null }[] = [{ message: prompt, parentId: null }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { replies, ...message } = next.message;
    const id = idOf(message.message_id ?? message.id) ?? `#${messages.length}`;
    messages.push({ ...message, id, parentId: next.parentId });
    for (const reply of fieldsOf(replies).toReversed()) waiting.push({ message: reply, parentId: id });
  }
  return { id: idOf(about.message_tree_id ?? about.id), messages };
}
