import { fileNameOf, readContent } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { activeBranchOfList } from '#domain/conversations/import/source/message-tree.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { toText } from '#domain/conversations/import/source/pieces.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages } from '#domain/conversations/import/source/to-messages.ts';

/** The parent of first messages in claude.ai's exports. */
const NO_PARENT = '00000000-0000-4000-8000-000000000000';

/** Reads a conversation of claude.ai's conversations.json: `chat_messages` in order, in newer exports with the one that each answers. */
export function readClaude(source: Fields, omit: Omit): SourceConversation {
  const list = fieldsOf(source.chat_messages).map((message, index) => ({
    id: textOf(message.uuid) ?? `#${index}`,
    parent: message.parent_message_uuid === NO_PARENT ? null : textOf(message.parent_message_uuid),
    time: readTime(message.created_at),
    message,
  }));
  const branch = activeBranchOfList(list, source.current_leaf_message_uuid);
  for (let others = list.length - branch.length; others > 0; others -= 1) omit('OTHER_BRANCH');
  return {
    format: 'CLAUDE',
    sourceId: textOf(source.uuid),
    title: textOf(source.name),
    createdAt: readTime(source.created_at),
    updatedAt: readTime(source.updated_at),
    pinned: source.is_starred === true,
    archived: source.is_archived === true,
    messages: branch.flatMap(({ message }) => readMessage(message, textOf(source.model), omit)),
  };
}

function readMessage(message: Fields, model: string | null, omit: Omit): SourceMessage[] {
  const isUser = message.sender === 'human';
  if (!isUser && message.sender !== 'assistant') {
    omit('UNREADABLE_MESSAGE');
    return [];
  }
  const pasted = fieldsOf(message.attachments).filter(isPasted);
  for (const file of fieldsOf(message.attachments)) if (!isPasted(file)) omit('ATTACHMENT', fileNameOf(file));
  for (const file of fieldsOf(message.files))
    omit(file.file_kind === 'image' ? 'IMAGE' : 'ATTACHMENT', fileNameOf(file));
  const parts = Array.isArray(message.content) && message.content.length > 0 ? message.content : message.text;
  const turn = { role: isUser ? 'USER' : 'ASSISTANT', sentAt: readTime(message.created_at) } as const;
  return toMessages(
    { ...turn, model: isUser ? null : (textOf(message.model) ?? model) },
    [...readContent(parts, omit), ...pasted.flatMap(({ extracted_content }) => toText(extracted_content))],
    omit,
  );
}

/** A long text that was pasted is part of the message; claude.ai stores it as a file without a name. */
const isPasted = (file: Fields): boolean =>
  textOf(file.extracted_content) !== null &&
  /^(?:paste(?:d[ _-]?text)?(?:[ _-]?\d*)?(?:\.txt)?)?$/i.test(String(file.file_name ?? ''));
