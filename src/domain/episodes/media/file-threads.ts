import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { FileTasks } from './file-thread.ts';
import { FRAMES_PER_SECOND, type MeasuredSound } from './sound/measure.ts';

/**
 * Where files are read and drawn, two at a time; they are streamed, and what is known of each hundredth of a second is no part of the heap.
 */
const THREADS: ThreadFile<FileTasks> = { url: new URL('./file-thread.ts', import.meta.url), size: 2, heapMb: 64 };

type ThreadDeps = Pick<Deps, 'threads' | 'actor'>;

/** Returns the SHA-256 of a local file in hexadecimal, computed off the event loop. Throws Unavailable, the signal's reason. */
export const hashFile = (deps: ThreadDeps, localPath: string, signal?: AbortSignal): Promise<string> =>
  runInThread(deps, THREADS, 'hash', localPath, { signal });

/** Measures a local file of samples off the event loop, which has 345 million for six hours. Throws Unavailable, the signal's reason. */
export const measureFile = (deps: ThreadDeps, localPath: string, signal?: AbortSignal): Promise<MeasuredSound> =>
  runInThread(deps, THREADS, 'measure', localPath, { signal });

/** Draws a part of a sound as a PNG (`waveforms/draw.ts`), off the event loop. Throws Unavailable, the signal's reason. */
export function drawPart(
  deps: ThreadDeps,
  { peaks }: Pick<MeasuredSound, 'peaks'>,
  part: TimeRange,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { first, end } = peakRange(part);
  return drawPeaks(deps, peaks.slice(first, end), signal);
}

/** Returns where the peaks of a part begin, and where they end: two for each frame. */
export const peakRange = ({ startSeconds, endSeconds }: TimeRange): { first: number; end: number } => ({
  first: Math.floor(startSeconds * FRAMES_PER_SECOND) * 2,
  end: Math.ceil(endSeconds * FRAMES_PER_SECOND) * 2,
});

/** Draws peaks as a PNG, off the event loop. Throws Unavailable, the signal's reason. */
export const drawPeaks = (deps: ThreadDeps, peaks: Int8Array, signal?: AbortSignal): Promise<Uint8Array> =>
  runInThread(deps, THREADS, 'draw', peaks, { signal });
