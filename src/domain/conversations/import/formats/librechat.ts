import { fileNameOf, readContent } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { activeBranchOfList } from '#domain/conversations/import/source/message-tree.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages } from '#domain/conversations/import/source/to-messages.ts';

/** The parent of first messages in LibreChat. */
const NO_PARENT = '00000000-0000-0000-0000-000000000000';

/** Reads a conversation that LibreChat has exported as JSON: `messages` as a list, or as a tree by `children` (`messagesTree`). */
export function readLibreChat(source: Fields, omit: Omit): SourceConversation {
  const list = flatten(fieldsOf(source.messagesTree ?? source.messages));
  const branch = activeBranchOfList(list);
  for (let others = list.length - branch.length; others > 0; others -= 1) omit('OTHER_BRANCH');
  const options = isFields(source.options) ? source.options : {};
  return {
    format: 'LIBRECHAT',
    sourceId: textOf(source.conversationId),
    title: textOf(source.title),
    createdAt: readTime(source.createdAt),
    updatedAt: readTime(source.updatedAt),
    pinned: source.isPinned === true,
    archived: source.isArchived === true,
    messages: branch.flatMap(({ message }) => readMessage(message, textOf(options.model), omit)),
  };
}

/** Returns the messages of a tree, each before those that answer it. */
function flatten(roots: readonly Fields[]) {
  const list: { id: string; parent: string | null; time: string | null; message: Fields }[] = [];
  const open = roots.map((message) => ({ message, above: null as string | null })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { message, above } = next;
    const id = textOf(message.messageId) ?? `#${list.length}`;
    const parent = textOf(message.parentMessageId) ?? above;
    list.push({ id, parent: parent === NO_PARENT ? null : parent, time: readTime(message.createdAt), message });
    for (const child of fieldsOf(message.children).reverse()) open.push({ message: child, above: id });
  }
  return list;
}

function readMessage(message: Fields, model: string | null, omit: Omit): SourceMessage[] {
  const isUser = message.isCreatedByUser === true || message.sender === 'User';
  for (const file of fieldsOf(message.files ?? message.attachments)) {
    omit(textOf(file.type)?.startsWith('image') ? 'IMAGE' : 'ATTACHMENT', fileNameOf(file));
  }
  const content = Array.isArray(message.content) && message.content.length > 0 ? message.content : message.text;
  const turn = { role: isUser ? 'USER' : 'ASSISTANT', sentAt: readTime(message.createdAt) } as const;
  return toMessages(
    { ...turn, model: isUser ? null : (textOf(message.model) ?? model) },
    readContent(content, omit),
    omit,
  );
}
