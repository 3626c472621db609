import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline as pipeStreams, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';
import { RowSum, type TableSum } from './checksum.ts';
import { readLines } from './read-tables.ts';
import { listTables } from './tables.ts';

// A dump is gzip of lines of JSON: a table is an object with its columns, followed by its rows as arrays; the last line is the end mark.
// A truncated dump has no end mark.

/** The contents and the properties of a dump. */
export type DumpSummary = {
  tables: Record<string, TableSum>;
  sizeBytes: number;
  uncompressedBytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string;
};

/** Some rows of a table, as lines. */
export type DumpedRows = { table: string; columns: string[]; lines: string[] };

/** A file is not a dump, or not a complete one. The message is a sentence. */
export class DumpBroken extends Error {
  override name = 'DumpBroken';
}

/** Writes the database as the client sees it, in one snapshot, to a new file, and flushes it to disk. */
export async function writeDump(
  client: pg.ClientBase,
  file: string,
  { onTable, signal }: { onTable(fraction: number): void; signal: AbortSignal },
): Promise<DumpSummary> {
  const tables: Record<string, TableSum> = {};
  const [text, compressed] = [measure(), measure()];
  const lines = Readable.from(dumpLines(client, tables, onTable), { objectMode: true, highWaterMark: 1 });
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(lines, text.stream, createGzip(), compressed.stream, output, { signal });
  return { tables, uncompressedBytes: text.bytes(), sizeBytes: compressed.bytes(), sha256: compressed.sha256() };
}

async function* dumpLines(
  client: pg.ClientBase,
  sums: Record<string, TableSum>,
  onTable: (fraction: number) => void,
): AsyncGenerator<Buffer> {
  const tables = await listTables(client);
  for (const [index, table] of tables.entries()) {
    onTable(index / tables.length);
    yield Buffer.from(`${JSON.stringify({ table: table.name, columns: table.columns.map(({ name }) => name) })}\n`);
    const sum = new RowSum();
    for await (const lines of readLines(client, table, sum)) yield Buffer.from(`${lines.join('\n')}\n`);
    sums[table.name] = sum.total();
  }
  yield Buffer.from(`${JSON.stringify({ end: tables.length })}\n`);
}

/** Counts and hashes the bytes that pass through. */
function measure() {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, sha256: () => hash.digest('hex') };
}

/** Returns the SHA-256 of a file, in hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Rows are passed on in blocks of about this many characters, each of which one statement inserts. */
const BATCH_CHARACTERS = 500_000;
const BATCH_ROWS = 500;

/**
 * Yields the rows of a dump, table by table. Throws DumpBroken if it does not end with the end mark, and errors of the disk or of gunzip.
 */
export async function* readDump(file: string): AsyncGenerator<DumpedRows> {
  let current: DumpedRows | undefined;
  let characters = 0;
  let ended = false;
  const text = pipeStreams(createReadStream(file), createGunzip(), () => {}); // its error is passed on by the last stream
  for await (const line of splitLines(text)) {
    if (ended) throw new DumpBroken(`${file} goes on behind its end.`);
    if (line.startsWith('[') && current) {
      current.lines.push(line);
      characters += line.length;
    }
    const isFull = characters >= BATCH_CHARACTERS || (current?.lines.length ?? 0) >= BATCH_ROWS;
    if (current && current.lines.length > 0 && (isFull || !line.startsWith('['))) {
      yield current;
      current = { ...current, lines: [] };
      characters = 0;
    }
    if (line.startsWith('[')) continue;
    const head = JSON.parse(line) as { table?: string; columns?: string[]; end?: number };
    ended = head.end !== undefined;
    if (head.table && head.columns) current = { table: head.table, columns: head.columns, lines: [] };
  }
  if (!ended) throw new DumpBroken(`${file} is cut off: it has no end mark.`);
}

const NEWLINE = 0x0a;

/** Not by readline, which also splits lines at U+2028 within a text. */
async function* splitLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString();
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
  if (parts.some(({ length }) => length > 0)) throw new DumpBroken('The dump is cut off in the middle of a line.');
}
