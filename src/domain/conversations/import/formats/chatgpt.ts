import { fileNameOf, joinTexts, readContent } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { activeBranch } from '#domain/conversations/import/source/message-tree.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import type { Piece } from '#domain/conversations/import/source/pieces.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { type Turn, toMessages, toOpenAiCall } from '#domain/conversations/import/source/to-messages.ts';
import { readMarks } from './chatgpt-marks.ts';
import { type MappingNode, readMapping } from './mapping-nodes.ts';

/** Content of the interface: the user's custom instructions. */
const HIDDEN_CONTENT = new Set<unknown>(['user_editable_context', 'model_editable_context']);

const ROLES = new Map<unknown, Turn['role']>([
  ['user', 'USER'],
  ['assistant', 'ASSISTANT'],
  ['tool', 'TOOL'],
]);

/**
 * Reads a conversation of ChatGPT's conversations.json: `mapping` is a tree of nodes, of which `current_node` is the last that is shown.
 */
export function readChatGpt(source: Fields, omit: Omit): SourceConversation {
  const nodes = readMapping(source.mapping as Fields, ({ create_time }) => create_time);
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

/** The result of a tool belongs to the call in the message before it, unless another message is between them. */
function readBranch(branch: readonly MappingNode[], omit: Omit): SourceMessage[] {
  let callId: string | null = null;
  return branch.flatMap(({ id, message }) => {
    if (!message) return [];
    const read = readMessage(message, { id, callId }, omit);
    if (read.some(({ toolCalls }) => toolCalls)) callId = textOf(message.id) ?? id;
    else if (read.some(({ role }) => role !== 'TOOL')) callId = null;
    return read;
  });
}

function readMessage(message: Fields, place: { id: string; callId: string | null }, omit: Omit): SourceMessage[] {
  const { role: author } = fieldsIn(message.author);
  const metadata = fieldsIn(message.metadata);
  const content = fieldsIn(message.content);
  if (author === 'system') return passOver(omit, 'SYSTEM_MESSAGE');
  if (isHidden(message)) return passOver(omit, 'HIDDEN_MESSAGE');
  const role = ROLES.get(author);
  if (!role) return passOver(omit, 'UNREADABLE_MESSAGE');
  const model = role === 'ASSISTANT' ? textOf(metadata.model_slug) : null;
  const turn: Turn = { role, sentAt: readTime(message.create_time), model };
  const hasNamedImages = omitAttachments(metadata, omit);
  const pieces = readChatGptContent(content, metadata.content_references, hasNamedImages ? exceptImages(omit) : omit);
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
function readChatGptContent(content: Fields, references: unknown, omit: Omit): Piece[] {
  if (isReasoning(content)) {
    omit('REASONING');
    return [];
  }
  const read = (part: unknown) => (typeof part === 'string' ? readMarks(part, references, omit) : part);
  if (Array.isArray(content.parts)) return readContent(content.parts.map(read), omit);
  const text = content.text ?? content.result ?? content.output_str;
  return typeof text === 'string' ? readContent(read(text), omit) : readContent([content], omit);
}

const isReasoning = ({ content_type }: Fields): boolean =>
  content_type === 'thoughts' || content_type === 'reasoning_recap';

function isHidden(message: Fields): boolean {
  const { role } = fieldsIn(message.author);
  const { is_visually_hidden_from_conversation: hidden } = fieldsIn(message.metadata);
  return role === 'system' || hidden === true || HIDDEN_CONTENT.has(fieldsIn(message.content).content_type);
}

/**
 * Counts attachments as skipped, by their names; returns whether there were images among them, which the content refers to without a name.
 */
function omitAttachments({ attachments }: Fields, omit: Omit): boolean {
  const images = fieldsOf(attachments).filter((file) => /^image\//.test(textOf(file.mime_type ?? file.mimeType) ?? ''));
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
