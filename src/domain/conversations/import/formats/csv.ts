import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Fields } from '#domain/conversations/import/source/conversation.ts';
import { timeOf } from '#domain/conversations/import/source/message-links.ts';
import { oldestFirst } from '#domain/conversations/import/source/oldest-first.ts';

/** The columns of Copilot's history and of other tables, by the fields that they become. */
const COLUMNS: readonly [field: string, names: RegExp][] = [
  ['role', /^(?:role|author|sender|from)$/],
  ['content', /^(?:message|messagecontent|content|text)$/],
  ['created_at', /^(?:time|timestamp|date|createdat|sentat)$/],
  ['conversation_id', /^(?:conversationid|chatid|threadid|sessionid)$/],
  ['title', /^(?:conversation|chatname|chat|title|conversationtitle|chattitle)$/],
  ['model', /^model$/],
];

/** The conversations of a table, or why it is refused. */
export type CsvRead = { conversations: Fields[] } | { refused: string };

/** Columns, in lower case without punctuation, of tables whose rows are read as JSON objects of the same names. */
const RECORD_TABLES: readonly string[][] = [
  ['content', 'conversationstarttime'], // Copilot Studio, from Dataverse
  ['sessionid', 'chattranscript'], // Copilot Studio, sessions
  ['prompt', 'response', 'workspace'], // AnythingLLM
  ['prompt', 'response', 'sentat'],
  ['timestamp', 'message'], // CloudWatch
  ['instruction', 'output'],
  ['query', 'response'],
  ['prompt', 'completion'],
  ['chosen', 'rejected'],
  ['prompt', 'responsea', 'responseb'],
];

/**
 * Reads a table in which each row is a message, with columns for its author and its text, or a record of a known format. Null if the first
 * line does not name such columns.
 */
export function readCsv(text: string): CsvRead | null {
  const [header = ''] = /[^\r\n]*/.exec(text.trimStart()) ?? [];
  const delimiter = [',', ';', '\t'].find((each) => header.includes(each));
  if (delimiter === undefined || header.length > MAX_HEADER) return null;
  const names = header.split(delimiter).map((name) =>
    name
      .replace(/^\uFEFF/, '')
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  );
  const messageFields = names.map(toField);
  const isOfMessages = messageFields.includes('role') && messageFields.includes('content');
  if (!isOfMessages && !isRecordTable(names)) return null;
  const fields = isOfMessages ? messageFields : names;
  try {
    const rows: Fields[] = [];
    parse(text, {
      delimiter,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      from: 2,
      to: MAX_ROWS + 2,
      on_record: (row: string[]) => {
        rows.push(toRecord(row, fields));
        return null;
      },
    });
    if (rows.length > MAX_ROWS)
      return { refused: `A table may have at most ${MAX_ROWS} rows; split it and send its parts.` };
    return { conversations: isOfMessages ? toConversations(rows) : rows };
  } catch (error) {
    if (error instanceof CsvError)
      return { refused: `This table cannot be read (${error.message}): quotes in a text are written twice.` };
    throw error;
  }
}

/** The maximum number of rows: a row is small in a file, but an object in memory. */
const MAX_ROWS = 500_000;

/** The maximum length of the line that names the columns. */
const MAX_HEADER = 8000;

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

function isRecordTable(names: readonly string[]): boolean {
  const columns = new Set(names.map(lettersOf));
  return RECORD_TABLES.some((needed) => needed.every((name) => columns.has(name)));
}

function toField(column: string): string | null {
  const name = lettersOf(column);
  return COLUMNS.find(([, names]) => names.test(name))?.[0] ?? null;
}

const toRecord = (row: readonly string[], fields: readonly (string | null)[]): Fields =>
  Object.fromEntries(fields.flatMap((field, index) => (field === null ? [] : [[field, row[index] ?? '']])));

function toConversations(messages: readonly Fields[]): Fields[] {
  const groups = new Map<string, Fields[]>();
  for (const message of inOrder(messages)) {
    const key = String(message.conversation_id ?? message.title ?? '');
    const group = groups.get(key);
    if (group) group.push(message);
    else groups.set(key, [message]);
  }
  return Array.from(groups.values(), (own) => ({
    id: own[0]?.conversation_id,
    title: own[0]?.title,
    messages: own.map(({ title: _title, conversation_id: _id, ...message }) => message),
  }));
}

/** Copilot has the newest first, and one time for a question and its answer. */
function inOrder(messages: readonly Fields[]): Fields[] {
  const isTimed = messages.every((message) => timeOf(message) !== null);
  if (!isTimed) return [...messages];
  const [first, last] = [messages[0] ?? {}, messages.at(-1) ?? {}];
  const isTurned = timeOf(first) === timeOf(last) && isAnswer(first) && !isAnswer(last);
  return oldestFirst(isTurned ? messages.toReversed() : messages, timeOf);
}

const isAnswer = ({ role }: Fields): boolean => /^(?:ai|assistant|bot|copilot|model)$/i.test(String(role));
