import type { MessageRole } from '#generated/prisma/enums.ts';

/** The applications and formats of conversations. */
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

/** A message of an export; times are ISO 8601. */
export type SourceMessage = {
  role: MessageRole;
  content: string;
  sentAt: string | null;
  model: string | null;
  /** In the form of OpenAI's chat messages; null if there are none. */
  toolCalls: unknown[] | null;
  toolCallId: string | null;
  toolResult: unknown;
};

/** A conversation of an export: of several branches, the one that its user saw last. */
export type SourceConversation = {
  format: ExportFormat;
  /** Its id in the export; null if it has none. */
  sourceId: string | null;
  title: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  pinned: boolean;
  archived: boolean;
  messages: SourceMessage[];
};

/** An object of JSON with unknown fields. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the objects of a list; none if the value is not a list. */
export const fieldsOf = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

/** Translates the objects of a list, and keeps its other items, which are reported as unreadable; none if it is no list. */
export const mapFields = (list: unknown, translate: (fields: Fields) => unknown): unknown[] =>
  Array.isArray(list) ? list.map((item) => (isFields(item) ? translate(item) : item)) : [];

/** Returns a text that is not blank, or null. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null;

/** Returns an id, or null. Some applications have numbers as ids; one beyond 2^53 is returned as it is spelled. */
export const idOf = (value: unknown): string | null => {
  if (JSON.isRawJSON(value)) return value.rawJSON;
  return typeof value === 'number' ? String(value) : textOf(value);
};
