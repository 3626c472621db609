import type { MessageRole } from '#generated/prisma/enums.ts';
import { type Fields, fieldsOf, isFields, textOf } from './conversation.ts';

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

/** Names that are roles only in a field for roles; in a type or an author they may mean something else. */
const ONLY_ROLES = new Map<string, MessageRole>(
  Object.entries({
    customer: 'USER',
    client: 'USER',
    caller: 'USER',
    visitor: 'USER',
    enduser: 'USER',
    prompter: 'USER',
    usermessage: 'USER', // Flowise
    apimessage: 'ASSISTANT',
    virtualagent: 'ASSISTANT',
    automatedagent: 'ASSISTANT',
    humanagent: 'ASSISTANT',
    toolcalls: 'ASSISTANT',
    toolcallinvocation: 'ASSISTANT',
    toolcallresult: 'TOOL',
    toolresult: 'TOOL',
  } as const),
);

/** Fields that name the author of a message, beside `role`: ShareGPT, LangChain, Gemini CLI, Grok. They can also hold names of people. */
const ROLE_FIELDS = ['from', 'type', 'sender', 'author', 'participantRole', 'ParticipantRole'] as const;

/** Fields with the content of a message; the first that is not empty counts, because some have an empty text beside their parts. */
const CONTENT_FIELDS = [
  'content',
  'refusal',
  'parts', // AI SDK, Gemini
  'contentChunks', // Le Chat
  'content_list', // Qwen
  'contentParts', // Chatbox
  'fragments', // big-AGI
  'segments', // Zed
  'value', // ShareGPT
  'text',
  'message',
  'mes', // SillyTavern
  'body', // Intercom
  'Content', // Amazon Connect
] as const;

/** Returns what a role is called here; undefined for one that is not known. */
export function roleOf(role: unknown): MessageRole | undefined {
  if (typeof role !== 'string') return undefined;
  return ROLES.get(role.toLowerCase()) ?? ONLY_ROLES.get(role.toLowerCase().replace(/[-_ ]/g, ''));
}

/**
 * Returns a message in the words of OpenAI's chat messages, whoever spelled it: `role`, `content`, and what else it has. What it is
 * wrapped in is taken off. It has no `role` where nothing in it says who wrote it.
 */
export function toChatMessage(fields: Fields): Fields {
  const message = unwrap(fields);
  const role = message.role ?? findRole(message);
  const content = hasTextAgain(message)
    ? message.parts
    : (CONTENT_FIELDS.map((name) => message[name]).find(saysSomething) ?? message.content);
  return { ...message, ...(role === undefined ? {} : { role }), content };
}

/**
 * LangChain's `kwargs` and `data`, `message` of Claude Code, `payload` of Codex, `response` of Grok, `node` of GraphQL: the time stands
 * outside.
 */
function unwrap(fields: Fields): Fields {
  if (fields.role !== undefined) return fields;
  const { info, parts } = fields;
  if (isFields(info) && info.role !== undefined && Array.isArray(parts)) return { ...info, parts }; // OpenCode
  const { timestamp, kwargs, data, payload, message, response, node } = fields;
  const inner = [kwargs, data, payload, message, response, node].find(isMessage);
  const type = writerIn('type', fields.type) ?? classOf(fields.id);
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

/** The AI SDK had the text of its parts beside them, and nothing else of what they hold. */
const hasTextAgain = ({ content, parts }: Fields): boolean =>
  typeof content === 'string' && fieldsOf(parts).some(({ type, text }) => type === 'text' && typeof text === 'string');

function findRole(message: Fields): string | undefined {
  if (typeof message.is_user === 'boolean' && 'mes' in message) return message.is_user ? 'user' : 'assistant';
  const found = ROLE_FIELDS.map((name) => writerIn(name, message[name])).find((role) => role !== null);
  return found ?? findSpeaker(message) ?? undefined;
}

/** Returns the role of a writer, who may be an object (`{ "id": "…", "role": "bot" }` of the Bot Framework); null where it is none. */
function writerIn(name: string, writer: unknown): string | null {
  if (isFields(writer)) return roleOf(writer.role) ? textOf(writer.role) : null;
  const role = textOf(writer);
  const isRole = /role$/i.test(name) ? roleOf(role) : ROLES.has(role?.toLowerCase() ?? '');
  return isRole ? role : null;
}

/** Bland has who spoke as `user` of a call, Rasa as `event`: elsewhere people may be called so, and other things happen. */
function findSpeaker(message: Fields): string | null {
  const { user, event, text } = message;
  if (textOf(text) === null) return null;
  if (event === 'user' || event === 'bot') return 'parse_data' in message || 'data' in message ? event : null;
  return 'c_id' in message && (user === 'user' || user === 'assistant') ? user : null;
}

function saysSomething(content: unknown): boolean {
  if (content === undefined || content === null) return false;
  return typeof content === 'string' || Array.isArray(content) ? content.length > 0 : typeof content === 'object';
}
