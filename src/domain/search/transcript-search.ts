import type { Deps } from '#domain/core/deps.ts';
import { type Corpus, STEPS_BACK, STEPS_ON } from './corpus.ts';
import { depthOf, type SearchPage, slicePage } from './page.ts';
import { search } from './search.ts';
import { isContext, type SearchResult, type SegmentHit } from './search-result.ts';

export type TranscriptSearch = SearchPage & { query: string; episodeId: string | null };

/** The last segments are read from at most this many episodes: `ofEach` of each, or `ofOne` if a single episode is searched. */
const NEWEST = { episodes: 100, ofEach: 100, ofOne: 10_000 };

/** In how many episodes segments are counted to estimate the size of the corpus. */
const COUNTED_EPISODES = 1_000;

const transcripts = `SELECT t.id FROM episodes e JOIN transcripts t ON t.episode_id = e.id
  WHERE e.owner_id = $1::uuid AND ($2::uuid IS NULL OR e.id = $2)
  ORDER BY e.created_at DESC, e.id DESC`;

/** The episode of a segment; null while its transcript is being imported, and after it was replaced. */
const EPISODE = '(SELECT t.episode_id FROM transcripts t WHERE t.id = d.transcript_id)';

const segments: Corpus = {
  table: 'transcript_segments',
  parameters: 2,
  visible: `($2::uuid IS NULL OR d.transcript_id = (SELECT t.id FROM transcripts t WHERE t.episode_id = $2))
    AND ${EPISODE} IS NOT NULL`,
  newest: `(${transcripts} LIMIT ${NEWEST.episodes}) AS t
    CROSS JOIN LATERAL (SELECT s.* FROM transcript_segments s WHERE s.transcript_id = t.id
      ORDER BY s.index DESC LIMIT CASE WHEN $2::uuid IS NULL THEN ${NEWEST.ofEach} ELSE ${NEWEST.ofOne} END) AS d`,
  size: `SELECT sum(s.rows) FROM (${transcripts} LIMIT ${COUNTED_EPISODES}) AS t
    CROSS JOIN LATERAL (SELECT max(s.index) + 1 AS rows
    FROM transcript_segments s WHERE s.transcript_id = t.id) AS s`,
  text: 'text',
  parent: EPISODE,
  timestamp: null,
  isFoundByTime: false,
  role: 'NULL',
  recency: '1::float8',
  importance: '1::float8',
  minCollectionSize: 50,
  fullPenaltySize: 400,
  neighbours: `SELECT n.id, n.index - t.index AS step FROM transcript_segments n WHERE n.transcript_id = t.transcript_id
    AND n.index BETWEEN t.index - ${STEPS_BACK} AND t.index + ${STEPS_ON} AND n.index <> t.index`,
};

/**
 * Searches the transcripts of the viewer's episodes by words. If `found` is false, the hits are the nearest ones, though none is close.
 * Throws BadUserInput.
 */
export async function searchTranscripts(
  deps: Deps,
  { query, episodeId, ...page }: TranscriptSearch,
): Promise<SearchResult<SegmentHit>> {
  const startedAt = performance.now();
  const scope = [deps.actor.userId, episodeId];
  const { ranking, found, features, highlight } = await search(deps, segments, scope, { query, depth: depthOf(page) });
  const hits = (await highlight(slicePage(ranking, page))).map((hit) => {
    const { id, parent, score, snippet, matchedWords, excerpt } = hit;
    const episodeId = parent as string;
    return { segmentId: id, episodeId, score, snippet, matchedWords, excerpt, isContext: isContext(hit) };
  });
  return { hits, mode: 'LEXICAL', found, features, tookMs: performance.now() - startedAt };
}
