import { numberOf } from '#adapters/exact-json.ts';
import { roleOf } from '#domain/conversations/import/source/chat-message.ts';
import { readContent } from '#domain/conversations/import/source/content-parts.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { isOpenAiMessage } from '#domain/conversations/import/source/message-shapes.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages } from '#domain/conversations/import/source/to-messages.ts';

/** Whether an object is a conversation of LM Studio, whose messages have several versions; only these have roles. */
export const isLmStudio = ({ messages }: Fields): boolean =>
  fieldsOf(messages).some(({ versions }) => fieldsOf(versions).some(({ role }) => roleOf(role))) &&
  !fieldsOf(messages).some(isOpenAiMessage);

/** Reads a conversation file of LM Studio: of each message the version that is selected. */
export function readLmStudio(source: Fields, omit: Omit): SourceConversation {
  const model = isFields(source.lastUsedModel) ? textOf(source.lastUsedModel.identifier) : null;
  if (textOf(source.systemPrompt)) omit('SYSTEM_MESSAGE');
  return {
    format: 'LM_STUDIO',
    sourceId: null,
    title: textOf(source.name),
    createdAt: readTime(source.createdAt),
    updatedAt: readTime(source.assistantLastMessagedAt ?? source.userLastMessagedAt),
    pinned: source.pinned === true,
    archived: false,
    messages: fieldsOf(source.messages).flatMap((message) => readMessage(message, model, omit)),
  };
}

function readMessage({ versions, currentlySelected }: Fields, model: string | null, omit: Omit): SourceMessage[] {
  const all = fieldsOf(versions);
  const version = all[numberOf(currentlySelected) ?? -1] ?? all.at(-1);
  for (let others = all.length - 1; others > 0; others -= 1) omit('OTHER_BRANCH');
  const isUser = version?.role === 'user';
  if (!version || (!isUser && version.role !== 'assistant')) {
    omit(version?.role === 'system' ? 'SYSTEM_MESSAGE' : 'UNREADABLE_MESSAGE', version?.role);
    return [];
  }
  const { senderName } = isFields(version.senderInfo) ? version.senderInfo : {};
  const steps = fieldsOf(version.steps);
  const parts = steps.length > 0 ? steps.flatMap(partsOf) : version.content;
  const turn = { role: isUser ? 'USER' : 'ASSISTANT', sentAt: null } as const;
  return toMessages({ ...turn, model: isUser ? null : (textOf(senderName) ?? model) }, readContent(parts, omit), omit);
}

/**
 * Returns the content of a step. Steps about the progress of a tool or of the application have none; a text that two models wrote together
 * is in pieces.
 */
function partsOf({ type, style, content }: Fields): unknown[] {
  if (type !== 'contentBlock' || !Array.isArray(content)) return [];
  if (isFields(style) && style.type === 'thinking') return [{ type: 'thinking' }];
  const isText = (part: unknown): part is Fields => isFields(part) && part.type === 'text';
  const text = content.filter(isText).map((part) => part.text);
  return [text.join(''), ...content.filter((part) => !isText(part))];
}
