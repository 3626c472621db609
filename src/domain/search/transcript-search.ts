import type { Deps } from '#domain/core/deps.ts';
import { type Corpus, STEPS_BACK, STEPS_ON } from './corpus.ts';
import type { Ranked } from './rank.ts';
import { search } from './search.ts';

export type TranscriptSearch = { query: string; episodeId: string | null; limit: number };
export type SegmentHit = { segmentId: string; episodeId: string; score: number; snippet: string };
export type FoundSegments = { hits: SegmentHit[]; found: boolean };

const episodes = `SELECT e.id FROM episodes e WHERE e.owner_id = $1::uuid AND ($2::uuid IS NULL OR e.id = $2)
  ORDER BY e.created_at DESC, e.id DESC`;

const segments: Corpus = {
  table: 'transcript_segments',
  values: 2,
  visible: '($2::uuid IS NULL OR d.episode_id = $2)',
  newest: `(${episodes} LIMIT 100) AS e CROSS JOIN LATERAL (SELECT s.* FROM transcript_segments s WHERE s.episode_id = e.id
    ORDER BY s.index DESC LIMIT CASE WHEN $2::uuid IS NULL THEN 100 ELSE 10000 END) AS d`,
  size: `SELECT sum(s.rows) FROM (${episodes} LIMIT 1000) AS e CROSS JOIN LATERAL (SELECT max(s.index) + 1 AS rows
    FROM transcript_segments s WHERE s.episode_id = e.id) AS s`,
  text: 'text',
  parent: 'd.episode_id',
  saidAt: null,
  role: 'NULL',
  recency: '1::float8',
  importance: '1::float8',
  leastRows: 50,
  telling: 400,
  around: `SELECT n.id, n.index - t.index AS step FROM transcript_segments n WHERE n.episode_id = t.episode_id
    AND n.index BETWEEN t.index - ${STEPS_BACK} AND t.index + ${STEPS_ON} AND n.index <> t.index`,
};

/** What the viewer's episodes say of it, best first. `found` is false where nothing is close. Throws BadUserInput. */
export async function searchTranscripts(
  deps: Deps,
  { query, episodeId, limit }: TranscriptSearch,
): Promise<FoundSegments> {
  const { hits, found, snippet } = await search(deps, segments, [deps.actor.userId, episodeId], { query, limit });
  const hit = ({ id, parent, score, text }: Ranked) => {
    return { segmentId: id, episodeId: parent as string, score, snippet: snippet(text) };
  };
  return { hits: hits.map(hit), found };
}
