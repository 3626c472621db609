import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { readMessageList } from './openai.ts';

/** Whether an object is a conversation of Grok's export: its fields, beside its responses. */
export const isGrok = ({ conversation, responses }: Fields): boolean =>
  isFields(conversation) && Array.isArray(responses);

/** Reads a conversation of Grok's prod-grok-backend.json: `responses` are a tree, by `parent_response_id`. */
export function readGrok(source: Fields, omit: Omit): SourceConversation {
  const about = source.conversation as Fields;
  const messages = (source.responses as unknown[]).map((item) => toMessage(item, omit));
  for (const { thinking_trace } of fieldsOf(messages)) if (textOf(thinking_trace)) omit('REASONING');
  return {
    format: 'GROK',
    sourceId: textOf(about.id),
    title: textOf(about.title),
    createdAt: readTime(about.create_time),
    updatedAt: readTime(about.modify_time),
    pinned: about.starred === true,
    archived: about.archived === true,
    messages: readMessageList(messages, omit, { currentId: about.leaf_response_id }),
  };
}

/** Reads a response. Of files, the export has only the ids. */
function toMessage(item: unknown, omit: Omit): unknown {
  const response = isFields(item) && isFields(item.response) ? item.response : item;
  if (!isFields(response)) return response;
  const { file_attachments: files } = response;
  const attachments = Array.isArray(files) ? files.map((name) => ({ name })) : [];
  return { ...response, content: withoutCards(response.message, omit), attachments };
}

/** A mark in a text for a card that the interface displays, with its kind. */
const CARD = /<grok:render\b([^<>]*)>(?:<argument\b[^<>]*>[^<>]*<\/argument>)*<\/grok:render>/g;

/** Returns a text without cards; those that are no citations are counted as skipped. */
function withoutCards(text: unknown, omit: Omit): unknown {
  if (typeof text !== 'string') return text;
  return text.replace(CARD, (_card, about: string) => {
    if (!about.includes('citation')) omit(about.includes('image') ? 'IMAGE' : 'UNKNOWN_CONTENT', 'grok:render');
    return '';
  });
}
