import { roleOf } from '#domain/conversations/import/source/chat-message.ts';
import { fileNameOf } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { activeBranch, type TreeNode } from '#domain/conversations/import/source/message-tree.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import type { Piece } from '#domain/conversations/import/source/pieces.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages } from '#domain/conversations/import/source/to-messages.ts';
import { readMapping } from './mapping-nodes.ts';

/** Whether a conversation with a tree of nodes is one of DeepSeek's, which have no authors. */
export function isDeepSeek({ mapping, ...source }: Fields): boolean {
  if (!isFields(mapping)) return false;
  const messages = Object.values(mapping).flatMap((node) => (isFields(node) ? fieldsOf([node.message]) : []));
  if (messages.some(({ fragments }) => Array.isArray(fragments))) return true;
  return 'inserted_at' in source && messages.every(({ author }) => !author);
}

/** Reads a conversation of DeepSeek's conversations.json: `mapping` is a tree, whose newest branch is the one that is shown. */
export function readDeepSeek(source: Fields, omit: Omit): SourceConversation {
  const nodes = readMapping(source.mapping as Fields, ({ inserted_at }) => inserted_at);
  const branch = activeBranch(nodes, source.current_message_id);
  const shown = new Set<TreeNode>(branch);
  for (const node of nodes.values()) if (!shown.has(node) && node.message) omit('OTHER_BRANCH');
  const said = fieldsOf(branch.map(({ message }) => message));
  return {
    format: 'DEEPSEEK',
    sourceId: textOf(source.id),
    title: textOf(source.title),
    createdAt: readTime(source.inserted_at),
    updatedAt: readTime(source.updated_at),
    pinned: source.pinned === true,
    archived: false,
    messages: said.flatMap((message, index) => readMessage(message, index, omit)),
  };
}

/** Older exports have no authors: the first message is the user's, and each answers the one before it. */
function readMessage(message: Fields, index: number, omit: Omit): SourceMessage[] {
  const fragments = fieldsOf(message.fragments);
  const isAsked = fragments.length > 0 ? fragments.some(({ type }) => type === 'REQUEST') : index % 2 === 0;
  const role = (roleOf(message.role) ?? (isAsked ? 'USER' : 'ASSISTANT')) === 'USER' ? 'USER' : 'ASSISTANT';
  for (const file of fieldsOf(message.files)) omit('ATTACHMENT', fileNameOf(file));
  if (textOf(message.reasoning_content ?? message.thinking_content)) omit('REASONING');
  const model = role === 'USER' ? null : textOf(message.model);
  const text = textOf(message.content);
  const pieces =
    fragments.length > 0 ? fragments.flatMap((fragment) => readFragment(fragment, omit)) : text ? [{ text }] : [];
  return toMessages({ role, sentAt: readTime(message.inserted_at), model }, pieces, omit);
}

function readFragment({ type, content }: Fields, omit: Omit): Piece[] {
  const text = textOf(content);
  if (type === 'THINK') omit('REASONING');
  else if (text && type !== 'SEARCH') return [{ text }];
  else omit('UNKNOWN_CONTENT', type);
  return [];
}
