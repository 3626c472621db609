import { fileNameOf } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import type { Piece } from '#domain/conversations/import/source/pieces.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages } from '#domain/conversations/import/source/to-messages.ts';

/** Whether an object is a chat of Copilot in VS Code: requests, each with the parts of its response. */
export const isCopilotChat = ({ requests }: Fields): boolean =>
  fieldsOf(requests).some(
    ({ message, response }) => textOfRequest(message) !== null && (response === undefined || Array.isArray(response)),
  );

/** Reads a chat that VS Code has exported, or stores. */
export function readCopilotChat(source: Fields, omit: Omit): SourceConversation {
  return {
    format: 'COPILOT',
    sourceId: textOf(source.sessionId),
    title: textOf(source.customTitle) ?? textOf(source.computedTitle),
    createdAt: readTime(source.creationDate),
    updatedAt: readTime(source.lastMessageDate),
    pinned: false,
    archived: source.isArchived === true,
    messages: (source.requests as unknown[]).flatMap((request) => readRequest(request, omit)),
  };
}

const textOfRequest = (message: unknown): string | null => (isFields(message) ? textOf(message.text) : textOf(message));

function readRequest(request: unknown, omit: Omit): SourceMessage[] {
  const asked = isFields(request) ? textOfRequest(request.message) : null;
  if (!isFields(request) || asked === null) {
    omit('UNREADABLE_MESSAGE');
    return [];
  }
  const { variables } = isFields(request.variableData) ? request.variableData : {};
  for (const file of fieldsOf(variables)) omit(file.kind === 'image' ? 'IMAGE' : 'ATTACHMENT', fileNameOf(file));
  const sentAt = readTime(request.timestamp);
  const model = textOf(request.modelId)?.replace(/^copilot\//, '') ?? null;
  const pieces = joinPieces(fieldsOf(request.response).flatMap((part) => readPart(part, omit)));
  const said = toMessages({ role: 'USER', sentAt, model: null }, [{ text: asked }], omit);
  return pieces.length === 0 ? said : [...said, ...toMessages({ role: 'ASSISTANT', sentAt, model }, pieces, omit)];
}

/** Parts about the progress of an answer, without any of its text. */
const OF_THE_INTERFACE =
  /^(?:progress|undoStop|codeblockUri|mcpServersStarting|prepareToolInvocation|confirmation|extensions|command|hook|warning)/;

function readPart(part: Fields, omit: Omit): Piece[] {
  const kind = textOf(part.kind);
  if (kind === 'thinking') omit('REASONING');
  else if (kind === 'inlineReference') return [{ text: nameOfReference(part) }];
  else if (kind?.startsWith('toolInvocation')) return readTool(part);
  else if (kind === null || kind.startsWith('markdown')) {
    const text = markdownOf(part.content ?? part);
    return text === null ? [] : [{ text }];
  } else if (!OF_THE_INTERFACE.test(kind)) omit('UNKNOWN_CONTENT', kind);
  return [];
}

const markdownOf = (markdown: unknown): string | null => {
  const text = isFields(markdown) ? markdown.value : markdown;
  return typeof text === 'string' && text !== '' ? text : null;
};

/** Returns the name of a referenced file or symbol, as it is in the text. */
function nameOfReference({ name, inlineReference }: Fields): string {
  const target = isFields(inlineReference) ? inlineReference : {};
  const { path } = isFields(target.uri) ? target.uri : target;
  return `\`${textOf(name) ?? textOf(target.name) ?? textOf(path)?.split('/').at(-1) ?? '…'}\``;
}

/** Reads a call of a tool. VS Code stores its arguments only if they were displayed, and its result as a sentence. */
function readTool({ toolId, toolCallId, toolSpecificData, pastTenseMessage, invocationMessage }: Fields): Piece[] {
  const { rawInput, commandLine } = isFields(toolSpecificData) ? toolSpecificData : {};
  const id = textOf(toolCallId);
  const given = rawInput ?? (commandLine === undefined ? {} : { commandLine });
  const output = markdownOf(pastTenseMessage ?? invocationMessage);
  const call: Piece = { call: { id, name: textOf(toolId) ?? 'unknown', arguments: given } };
  return output === null ? [call] : [call, { result: { callId: id, output } }];
}

/** Joins neighbouring texts, which are pieces of one text around references. */
function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && 'text' in last && 'text' in piece) last.text += piece.text;
    else joined.push({ ...piece });
  }
  return joined.filter((piece) => !('text' in piece) || piece.text.trim() !== '');
}

/** Whether a list is the log in which newer versions of VS Code store a chat: first the whole chat, then its changes. */
export const isChatLog = ([first]: readonly unknown[]): boolean =>
  isFields(first) && first.kind === 0 && isFields(first.v) && Array.isArray(first.v.requests);

/**
 * Returns the final state of the chat in a log. An entry sets (1), adds to (2) or deletes (3) the value at its path; an invalid one is
 * skipped.
 */
export function replayChatLog(log: readonly unknown[]): Fields {
  const [first, ...changes] = fieldsOf(log);
  const chat = first?.v as Fields;
  for (const change of changes) applyChange(chat, change);
  return chat;
}

function applyChange(chat: Fields, { kind, k, v, i }: Fields): void {
  const path = Array.isArray(k) ? k : [];
  const name = path.at(-1);
  const holder = path.slice(0, -1).reduce<unknown>(stepInto, chat);
  if (name === undefined || !isHolder(holder, name)) return;
  const place = holder as Record<string | number, unknown>;
  if (kind === 1) place[name] = v;
  else if (kind === 3) delete place[name];
  else if (kind === 2) {
    if (!Array.isArray(place[name])) place[name] = [];
    const list = place[name] as unknown[];
    if (typeof i === 'number') list.length = Math.max(0, Math.min(list.length, Math.floor(i)));
    if (Array.isArray(v)) for (const item of v) list.push(item);
  }
}

const stepInto = (value: unknown, name: unknown): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name as string)
    ? (value as Record<string, unknown>)[name as string]
    : undefined;

/** Whether a value can hold a field of a name: not beyond the end of a list, and not the prototype of objects. */
function isHolder(holder: unknown, name: unknown): name is string | number {
  if (Array.isArray(holder))
    return typeof name === 'number' && Number.isInteger(name) && name >= 0 && name <= holder.length;
  return isFields(holder) && typeof name === 'string' && name !== '__proto__';
}
