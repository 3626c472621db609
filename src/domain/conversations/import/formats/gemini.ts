import {
  type Fields,
  fieldsOf,
  isFields,
  type SourceConversation,
  type SourceMessage,
  textOf,
} from '#domain/conversations/import/source/conversation.ts';
import { readHtml } from '#domain/conversations/import/source/html-text.ts';
import { oldestFirst } from '#domain/conversations/import/source/oldest-first.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';
import { toMessages } from '#domain/conversations/import/source/to-messages.ts';
import { readMessageList } from './openai.ts';

/** Whether an object is an entry of "My Activity" as Google Takeout exports it. */
export const isActivity = (fields: Fields): boolean =>
  typeof fields.header === 'string' && typeof fields.title === 'string' && typeof fields.time === 'string';

const isOfGemini = ({ header, products }: Fields): boolean =>
  [header, products].flat().some((name) => /gemini|bard/i.test(textOf(name) ?? ''));

/** Takeout does not separate conversations: a prompt this long after the one before begins another. */
const PAUSE_MS = 30 * 60_000;

/** Groups the entries of a file into conversations. Other entries belong to the conversation of the prompts around them. */
export function groupActivities(found: readonly Fields[]): Fields[] {
  const entries = inEnglish(found);
  const groups: { activities: Fields[] }[] = [{ activities: [] }];
  let last: number | null = null;
  for (const entry of oldestFirst(entries, ({ time }) => readTime(time))) {
    const time = isPrompt(entry) ? Date.parse(entry.time as string) : null;
    if (time !== null && last !== null && Math.abs(time - last) > PAUSE_MS) groups.push({ activities: [] });
    groups.at(-1)?.activities.push(entry);
    last = time ?? last;
  }
  return groups;
}

/** Whether an object is a result of groupActivities. */
export const isActivityGroup = ({ activities }: Fields): boolean => fieldsOf(activities).some(isActivity);

/** Reads a result of groupActivities. */
export function readActivities({ activities }: Fields, omit: Omit): SourceConversation {
  const entries = fieldsOf(activities);
  const first = entries.find(isPrompt);
  return {
    ...createConversation(entries.flatMap((entry) => readActivity(entry, omit))),
    sourceId: first ? textOf(first.time) : null,
  };
}

/** What Takeout writes before a prompt, in English. */
const PROMPTED = /^(?:Prompted|Said|Asked)\s/;

/** What Takeout writes before a prompt in other languages ends with a colon. */
const BEFORE_COLON = /^[^:：]{1,40}[:：]\s/u;

/** Returns entries whose prompts begin as they do in English, where all that were answered begin with the same words and a colon. */
function inEnglish(entries: readonly Fields[]): readonly Fields[] {
  const answered = entries.filter((entry) => isOfGemini(entry) && fieldsOf(entry.safeHtmlItem).length > 0);
  const titles = new Set(answered.map(({ title }) => title as string));
  const words = new Set(Array.from(titles, (title) => BEFORE_COLON.exec(title)?.[0]));
  const [begin] = words;
  if (titles.size < 2 || words.size > 1 || begin === undefined) return entries;
  return entries.map((entry) => {
    const title = entry.title as string;
    return title.startsWith(begin) ? { ...entry, title: `Prompted ${title.slice(begin.length)}` } : entry;
  });
}

/** Whether an entry is a prompt, and not another activity. */
const isPrompt = (entry: Fields): boolean =>
  isOfGemini(entry) && (fieldsOf(entry.safeHtmlItem).length > 0 || PROMPTED.test(entry.title as string));

/** Reads an entry: a prompt with its answer. */
function readActivity(entry: Fields, omit: Omit): SourceMessage[] {
  const title = entry.title as string;
  const answer = fieldsOf(entry.safeHtmlItem).map(({ html }) => (typeof html === 'string' ? readHtml(html) : ''));
  if (!isPrompt(entry)) {
    omit('UNREADABLE_MESSAGE', title);
    return [];
  }
  for (const name of [entry.attachedFiles, entry.imageFile].flat()) if (textOf(name)) omit('ATTACHMENT', name);
  const sentAt = readTime(entry.time);
  const toMessage = (role: 'USER' | 'ASSISTANT', text: string) =>
    toMessages({ role, sentAt, model: null }, text ? [{ text }] : [], omit);
  const asked = toMessage('USER', title.replace(PROMPTED, ''));
  return answer.length === 0 ? asked : [...asked, ...toMessage('ASSISTANT', answer.join('\n\n').trim())];
}

/** Whether an object is a prompt of Google AI Studio, as it is kept in Drive. */
export const isAiStudio = ({ chunkedPrompt }: Fields): boolean =>
  isFields(chunkedPrompt) && Array.isArray(chunkedPrompt.chunks);

/** What a chunk can hold beside a text. */
const DRIVE_FILES = [
  ['driveImage', 'IMAGE'],
  ['inlineImage', 'IMAGE'],
  ['driveAudio', 'AUDIO'],
  ['inlineAudio', 'AUDIO'],
  ['driveVideo', 'ATTACHMENT'],
  ['youtubeVideo', 'ATTACHMENT'],
  ['driveDocument', 'ATTACHMENT'],
  ['inlineFile', 'ATTACHMENT'],
] as const;

/** Reads a prompt of Google AI Studio: `chunks` are messages, files and thoughts. */
export function readAiStudio(
  { chunkedPrompt, runSettings, systemInstruction, ...about }: Fields,
  omit: Omit,
): SourceConversation {
  const { model } = isFields(runSettings) ? runSettings : {};
  if (isFields(systemInstruction) && (textOf(systemInstruction.text) || fieldsOf(systemInstruction.parts).length > 0))
    omit('SYSTEM_MESSAGE');
  const chunks = isFields(chunkedPrompt) ? fieldsOf(chunkedPrompt.chunks) : [];
  const said = chunks.filter((chunk) => {
    const files = DRIVE_FILES.filter(([name]) => isFields(chunk[name]));
    for (const [, kind] of files) omit(kind);
    if (chunk.isThought === true) omit('REASONING');
    return chunk.isThought !== true && (files.length === 0 || textOf(chunk.text));
  });
  const messages = said.map(({ text, parts, ...chunk }) => ({ ...chunk, ...(textOf(text) ? { text } : { parts }) }));
  return {
    ...createConversation(readMessageList(messages, omit, { model: textOf(model)?.replace(/^models\//, '') ?? null })),
    sourceId: textOf(about.id),
    title: textOf(about.title),
    createdAt: readTime(about.createTime),
  };
}

const createConversation = (messages: SourceMessage[]): SourceConversation => ({
  format: 'GEMINI',
  sourceId: null,
  title: null,
  createdAt: null,
  updatedAt: null,
  pinned: false,
  archived: false,
  messages,
});
