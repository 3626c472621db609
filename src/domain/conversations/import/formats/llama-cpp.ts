import {
  type Fields,
  idOf,
  isFields,
  type SourceConversation,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { readMessageList } from './openai.ts';

/** Whether an object is a conversation of llama.cpp's web interface: its fields, beside its messages. */
export const isLlamaCpp = ({ conv, messages }: Fields): boolean =>
  isFields(conv) && 'currNode' in conv && Array.isArray(messages);

/**
 * Reads a conversation that llama.cpp's web interface has exported: `messages` are a tree, of which `currNode` is the last that is shown.
 */
export function readLlamaCpp({ conv, messages }: Fields, omit: Omit): SourceConversation {
  const about = conv as Fields;
  const said = (messages as unknown[]).filter((message) => !isRoot(message));
  return {
    format: 'LLAMA_CPP',
    sourceId: idOf(about.id),
    title: textOf(about.name),
    createdAt: null,
    updatedAt: readTime(about.lastModified),
    pinned: about.pinned === true,
    archived: false,
    messages: readMessageList(said, omit, { currentId: idOf(about.currNode) }),
  };
}

/** Whether a message is the root of the tree, which has no content. */
const isRoot = (message: unknown): boolean => isFields(message) && message.type === 'root';
