import { aboutSession, isOfAgent, withoutSidechains } from '#domain/conversations/import/source/agent-sessions.ts';
import { chooseAnswers, nameModels } from '#domain/conversations/import/source/answers.ts';
import { beginOf, timeFromBegin } from '#domain/conversations/import/source/call-logs.ts';
import { roleOf, toChatMessage } from '#domain/conversations/import/source/chat-message.ts';
import { fileNameOf, readContent } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { linksOf, timeOf } from '#domain/conversations/import/source/message-links.ts';
import {
  isCallItem,
  looksLikeMessage,
  messageListOf,
  pairOf,
} from '#domain/conversations/import/source/message-shapes.ts';
import { activeBranch, activeBranchOfList, type TreeNode } from '#domain/conversations/import/source/message-tree.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { withoutThought } from '#domain/conversations/import/source/thoughts.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages, toToolMessage } from '#domain/conversations/import/source/to-messages.ts';
import { callsOf } from '#domain/conversations/import/source/tool-calls.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';

/** Reads a conversation in the form of OpenAI's chat messages or similar: a list of them, or an object with one. */
export function readOpenAi(source: Fields | unknown[], omit: Omit): SourceConversation {
  const about = isFields(source) ? source : {};
  if ([about.systemRole, about.systemPrompt, about.system_prompt].some(textOf)) omit('SYSTEM_MESSAGE');
  const list = isFields(source) ? (messageListOf(source) ?? source.messages ?? source.history) : source;
  const session = aboutSession(list);
  const begin = beginOf(about);
  return {
    format: 'OPENAI',
    sourceId:
      [about.id, about.conversation_id, about.call_id].map(textOf).find((id) => id !== null) ??
      sessionOf(about.sessionId === undefined ? list : [about]) ??
      session.id,
    title: titleOf(about) ?? session.title,
    createdAt: readTime(about.created_at ?? about.created ?? about.createdAt ?? about.create_time) ?? begin,
    updatedAt: readTime(about.updated_at ?? about.updatedAt ?? about.update_time),
    pinned: PINNED.some((name) => about[name] === true),
    archived: about.archived === true || about.isArchived === true,
    messages: readMessageList(timeFromBegin(Array.isArray(list) ? list : [], begin), omit, { model: modelOf(about) }),
  };
}

/** Fields that mark a pinned conversation. */
const PINNED = ['pinned', 'isPinned', 'starred', 'isStarred', 'is_starred', 'favorite'];

/** Returns the id of the conversation from its messages: Claude Code, Le Chat, Gemini CLI. */
function sessionOf(list: unknown): string | null {
  const named = fieldsOf(list).find(({ sessionId, chatId }) => textOf(sessionId ?? chatId));
  return named ? textOf(named.sessionId ?? named.chatId) : null;
}

/** Returns the title of a conversation, from the fields of all formats. */
export const titleOf = ({ title, name, topic, chatTitle, autoTitle }: Fields): string | null =>
  textOf(title) ?? textOf(name) ?? textOf(topic) ?? textOf(chatTitle) ?? textOf(autoTitle);

/**
 * Reads a list of messages: the branch up to `currentId` if they name their parents, otherwise all. A list with its newest message first is
 * reversed. `model` is the model of answers that do not name one.
 */
export function readMessageList(
  list: readonly unknown[],
  omit: Omit,
  { model = null, currentId }: { model?: string | null; currentId?: unknown } = {},
): SourceMessage[] {
  const said = chooseAnswers(nameModels(withoutSidechains(list)), omit);
  const items = inOrder(said, currentId);
  for (let others = said.length - items.length; others > 0; others -= 1) omit('OTHER_BRANCH');
  return items.flatMap((item) => readItem(item, omit, model));
}

function inOrder(list: readonly unknown[], currentId: unknown): unknown[] {
  const items = list.map(toNode);
  const ids = new Set(items.map(({ id }) => id));
  if (items.some(({ parent }) => parent !== null && ids.has(parent))) {
    const isNamed = typeof currentId === 'string' && ids.has(currentId);
    const isInOrder = isParentFirst(items);
    const nodes = isInOrder ? linkMessages(items) : items.filter(({ isMessage }) => isMessage);
    const branch =
      isInOrder && !isNamed
        ? activeBranchOfList(nodes)
        : activeBranch(new Map(nodes.map((node) => [node.id, node])), currentId);
    return [...items.filter(({ isMessage }) => !isMessage), ...branch].map(({ item }) => item);
  }
  return isNewestFirst(items) ? list.toReversed() : [...list];
}

function isParentFirst(nodes: readonly TreeNode[]): boolean {
  const places = new Map(nodes.map(({ id }, index) => [id, index]));
  return nodes.every(({ parent }, index) => (places.get(parent ?? '') ?? -1) < index);
}

/**
 * Returns the messages of a list in which parents come first. A message without a parent field follows the one before it. Other items are
 * removed, and their children are linked to their parents.
 */
function linkMessages(items: readonly Node[]): Node[] {
  const passed = new Map<string, string | null>();
  const messages: Node[] = [];
  for (const item of items) {
    const named = item.namesParent ? item.parent : (messages.at(-1)?.id ?? null);
    const parent = named !== null && passed.has(named) ? (passed.get(named) ?? null) : named;
    if (item.isMessage) messages.push({ ...item, parent });
    else passed.set(item.id, parent);
  }
  return messages;
}

/** An item of a list as a node of a tree; `namesParent` is true also for an explicit null. */
type Node = TreeNode & { namesParent: boolean; isMessage: boolean; role: MessageRole | undefined; item: unknown };

function toNode(item: unknown, index: number): Node {
  const message: Fields = isFields(item) ? { ...item, ...toChatMessage(item) } : {};
  const { id, ...links } = linksOf(message);
  return {
    id: id ?? `#${index}`,
    ...links,
    time: timeOf(message),
    isMessage: isFields(item) && looksLikeMessage(item),
    role: roleOf(message.role),
    item,
  };
}

/**
 * Whether all messages have times in descending order, as OpenAI's API lists them. If reversing would put an answer first, the times are
 * wrong instead.
 */
function isNewestFirst(nodes: readonly Node[]): boolean {
  const times = nodes.map(({ time }) => time ?? '');
  if (times.length < 2 || times.includes('') || times[0] === times.at(-1)) return false;
  const said = nodes.filter(({ role }) => role === 'USER' || role === 'ASSISTANT');
  if (said[0]?.role === 'USER' && said.at(-1)?.role === 'ASSISTANT') return false;
  return times.every((time, index) => index === 0 || time <= (times[index - 1] as string));
}

function readItem(item: unknown, omit: Omit, defaultModel: string | null): SourceMessage[] {
  if (isFields(item)) return readOpenAiMessage(item, omit, defaultModel);
  omit('UNREADABLE_MESSAGE');
  return [];
}

/** Reads one message: a content may be null, a text or parts. */
export function readOpenAiMessage(fields: Fields, omit: Omit, defaultModel: string | null = null): SourceMessage[] {
  const pair = pairOf(fields);
  if (pair) return readPair(fields, pair, omit);
  const message = toChatMessage(fields);
  const isItem = message.role === undefined && isCallItem(message);
  const role = isItem ? 'ASSISTANT' : roleOf(message.role);
  if (!role) {
    if (message.role === undefined && message.type === 'reasoning') omit('REASONING');
    else if (fields.isSidechain === true) omit('OTHER_BRANCH');
    else omit('UNREADABLE_MESSAGE', message.role ?? (fields.type === message.type ? fields.type : message.type));
    return [];
  }
  if (fields.isMeta === true || message.is_system === true) {
    omit('HIDDEN_MESSAGE');
    return [];
  }
  omitWhatIsBeside(message, omit);
  const model = role === 'ASSISTANT' ? (modelOf(message) ?? defaultModel) : null;
  const turn = { role, sentAt: timeOf(message), model };
  const toolCallId = textOf(message.tool_call_id) ?? textOf(message.toolCallId);
  if (isItem) return toMessages(turn, readContent([message], omit), omit);
  if (role === 'TOOL' && !hasResultPart(message.content)) {
    return [toToolMessage(turn, toolCallId, message.content ?? message.toolResult ?? message.result, omit)];
  }
  const content = role === 'ASSISTANT' ? withoutThought(message.content, omit) : message.content;
  const all = readContent(content, omit);
  const pieces = role === 'USER' ? all.filter((piece) => !('text' in piece && isOfAgent(piece.text))) : all;
  for (let hidden = all.length - pieces.length; hidden > 0; hidden -= 1) omit('HIDDEN_MESSAGE');
  if (pieces.length === 0 && all.length > 0) return [];
  const { toolCalls, parts } = callsOf(message, pieces);
  return toMessages(turn, [...pieces, ...readContent(parts, omit)], omit, { toolCalls });
}

/** Returns the name of an answer's model, which Cherry Studio, LobeChat and big-AGI have in objects. */
function modelOf({ model, modelId, modelID, extra, generator, response_metadata }: Fields): string | null {
  const { model_name: ofLangChain } = isFields(response_metadata) ? response_metadata : {};
  const { fromModel, model: ofSillyTavern } = isFields(extra) ? extra : {};
  const { name } = isFields(generator) ? generator : {};
  const own = isFields(model) ? (model.id ?? model.name) : model;
  return (
    [own, modelId, modelID, fromModel, name, ofLangChain, ofSillyTavern].map(textOf).find((found) => found !== null) ??
    null
  );
}

const hasResultPart = (content: unknown): boolean => fieldsOf(content).some(({ type }) => type === 'tool_result');

/** Counts what is skipped beside the content: reasoning, images (Ollama), files, and answers that were not chosen (SillyTavern). */
function omitWhatIsBeside(message: Fields, omit: Omit): void {
  const { reasoning_content, reasoningContent, reasoning, thinking, thoughts } = message;
  const thought = [reasoning_content, reasoningContent, reasoning, thinking, thoughts];
  if (thought.some((value) => (typeof value === 'string' || Array.isArray(value)) && value.length > 0))
    omit('REASONING');
  if (Array.isArray(message.images)) for (const _image of message.images) omit('IMAGE');
  for (const file of [message.attachments, message.files, message.extra].flatMap(fieldsOf)) {
    omit(/^image/i.test(textOf(file.type ?? file.contentType) ?? '') ? 'IMAGE' : 'ATTACHMENT', fileNameOf(file));
  }
  if (Array.isArray(message.swipes)) for (const _other of message.swipes.slice(1)) omit('OTHER_BRANCH');
}

function readPair(message: Fields, [asked, answered]: readonly [string, string], omit: Omit): SourceMessage[] {
  const sentAt = timeOf(message);
  const read = (role: 'USER' | 'ASSISTANT', content: unknown) =>
    content === undefined || content === null
      ? []
      : toMessages({ role, sentAt, model: null }, readContent(content, omit), omit);
  return [...read('USER', message[asked]), ...read('ASSISTANT', message[answered])];
}
