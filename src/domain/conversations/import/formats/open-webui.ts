import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { activeBranch, activeBranchOfList, type TreeNode } from '#domain/conversations/import/source/message-tree.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { withoutThought } from '#domain/conversations/import/source/thoughts.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toParts } from './open-webui-content.ts';
import { readOpenAiMessage } from './openai.ts';

type Node = TreeNode & { message: Fields };

/** Whether an object is a chat of Open WebUI, or one beside what its database says of it. */
export const isOpenWebUi = ({ chat, history }: Fields): boolean =>
  isFields(chat) ? isFields(chat.history) || Array.isArray(chat.messages) : isFields(history);

/** Reads a chat that Open WebUI has exported: `chat.history` is a tree of messages, of which `currentId` is the last that is shown. */
export function readOpenWebUi(source: Fields, omit: Omit): SourceConversation {
  const chat = isFields(source.chat) ? source.chat : source;
  const history = isFields(chat.history) ? chat.history : {};
  const all = isFields(history.messages) ? Object.entries(history.messages) : fieldsOf(chat.messages).entries();
  const nodes = [...all].flatMap(([key, message]) => (isFields(message) ? [toNode(String(key), message)] : []));
  const branch = isFields(history.messages)
    ? activeBranch(new Map(nodes.map((node) => [node.id, node])), history.currentId)
    : activeBranchOfList(nodes);
  for (let others = nodes.length - branch.length; others > 0; others -= 1) omit('OTHER_BRANCH');
  return {
    format: 'OPEN_WEBUI',
    sourceId: textOf(source.id) ?? textOf(chat.id),
    title: textOf(source.title) ?? textOf(chat.title),
    createdAt: readTime(source.created_at) ?? readTime(chat.timestamp),
    updatedAt: readTime(source.updated_at),
    pinned: source.pinned === true,
    archived: source.archived === true,
    messages: branch.flatMap(({ message }) => readMessage(message, omit)),
  };
}

const toNode = (key: string, message: Fields): Node => ({
  id: key,
  parent: textOf(message.parentId),
  time: readTime(message.timestamp),
  message,
});

function readMessage(message: Fields, omit: Omit): SourceMessage[] {
  if (message.role === 'system') {
    omit('SYSTEM_MESSAGE');
    return [];
  }
  const { role } = message;
  const content = role === 'assistant' ? withoutThought(message.content, omit) : null;
  return readOpenAiMessage(typeof content === 'string' ? { ...message, content: toParts(content) } : message, omit);
}
