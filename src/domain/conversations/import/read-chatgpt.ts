import { fileNameOf, joinTexts, type Piece, readContent } from './content-parts.ts';
import { activeBranch, type TreeNode } from './message-tree.ts';
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
import { type Turn, toMessages, toOpenAiCall } from './to-messages.ts';

/** Content that belongs to the interface: what the user has told ChatGPT about themselves, and what it shall be like. */
const HIDDEN_CONTENT = new Set(['user_editable_context', 'model_editable_context']);

const ROLES: Record<string, Turn['role'] | undefined> = { user: 'USER', assistant: 'ASSISTANT', tool: 'TOOL' };

type Node = TreeNode & { message: Fields | null };

/** Reads a conversation of ChatGPT's conversations.json: `mapping` is a tree of nodes, of which `current_node` is the last that is shown. */
export function readChatGpt(source: Fields, omit: Omit): SourceConversation {
  const nodes = readNodes(source.mapping as Fields);
  const branch = activeBranch(nodes, source.current_node);
  const messages = readBranch(branch, omit);
  const shown = new Set(branch);
  for (const node of nodes.values())
    if (!shown.has(node) && node.message && !isHidden(node.message)) omit('OTHER_BRANCH');
  return {
    format: 'CHATGPT',
    sourceId: textOf(source.conversation_id) ?? textOf(source.id),
    title: textOf(source.title),
    createdAt: readTime(source.create_time),
    updatedAt: readTime(source.update_time),
    pinned: source.is_starred === true || readTime(source.pinned_time) !== null,
    archived: source.is_archived === true,
    messages,
  };
}

function readNodes(mapping: Fields): Map<string, Node> {
  const nodes = new Map<string, Node>();
  const entries = Object.entries(mapping).flatMap(([id, node]) => (isFields(node) ? [{ id, node }] : []));
  const parents = new Map(entries.flatMap(({ id, node }) => childrenOf(node).map((child) => [child, id] as const)));
  for (const { id, node } of entries) {
    const message = isFields(node.message) ? node.message : null;
    nodes.set(id, {
      id,
      parent: textOf(node.parent) ?? parents.get(id) ?? null,
      time: readTime(message?.create_time),
      message,
    });
  }
  return nodes;
}

/** Some exports have links in one direction only. */
const childrenOf = ({ children }: Fields): string[] =>
  Array.isArray(children) ? children.filter((child) => typeof child === 'string') : [];

/** What a tool returned follows the message that has called it, and answers it. */
function readBranch(branch: readonly Node[], omit: Omit): SourceMessage[] {
  let callId: string | null = null;
  return branch.flatMap(({ id, message }) => {
    if (!message) return [];
    const read = readMessage(message, { id, callId }, omit);
    if (read.some(({ toolCalls }) => toolCalls)) callId = textOf(message.id) ?? id;
    return read;
  });
}

function readMessage(message: Fields, place: { id: string; callId: string | null }, omit: Omit): SourceMessage[] {
  const { role: author } = fieldsIn(message.author);
  const metadata = fieldsIn(message.metadata);
  const content = fieldsIn(message.content);
  if (author === 'system') return passOver(omit, 'SYSTEM_MESSAGE');
  if (isHidden(message)) return passOver(omit, 'HIDDEN_MESSAGE');
  const role = ROLES[String(author)];
  if (!role) return passOver(omit, 'UNREADABLE_MESSAGE');
  const model = role === 'ASSISTANT' ? textOf(metadata.model_slug) : null;
  const turn: Turn = { role, sentAt: readTime(message.create_time), model };
  const hasNamedImages = omitAttachments(metadata, omit);
  const pieces = readChatGptContent(content, hasNamedImages ? exceptImages(omit) : omit);
  const recipient = textOf(message.recipient) ?? 'all';
  if (role === 'ASSISTANT' && recipient !== 'all') {
    return toMessages(turn, [], omit, {
      toolCalls: [toOpenAiCall(textOf(message.id) ?? place.id, recipient, joinTexts(pieces))],
    });
  }
  if (pieces.length === 0 && isReasoning(content)) return [];
  return toMessages(turn, pieces, omit, { toolCallId: role === 'TOOL' ? place.callId : null });
}

/** Each type of content has its text in a field of its own. */
function readChatGptContent(content: Fields, omit: Omit): Piece[] {
  if (isReasoning(content)) {
    omit('REASONING');
    return [];
  }
  if (Array.isArray(content.parts)) return readContent(content.parts, omit);
  const text = content.text ?? content.result ?? content.output_str;
  return typeof text === 'string' ? readContent(text, omit) : readContent([content], omit);
}

const isReasoning = ({ content_type }: Fields): boolean =>
  content_type === 'thoughts' || content_type === 'reasoning_recap';

function isHidden(message: Fields): boolean {
  const { role } = fieldsIn(message.author);
  const { is_visually_hidden_from_conversation: hidden } = fieldsIn(message.metadata);
  return role === 'system' || hidden === true || HIDDEN_CONTENT.has(String(fieldsIn(message.content).content_type));
}

/** Passes attachments over by their names; returns whether images were among them, which the content then points to without one. */
function omitAttachments({ attachments }: Fields, omit: Omit): boolean {
  const images = fieldsOf(attachments).filter((file) => String(file.mime_type ?? file.mimeType).startsWith('image/'));
  for (const file of fieldsOf(attachments)) omit(images.includes(file) ? 'IMAGE' : 'ATTACHMENT', fileNameOf(file));
  return images.length > 0;
}

const exceptImages =
  (omit: Omit): Omit =>
  (what, name) => {
    if (what !== 'IMAGE') omit(what, name);
  };

function passOver(omit: Omit, what: Parameters<Omit>[0]): SourceMessage[] {
  omit(what);
  return [];
}

const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});
