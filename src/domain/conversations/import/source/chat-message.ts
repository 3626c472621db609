import type { MessageRole } from '#generated/prisma/enums.ts';
import { type Fields, isFields, textOf } from './conversation.ts';

const ROLES = new Map<string, MessageRole>(
  Object.entries({
    system: 'SYSTEM',
    developer: 'SYSTEM',
    user: 'USER',
    human: 'USER',
    assistant: 'ASSISTANT',
    agent: 'ASSISTANT',
    model: 'ASSISTANT',
    ai: 'ASSISTANT',
    bot: 'ASSISTANT',
    chatbot: 'ASSISTANT',
    gpt: 'ASSISTANT',
    chatgpt: 'ASSISTANT',
    bard: 'ASSISTANT',
    gemini: 'ASSISTANT',
    tool: 'TOOL',
    function: 'TOOL',
    observation: 'TOOL',
  } as const),
);

/** Where messages say who wrote them, beside `role`: ShareGPT, LangChain, Gemini CLI, Grok. People's names stand there, too. */
const ROLE_FIELDS = ['from', 'type', 'sender', 'author'] as const;

/** Where messages have what they say; the first that holds anything counts, as some have an empty text beside their parts. */
const CONTENT_FIELDS = [
  'content',
  'refusal',
  'parts', // AI SDK, Gemini
  'contentChunks', // Le Chat
  'content_list', // Qwen
  'contentParts', // Chatbox
  'fragments', // big-AGI
  'value', // ShareGPT
  'text',
  'message',
  'mes', // SillyTavern
] as const;

/** Returns what a role is called here; undefined for one that is not known. */
export const roleOf = (role: unknown): MessageRole | undefined =>
  typeof role === 'string' ? ROLES.get(role.toLowerCase()) : undefined;

/**
 * Returns a message in the words of OpenAI's chat messages, whoever spelled it: `role`, `content`, and what else it has. What it is
 * wrapped in is taken off. It has no `role` where nothing in it says who wrote it.
 */
export function toChatMessage(fields: Fields): Fields {
  const message = unwrap(fields);
  const role = message.role ?? findRole(message);
  const content = CONTENT_FIELDS.map((name) => message[name]).find(saysSomething) ?? message.content;
  return { ...message, ...(role === undefined ? {} : { role }), content };
}

/** LangChain's `kwargs` and `data`, `message` of Claude Code, `payload` of Codex, `response` of Grok, `node` of GraphQL: the time stands outside. */
function unwrap(fields: Fields): Fields {
  if (fields.role !== undefined) return fields;
  const { timestamp, kwargs, data, payload, message, response, node } = fields;
  const inner = [kwargs, data, payload, message, response, node].find(isMessage);
  const type = roleOf(fields.type) ? fields.type : classOf(fields.id);
  return isFields(inner) ? { timestamp, ...(type === undefined ? {} : { type }), ...inner } : fields;
}

/** LangChain names the class of a message: ["langchain_core", "messages", "HumanMessage"]. */
function classOf(path: unknown): string | undefined {
  const name = Array.isArray(path) ? /^([a-z]+)Message/i.exec(textOf(path.at(-1)) ?? '')?.[1] : undefined;
  return roleOf(name) ? name : undefined;
}

const isMessage = (inner: unknown): boolean =>
  isFields(inner) &&
  (inner.role !== undefined ||
    inner.sender !== undefined ||
    inner.content !== undefined ||
    'call_id' in inner ||
    (inner.author !== undefined && inner.text !== undefined));

function findRole(message: Fields): string | undefined {
  if (typeof message.is_user === 'boolean' && 'mes' in message) return message.is_user ? 'user' : 'assistant';
  return ROLE_FIELDS.map((name) => textOf(message[name])).find((role) => roleOf(role)) ?? undefined;
}

function saysSomething(content: unknown): boolean {
  if (content === undefined || content === null) return false;
  return typeof content === 'string' || Array.isArray(content) ? content.length > 0 : typeof content === 'object';
}
