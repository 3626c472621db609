import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES, type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { type Corpus, SAMPLE_SIZE, STEPS_BACK, STEPS_ON } from './corpus.ts';

/** The memories that follow a memory `t` in its conversation (ASC), or precede it (DESC). */
const adjacent = (
  order: 'ASC' | 'DESC',
  limit: number,
) => `(SELECT n.id, row_number() OVER (ORDER BY n.created_at ${order}, n.id ${order}) AS step
  FROM memories n WHERE n.conversation_id = t.conversation_id
    AND (n.created_at, n.id) ${order === 'DESC' ? '<' : '>'} (t.created_at, t.id)
  ORDER BY n.created_at ${order}, n.id ${order} LIMIT ${limit})`;

/** How many of the newest memories are read if a query only has words that are too common for the index. */
const NEWEST = 10_000;

/** Memories are counted up to this number, and estimated beyond it: counting 50,000 took up to 16 ms (docs/decisions/search.md). */
const MAX_COUNTED = 5_000;

/** The recency factor, from the oldest memories to the newest. It separates memories that answer equally well. Chosen, not measured. */
export const RECENCY = { min: 0.9, range: 0.2 };

/** The half-life of recency in seconds: 90 days. Chosen, not measured. */
const HALF_LIFE_SECONDS = 7_776_000;

/** The importance factor, for importance 0 to 1. Chosen, not measured. */
export const IMPORTANCE = { min: 0.85, range: 0.3 };

/** The parts of a filter, in the order of the statements' parameters from $2 on. */
const FILTER = Object.keys(ACTIVE_MEMORIES) as (keyof MemoryFilter)[];

/** Returns the parameters of the corpus: the owner, then the filter. */
export function memoryScope({ actor }: Deps, filter: MemoryFilter): unknown[] {
  return [actor.userId, ...FILTER.map((part) => filter[part])];
}

export const memories: Corpus = {
  table: 'memories',
  parameters: 1 + FILTER.length,
  visible: memoryConditions('d', (part, type) => `$${2 + FILTER.indexOf(part)}::${type}`).join(' AND '),
  newest: `(SELECT m.* FROM memories m WHERE m.owner_id = $1::uuid ORDER BY m.created_at DESC, m.id DESC LIMIT ${NEWEST}) AS d`,
  size: `SELECT CASE WHEN s.sampled < ${SAMPLE_SIZE} THEN s.sampled * greatest(m.count / ${NEWEST}, 1) ELSE m.count END
    FROM (SELECT CASE WHEN count(*) < ${MAX_COUNTED} THEN count(*) ELSE greatest(count(*), estimate_memories($1::uuid)) END AS count
      FROM (SELECT FROM memories m WHERE m.owner_id = $1::uuid LIMIT ${MAX_COUNTED}) AS m) AS m`,
  text: 'content',
  parent: 'd.conversation_id',
  timestamp: 'd.created_at',
  isFoundByTime: false,
  role: 'NULL',
  recency: `(${RECENCY.min} + ${RECENCY.range} * power(0.5, greatest(0, extract(epoch FROM now() - d.created_at)) / ${HALF_LIFE_SECONDS}))::float8`,
  importance: `(${IMPORTANCE.min} + ${IMPORTANCE.range} * d.importance)::float8`,
  // With few memories, one of two words is not enough: a memory of the favourite food does not answer a question about the favourite
  // colour.
  minCollectionSize: 10,
  fullPenaltySize: 1,
  neighbours: `SELECT id, step FROM ${adjacent('ASC', STEPS_ON)} AS n UNION ALL SELECT id, -step FROM ${adjacent('DESC', STEPS_BACK)} AS n`,
};
