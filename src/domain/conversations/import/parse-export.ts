import { decodeText } from '#domain/text/decode-text.ts';
import { type ConversationRow, createEncoder, type EncodedConversation } from './export-rows.ts';
import { readCsv } from './formats/csv.ts';
import { titleOf as readTitle } from './formats/openai.ts';
import { parseDocument } from './parse-document.ts';
import { conversationsIn, EXPORTS, readConversation } from './read-export.ts';
import { isFields } from './source/conversation.ts';
import { type Omission, Omissions } from './source/omissions.ts';
import { nameConversation } from './unsupported-conversations.ts';
import { nameFile } from './unsupported-files.ts';

/**
 * A file to parse, for a job: its bytes are UTF-8, or UTF-16 with a byte order mark. `importedAt` is the time of its last conversation if
 * that has none, in milliseconds; the others without times begin a millisecond apart, in their order.
 */
export type ExportFile = { bytes: Uint8Array; jobId: string; importedAt: number };

/** Conversations that are written together: several whose messages are one slice, or one of any number of slices. */
export type Batch = { rows: ConversationRow[]; slices: Uint8Array[] };

/** Why a conversation, the `index`th of its file from 0, is not imported. */
export type Problem = { index: number; title: string | null; reason: string };

/** An export as it is written, and what is not: `problems` are the first of those `notImported`. */
export type ParsedExport = {
  found: number;
  batches: Batch[];
  passedOver: Omission[];
  notImported: number;
  problems: Problem[];
};

/** The maximum number of conversations of a file: passing on the rows of 10,000 takes the worker 11 ms. */
const MAX_CONVERSATIONS = 20_000;

/** The maximum number of problems that are described. */
const MAX_PROBLEMS = 100;

/**
 * The maximum number of values of a file, counted by the characters before them, also within texts. Real files of 50 MiB have two to three
 * million; more than this can exceed the memory of a thread, which ends the process.
 */
const MAX_VALUES = 10_000_000;

/** Parses a file, or returns in a sentence why it is refused. An unreadable conversation costs only itself. */
export function parseExport({ bytes, jobId, importedAt }: ExportFile): ParsedExport | { refused: string } {
  if (countValues(bytes) > MAX_VALUES)
    return { refused: `A file may hold at most ${MAX_VALUES} values of JSON; split it and send its parts.` };
  const decoded = decodeText(bytes);
  const parsed = decoded && parseDocument(decoded.text);
  const table = decoded && !parsed ? readCsv(decoded.text) : null;
  if (table && 'refused' in table) return table;
  const document = table ? table.conversations : parsed?.document;
  if (!decoded || document === undefined)
    return { refused: `${nameFile(bytes) ?? 'This is no JSON in UTF-8.'} What can be read is ${EXPORTS}.` };
  const sources = conversationsIn(document);
  if (sources.length > MAX_CONVERSATIONS)
    return { refused: `A file may hold at most ${MAX_CONVERSATIONS} conversations; split it and send its parts.` };
  const encode = createEncoder(jobId);
  const placeAt = (index: number) => new Date(importedAt - (sources.length - 1 - index)).toISOString();
  const omissions = new Omissions();
  for (let count = 0; count < decoded.unreadable; count += 1) omissions.omit('UNREADABLE_CHARACTER');
  for (let count = 0; count < (parsed?.repeatedFields ?? 0); count += 1) omissions.omit('REPEATED_FIELD');
  const problems: Problem[] = [];
  let notImported = 0;
  const encoded = new Map<string, EncodedConversation>();
  let isKnown = false;
  let unsupported: string | null = null;
  for (const [index, source] of sources.entries()) {
    const fail = (reason: string) => {
      notImported += 1;
      if (problems.length < MAX_PROBLEMS) problems.push({ index, title: titleOf(source), reason });
    };
    try {
      let unreadable = 0;
      const conversation = readConversation(source, (what, name) => {
        if (what === 'UNREADABLE_MESSAGE') unreadable += 1;
        omissions.omit(what, name);
      });
      // In a chat between people, the name of one may be that of a model: then only that person's messages are readable.
      const named = conversation?.messages.length && unreadable === 0 ? null : nameConversation(source);
      unsupported ??= named;
      isKnown ||= conversation !== null && named === null;
      if (source === undefined) fail('This line is no JSON.');
      else if (named) fail(named);
      else if (!conversation) fail('This is no conversation of a form that is known.');
      else if (conversation.messages.length === 0) fail('It has no messages that can be imported.');
      else if (!add(encoded, encode(conversation, placeAt(index)))) fail('It is in this file more than once.');
    } catch {
      fail('It cannot be read, or what a tool was sent or returned is nested too deeply.');
    }
    sources[index] = null; // its memory is needed for the others
  }
  if (!isKnown) {
    const named = nameConversation(document) ?? unsupported;
    return { refused: `${named ?? 'There are no conversations here.'} What can be read is ${EXPORTS}.` };
  }
  return {
    found: sources.length,
    batches: toBatches(encoded.values()),
    passedOver: omissions.list(),
    notImported,
    problems,
  };
}

function add(encoded: Map<string, EncodedConversation>, conversation: EncodedConversation): boolean {
  const isNew = !encoded.has(conversation.row.id);
  if (isNew) encoded.set(conversation.row.id, conversation);
  return isNew;
}

const [COMMA, BRACKET, BRACE] = Buffer.from(',[{');

function countValues(bytes: Uint8Array): number {
  let count = 1;
  for (const byte of bytes) if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1;
  return count;
}

function titleOf(source: unknown): string | null {
  const title = isFields(source) ? readTitle(source) : null;
  return title === null ? null : title.slice(0, 100).toWellFormed().replaceAll('\0', '');
}

/** The maximum size of a batch of several conversations: that of a slice. */
const BATCH_BYTES = 32 * 1024;
/** The approximate size of a conversation's own row. */
const ROW_BYTES = 500;

function toBatches(conversations: Iterable<EncodedConversation>): Batch[] {
  const batches: Batch[] = [];
  let [open, bytes] = [null as Batch | null, 0];
  for (const { row, slices } of conversations) {
    const [slice, ...more] = slices as [Uint8Array, ...Uint8Array[]];
    bytes += slice.length + ROW_BYTES;
    if (more.length === 0 && open && bytes <= BATCH_BYTES) {
      open.rows.push(row);
      open.slices.push(slice);
      continue;
    }
    const batch = { rows: [row], slices };
    batches.push(batch);
    open = more.length === 0 ? batch : null;
    bytes = slice.length + ROW_BYTES;
  }
  return batches.map(({ rows, slices }) => ({ rows, slices: rows.length > 1 ? [joinSlices(slices)] : slices }));
}

function joinSlices(slices: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(slices.reduce((size, { length }) => size + length + 1, -1)).fill(COMMA as number);
  let start = 0;
  for (const slice of slices) {
    joined.set(slice, start);
    start += slice.length + 1;
  }
  return joined;
}
