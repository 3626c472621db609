import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import { type CutScore, scoreSilentCut } from './clips/cuts.ts';
import type { ScoreRequest } from './clips/score-cuts.ts';
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
    if (pages.length === 0) return scoring.cuts.map(scoreSilentCut);
    return await runInThread(deps, CLIP_THREADS, 'scoreCuts', { ...scoring, pages });
  } finally {
    release();
  }
}

const NEVER = new AbortController().signal;
