import { readOpenAi } from '#domain/conversations/import/formats/openai.ts';
import {
  type ExportFormat,
  type Fields,
  fieldsOf,
  type SourceConversation,
} from '#domain/conversations/import/source/conversation.ts';
import { oldestFirst } from '#domain/conversations/import/source/oldest-first.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';

/** A format that exports one list of messages or turns, of one conversation or of several. */
export type RowFormat = {
  format: ExportFormat;
  matches: (row: Fields) => boolean;
  /** Returns the id of the row's conversation; null if the rows have none, and all are of one conversation. */
  conversationOf: (row: Fields) => string | null;
  /** Returns the row's time, as the export spells it. */
  timeOf: (row: Fields) => unknown;
  /** Returns the rows of one conversation as OpenAI's chat messages. */
  translate: (rows: readonly Fields[]) => Fields[];
};

/** The rows of one conversation. */
export class RowGroup {
  readonly id: string | null;
  readonly rows: readonly Fields[];
  readonly #format: RowFormat;

  constructor(format: RowFormat, id: string | null, rows: readonly Fields[]) {
    this.#format = format;
    this.id = id;
    this.rows = rows;
  }

  read(omit: Omit): SourceConversation {
    const { format, translate } = this.#format;
    return { ...readOpenAi({ id: this.id, messages: translate(this.rows) }, omit), format };
  }
}

/** Rows at the beginning of a list from which its format is determined. */
const SAMPLE = 50;

/** Returns the format of most of the first rows of a list; null if there is none. */
export function findRowFormat(list: readonly unknown[], formats: readonly RowFormat[]): RowFormat | null {
  const sample = fieldsOf(list.slice(0, SAMPLE));
  return formats.find(({ matches }) => sample.filter(matches).length > sample.length / 2) ?? null;
}

/** Groups rows by conversation, each sorted by time if all its rows have one. Items of another form are returned unchanged. */
export function groupRows(list: readonly unknown[], format: RowFormat): unknown[] {
  const groups = new Map<string | null, Fields[]>();
  const others: unknown[] = [];
  for (const item of list) {
    const [row] = fieldsOf([item]);
    if (!row || !format.matches(row)) {
      others.push(item);
      continue;
    }
    const id = format.conversationOf(row);
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return [...Array.from(groups, ([id, rows]) => new RowGroup(format, id, sortRows(rows, format))), ...others];
}

function sortRows(rows: readonly Fields[], format: RowFormat): readonly Fields[] {
  const timeOf = (row: Fields) => readTime(format.timeOf(row));
  return rows.every((row) => timeOf(row) !== null) ? oldestFirst(rows, timeOf) : rows;
}
