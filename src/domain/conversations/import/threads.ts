import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import { type ExportFile, type ParsedExport, parseExport } from './parse-export.ts';
import type { ExportTasks } from './thread.ts';

/** Where exports are read, one after another. */
const THREADS: ThreadFile<ExportTasks> = { url: new URL('./thread.ts', import.meta.url), size: 1, heapMb: 1024 };

/** Bytes of a file that is parsed at once: 32 KB of lines that are no JSON took 130 ms, of empty objects 200. */
const MAX_BYTES_AT_ONCE = 4 * 1024;

/**
 * Parses an export into rows, or says why that cannot be: a small one at once, others in a thread. Throws LIMIT_EXCEEDED where
 * that takes more memory than a thread has, Unavailable, the signal's reason.
 */
export async function parseExportFile(
  deps: Pick<Deps, 'threads' | 'actor'>,
  file: ExportFile,
  signal: AbortSignal,
): Promise<ParsedExport | { refused: string }> {
  if (file.bytes.length <= MAX_BYTES_AT_ONCE) return parseExport(file);
  return runInThread(deps, THREADS, 'parse', file, { signal });
}
