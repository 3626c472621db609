import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { StoreFull } from '#adapters/files/file-store.ts';
import type { Services } from '#domain/core/deps.ts';
import { EXPORTED, NOT_EXPORTED } from './exported-tables.ts';
import { readLines } from './read-lines.ts';

/** How many rows an archive has, by table. */
export type ExportedRows = Record<string, number>;

type Options = { signal: AbortSignal; onProgress(table: string, fraction: number): void };

/** The length of the pieces that are compressed one at a time, in UTF-16 units, unless a single row is longer. */
const PIECE_LENGTH = 64 * 1024;

/**
 * Writes everything that is stored about a user into a new file: a ZIP archive with a file of JSON Lines for each table, and
 * `manifest.json`. Files are written one after the other, a page of rows at a time. Returns how many rows each has. Throws StoreFull, and
 * the signal's reason.
 */
export async function writeArchive(
  services: Pick<Services, 'database' | 'now'>,
  userId: string,
  path: string,
  { signal, onProgress }: Options,
): Promise<ExportedRows> {
  const tables = Object.keys(EXPORTED);
  const rows: ExportedRows = {};
  const zip = new ZipFile();
  const outputStream = zip.outputStream as Readable;
  const fail = (error: unknown) => void outputStream.destroy(error as Error);
  zip.on('error', fail);
  const addFile = (name: string, parts: () => AsyncIterable<string>) =>
    zip.addReadStreamLazy(name, (open) => open(null, Readable.from(parts()).on('error', fail)));
  for (const [index, table] of tables.entries())
    addFile(`${table}.jsonl`, async function* () {
      onProgress(table, index / tables.length);
      rows[table] = 0;
      for await (const lines of readLines(services, table, userId)) {
        signal.throwIfAborted();
        rows[table] += lines.length;
        yield* joinLines(lines);
      }
    });
  addFile('manifest.json', async function* () {
    yield `${JSON.stringify({ userId, createdAt: services.now(), rows, notExported: NOT_EXPORTED }, null, 2)}\n`;
  });
  zip.end();
  await pipeline(outputStream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal }).catch(explainFailure);
  return rows;
}

/** Joins lines into pieces: short rows many at a time, long ones each by itself. */
function* joinLines(lines: readonly string[]): Generator<string> {
  let piece = '';
  for (const line of lines) {
    if (piece !== '' && piece.length + line.length > PIECE_LENGTH) {
      yield piece;
      piece = '';
    }
    piece += `${line}\n`;
  }
  yield piece;
}

function explainFailure(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOSPC' ? new StoreFull(error) : error;
}
