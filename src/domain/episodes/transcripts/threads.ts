import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { Correction } from './corrections/list-changes.ts';
import { type ParsedTranscript, parseIntoRows, type Refusal, type TranscriptFile } from './parse-into-rows.ts';
import { oldTranscripts, readSegmentPages } from './segments/pages.ts';
import type { TranscriptTasks } from './thread.ts';

/**
 * Where transcripts are read, one after another. The heap takes every file of 20 MB that was tried, also one of 2.5 million
 * words with a time each, whose rows have 160 MB.
 */
const THREADS: ThreadFile<TranscriptTasks> = { url: new URL('./thread.ts', import.meta.url), size: 1, heapMb: 512 };

/** Bytes of a file that is parsed at once; finding the chapters of half an hour of speech (32 KB) took 60 ms on a busy machine. */
const MAX_BYTES_AT_ONCE = 4 * 1024;

/**
 * Parses a file into rows, or says why that cannot be: a small one at once, others in a thread. Throws LIMIT_EXCEEDED where
 * that takes more memory than a thread has, Unavailable, the signal's reason.
 */
export async function parseFile(
  deps: Pick<Deps, 'threads' | 'actor'>,
  file: TranscriptFile,
  signal?: AbortSignal,
): Promise<ParsedTranscript | Refusal> {
  if (file.bytes.length <= MAX_BYTES_AT_ONCE) return parseIntoRows(file);
  return runInThread(deps, THREADS, 'parse', file, { signal });
}

/**
 * Lays the corrections of the transcript that the actor's episode has over the rows of another one (`corrections/reapply.ts`). Returns the
 * rows. Throws LIMIT_EXCEEDED where that takes more memory than a thread has, Unavailable, the signal's reason.
 */
export async function keepCorrections(
  deps: Pick<Deps, 'database' | 'threads' | 'actor'>,
  episodeId: string,
  {
    corrections,
    rows,
    signal = NEVER,
  }: { corrections: readonly Correction[]; rows: Uint8Array[]; signal?: AbortSignal | undefined },
): Promise<Uint8Array[]> {
  if (corrections.length === 0) return rows;
  const release = await oldTranscripts.take();
  try {
    const pages = await readSegmentPages(deps, episodeId, { signal });
    return await runInThread(deps, THREADS, 'reapplyCorrections', { pages, corrections, rows }, { signal });
  } finally {
    release();
  }
}

const NEVER = new AbortController().signal;

/** Segments that are read for key words: about ten hours of speech, and what comes after is about the same. */
const MAX_SEGMENTS = 10_000;

/**
 * Returns the `count` words that say most about what the actor's episode speaks of, best first, without the names of its
 * speakers. Throws the signal's reason, Unavailable.
 */
export async function findEpisodeKeyWords(
  deps: Pick<Deps, 'database' | 'threads' | 'actor'>,
  episodeId: string,
  { count, signal }: { count: number; signal: AbortSignal },
): Promise<string[]> {
  const pages = await readSegmentPages(deps, episodeId, { limit: MAX_SEGMENTS, signal });
  return runInThread(deps, THREADS, 'findKeyWords', { pages, count }, { signal });
}
