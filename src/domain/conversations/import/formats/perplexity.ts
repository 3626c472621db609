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

/** Whether an object is a thread of Perplexity, as its pages load it, with questions in `query_str`. */
export const isPerplexity = ({ entries }: Fields): boolean =>
  fieldsOf(entries).some(({ query_str: query }) => typeof query === 'string');

/** Reads a thread of Perplexity: an entry is a question with blocks or steps, one of which is the answer. */
export function readPerplexity(source: Fields, omit: Omit): SourceConversation {
  const entries = fieldsOf(source.entries);
  const [first = {}] = entries;
  const messages = entries.flatMap((entry) => {
    const created_at = entry.created_at ?? entry.entry_created_datetime ?? entry.updated_datetime;
    const answer = answerOf(entry, omit);
    const asked = { role: 'user', content: entry.query_str, attachments: namesOf(entry.attachments), created_at };
    return [
      asked,
      ...(answer === null ? [] : [{ role: 'assistant', content: answer, created_at, model: entry.display_model }]),
    ];
  });
  return {
    format: 'PERPLEXITY',
    sourceId: textOf(first.context_uuid) ?? textOf(first.thread_url_slug) ?? textOf(source.id),
    title: textOf(first.thread_title) ?? textOf(source.title),
    createdAt: null,
    updatedAt: readTime(entries.at(-1)?.updated_datetime),
    pinned: false,
    archived: false,
    messages: readMessageList(messages, omit),
  };
}

const namesOf = (list: unknown): Fields[] =>
  Array.isArray(list) ? list.map((name) => (isFields(name) ? name : { name })) : [];

/** The block of the answer; newer threads repeat it in pieces. */
const ANSWER = 'ask_text';

function answerOf({ blocks, text, structured_answer: steps, answer }: Fields, omit: Omit): string | null {
  const list = fieldsOf(blocks);
  const written = list.filter(({ markdown_block: block }) => isFields(block));
  const chosen = written.find((block) => block.intended_usage === ANSWER) ?? written[0];
  for (const block of list) if (!written.includes(block)) omitBlock(block, omit);
  const { markdown_block: markdown } = chosen ?? {};
  if (isFields(markdown)) return textOf(markdown.answer) ?? joinChunks(markdown.chunks);
  return textOf(answer) ?? answerInSteps(steps ?? text);
}

const joinChunks = (chunks: unknown): string | null => (Array.isArray(chunks) ? textOf(chunks.join('')) : null);

function omitBlock({ intended_usage: usage }: Fields, omit: Omit): void {
  const name = textOf(usage) ?? '';
  if (/plan|steps|reasoning/.test(name)) omit('REASONING');
  else omit(/image/.test(name) ? 'IMAGE' : 'UNKNOWN_CONTENT', name);
}

/** Older threads have JSON in a text: the answer, or steps, in whose last one it is, as JSON again. */
function answerInSteps(value: unknown, depth = 3): string | null {
  if (Array.isArray(value)) {
    const last = fieldsOf(value).findLast(({ step_type: type }) => type === 'FINAL');
    return last ? answerInSteps(last.content, depth) : null;
  }
  if (isFields(value)) return answerInSteps(value.answer, depth - 1);
  const text = textOf(value);
  if (text === null || depth === 0 || !mayBeJson(text.trim())) return text;
  try {
    return answerInSteps(JSON.parse(text), depth - 1) ?? text;
  } catch {
    return text;
  }
}

const mayBeJson = (text: string): boolean =>
  (text.startsWith('{') && text.endsWith('}')) || (text.startsWith('[') && text.endsWith(']'));
