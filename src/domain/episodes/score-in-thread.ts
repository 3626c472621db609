import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import { type CutScore, type ScoreRequest, scoreCuts } from './clips/score-cuts.ts';
import { CLIP_THREADS } from './clips/threads.ts';
import { oldTranscripts, readSegmentPages } from './transcripts/segments/pages.ts';

/**
 * Scores cuts of the actor's episode by its whole transcript, in a thread and without a transaction. Returns their scores in their order.
 * Throws Unavailable, LIMIT_EXCEEDED.
 */
export async function scoreInThread(
  deps: Deps,
  episodeId: string,
  scoring: Omit<ScoreRequest, 'pages'>,
): Promise<CutScore[]> {
  const release = await oldTranscripts.take();
  try {
    const pages = await readSegmentPages(deps, episodeId, { signal: NEVER });
    const request = { ...scoring, pages };
    return pages.length > 0 ? await runInThread(deps, CLIP_THREADS, 'scoreCuts', request) : scoreCuts(request);
  } finally {
    release();
  }
}

const NEVER = new AbortController().signal;
