import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { timeOf } from '#domain/conversations/import/source/message-links.ts';
import { oldestFirst } from '#domain/conversations/import/source/oldest-first.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { readMessageList, titleOf } from './openai.ts';

/**
 * Whether an object is a chat of Character.AI: turns with several versions, or in older exports messages that are marked as human or not.
 */
export const isCharacterAi = ({ turns, msgs }: Fields): boolean =>
  fieldsOf(turns).some(({ author, candidates }) => isFields(author) && Array.isArray(candidates)) ||
  fieldsOf(msgs).some(({ src }) => isFields(src) && 'is_human' in src);

/** Reads a chat of Character.AI: the displayed version of each turn. */
export function readCharacterAi(source: Fields, omit: Omit): SourceConversation {
  const messages = fieldsOf(source.turns ?? source.msgs).map((turn) => toMessage(turn, omit));
  const [first] = fieldsOf(source.turns);
  const { chat_id: chatId } = isFields(first?.turn_key) ? first.turn_key : {};
  return {
    format: 'CHARACTER_AI',
    sourceId: textOf(source.chat_id) ?? textOf(chatId) ?? textOf(source.external_id),
    title: titleOf(source),
    createdAt: readTime(source.create_time ?? source.created),
    updatedAt: readTime(source.last_interaction),
    pinned: false,
    archived: false,
    messages: readMessageList(inOrder(messages), omit),
  };
}

/** Chats begin with the character, and are listed with the newest turn first. */
const inOrder = (messages: readonly Fields[]): Fields[] =>
  messages.every((message) => timeOf(message) !== null) ? oldestFirst(messages, timeOf) : [...messages];

function toMessage(
  { author, src, candidates, primary_candidate_id: primary, text, create_time }: Fields,
  omit: Omit,
): Fields {
  const { is_human: isHuman } = isFields(author) ? author : isFields(src) ? src : {};
  const versions = fieldsOf(candidates);
  const shown = versions.find(({ candidate_id: id }) => id === primary) ?? versions[0];
  for (let others = versions.length - 1; others > 0; others -= 1) omit('OTHER_BRANCH');
  return {
    role: isHuman === true ? 'user' : 'assistant',
    content: shown?.raw_content ?? text,
    created_at: create_time ?? shown?.create_time,
  };
}
