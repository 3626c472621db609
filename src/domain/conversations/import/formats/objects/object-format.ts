import { readOpenAi } from '#domain/conversations/import/formats/openai.ts';
import {
  type ExportFormat,
  type Fields,
  idOf,
  type SourceConversation,
} from '#domain/conversations/import/source/conversation.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';

/** A format that exports each conversation as an object. */
export type ObjectFormat = {
  format: ExportFormat;
  matches: (source: Fields) => boolean;
  /** Returns the conversation as an object with `messages` in the form of OpenAI's chat messages, `id`, `title` and `created_at`. */
  translate: (source: Fields) => Fields;
};

/** Reads a conversation. Its id, which may be a number, is unique within the format. */
export function readObject({ format, translate }: ObjectFormat, source: Fields, omit: Omit): SourceConversation {
  const chat = translate(source);
  return { ...readOpenAi({ ...chat, id: idOf(chat.id) }, omit), format };
}
