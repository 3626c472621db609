import type { MessageRole } from '#generated/prisma/enums.ts';

/** What conversations can come from. */
export type ExportFormat =
  | 'CHATGPT'
  | 'CLAUDE'
  | 'LIBRECHAT'
  | 'OPEN_WEBUI'
  | 'OPENAI'
  | 'DEEPSEEK'
  | 'GEMINI'
  | 'GROK'
  | 'LLAMA_CPP'
  | 'LM_STUDIO'
  | 'PERPLEXITY'
  | 'COPILOT'
  | 'CHARACTER_AI'
  | 'INTERCOM'
  | 'ZENDESK'
  | 'CHATWOOT'
  | 'BOTPRESS'
  | 'AMAZON_LEX'
  | 'BOT_FRAMEWORK'
  | 'COPILOT_STUDIO'
  | 'MICROSOFT_365_COPILOT'
  | 'CLINE'
  | 'VOICEFLOW'
  | 'DIALOGFLOW'
  | 'ANYTHING_LLM'
  | 'TEXT_GENERATION_WEBUI'
  | 'TRAINING_SET';

/** A message as an export has it; times are ISO 8601. */
export type SourceMessage = {
  role: MessageRole;
  content: string;
  sentAt: string | null;
  model: string | null;
  /** In the form of OpenAI's chat messages, whatever the export's; null where there are none. */
  toolCalls: unknown[] | null;
  toolCallId: string | null;
  toolResult: unknown;
};

/** A conversation as an export has it: of several branches, the one that its user saw last. */
export type SourceConversation = {
  format: ExportFormat;
  /** The id that it has there; null where the export gives none. */
  sourceId: string | null;
  title: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  pinned: boolean;
  archived: boolean;
  messages: SourceMessage[];
};

/** JSON's objects, of which nothing is known. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a list's objects; none where it is no list. */
export const fieldsOf = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

/** Translates the objects of a list, and keeps its other items, which are reported as unreadable; none if it is no list. */
export const mapFields = (list: unknown, translate: (fields: Fields) => unknown): unknown[] =>
  Array.isArray(list) ? list.map((item) => (isFields(item) ? translate(item) : item)) : [];

/** Returns a text that says something, or null. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null;

/** Returns an id, which some applications have as a number, or null: one beyond 2^53 as it is spelled. */
export const idOf = (value: unknown): string | null => {
  if (JSON.isRawJSON(value)) return value.rawJSON;
  return typeof value === 'number' ? String(value) : textOf(value);
};
