import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES, type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { type Corpus, SAMPLE_SIZE, STEPS_BACK, STEPS_ON } from './corpus.ts';

const beside = (
  order: string,
  limit: number,
) => `(SELECT n.id, row_number() OVER (ORDER BY n.created_at ${order}, n.id ${order}) AS step
  FROM memories n WHERE n.conversation_id = t.conversation_id
    AND (n.created_at, n.id) ${order === 'DESC' ? '<' : '>'} (t.created_at, t.id)
  ORDER BY n.created_at ${order}, n.id ${order} LIMIT ${limit})`;

/** So many of the newest are read where a query has only words that most rows have. */
const NEWEST = 10_000;

/** The parts of a filter, in the order in which the statements take them: $2 and on. */
const FILTER = Object.keys(ACTIVE_MEMORIES) as (keyof MemoryFilter)[];

/** What the statements take: the owner, then the filter. */
export function memoryScope({ actor }: Deps, filter: MemoryFilter): unknown[] {
  return [actor.userId, ...FILTER.map((part) => filter[part])];
}

export const memories: Corpus = {
  table: 'memories',
  values: 1 + FILTER.length,
  visible: memoryConditions('d', (part, type) => `$${2 + FILTER.indexOf(part)}::${type}`).join(' AND '),
  newest: `(SELECT m.* FROM memories m WHERE m.owner_id = $1::uuid ORDER BY m.created_at DESC, m.id DESC LIMIT ${NEWEST}) AS d`,
  size: `SELECT CASE WHEN s.sampled < ${SAMPLE_SIZE} THEN s.sampled * greatest(count(*) / ${NEWEST}.0, 1) ELSE count(*) END
    FROM (SELECT FROM memories m WHERE m.owner_id = $1::uuid LIMIT 50000) AS m`,
  text: 'content',
  parent: 'd.conversation_id',
  saidAt: 'd.created_at',
  role: 'NULL',
  // From 0.9 for what is old to 1.1 for what is new: half of the way after 90 days.
  recency: `(0.9 + 0.2 * power(0.5, greatest(0, extract(epoch FROM now() - d.created_at)) / 7776000))::float8`,
  // From 0.85 to 1.15.
  importance: '(0.85 + 0.3 * d.importance)::float8',
  // Among few memories one of two words is not enough: who knows the favourite food does not know the favourite colour.
  leastRows: 10,
  telling: 1,
  around: `SELECT id, step FROM ${beside('ASC', STEPS_ON)} AS n UNION ALL SELECT id, -step FROM ${beside('DESC', STEPS_BACK)} AS n`,
};
