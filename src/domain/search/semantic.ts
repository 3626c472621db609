import type { Database } from '#adapters/database/database.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ModelRefused, Unavailable } from '#domain/core/errors.ts';
import { type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { firstTokens } from '#domain/text/llm-tokens.ts';
import { queryText } from './query-text.ts';

/** `similarity` is the cosine: 1 for the same meaning, around 0 for none in common. What lies between depends on the model. */
export type Similar = { memoryId: string; similarity: number; content: string };

/** `mustAnswer`: nothing else would, so wait for the embedder, and throw where it fails. */
type SimilarSearch = { query: string; filter: MemoryFilter; limit: number; mustAnswer: boolean };

/** A search that has words to go by waits no longer than this. */
const PATIENCE_MS = 1_500;
const LONGEST_PATIENCE_MS = 10_000;
/** So long is an embedder left alone after it failed a search, or each one would wait for it in vain. */
const REST_MS = 10_000;
/** A longer query says no more about its meaning, and models refuse what is too long for them. */
const MAX_QUERY_TOKENS = 1_000;

/**
 * The viewer's memories that are closest in meaning to a query, the closest first; those that have no embedding yet are
 * not among them. Null where there is no embedder, or it does not answer in time. Throws BadUserInput, and Unavailable
 * and ModelRefused where it must answer.
 */
export async function similarMemories(deps: Deps, search: SimilarSearch): Promise<Similar[] | null> {
  const { embedder } = deps;
  if (!embedder) return null;
  const query = firstTokens(queryText(search.query), MAX_QUERY_TOKENS).trim();
  if (query === '') return [];
  const vector = await (search.mustAnswer ? patientVector(embedder, query) : promptVector(deps, embedder, query));
  return vector && closest(deps, embedder, vector, search);
}

async function patientVector(embedder: Embedder, query: string): Promise<number[]> {
  const signal = AbortSignal.timeout(LONGEST_PATIENCE_MS);
  try {
    return await vectorOf(embedder, query, signal);
  } catch (error) {
    throw error === signal.reason ? new Unavailable('The model of meanings is too slow now; search by words.') : error;
  }
}

const restingUntil = new WeakMap<Embedder, number>();

async function promptVector({ log, now }: Deps, embedder: Embedder, query: string): Promise<number[] | null> {
  if (now().getTime() < (restingUntil.get(embedder) ?? 0)) return null;
  try {
    return await vectorOf(embedder, query, AbortSignal.timeout(PATIENCE_MS));
  } catch (error) {
    // Refusing is quick, and may be about this query alone.
    if (!(error instanceof ModelRefused)) restingUntil.set(embedder, now().getTime() + REST_MS);
    log.warn({ err: error }, 'searching by words alone: the embedder did not answer');
    return null;
  }
}

async function vectorOf(embedder: Embedder, query: string, signal: AbortSignal): Promise<number[]> {
  const [vector] = await embedder.embed([query], { signal });
  return vector as number[];
}

/**
 * How many numbers are multiplied at most, newest memories first. Without pgvector PostgreSQL 15 takes 0.12 ms for a
 * vector of 768: 61 ms (p95 97, on two busy cores) for 520 memories; of 1536 dimensions it is 260 memories. With pgvector
 * (in PGlite, which is slower) 3,000 vectors of 768 take 36 ms.
 */
const MOST_NUMBERS = { sql: 400_000, pgvector: 8_000_000 };

/** Of vectors of length 1, so that this is the cosine. Rows whose vectors have another length are not asked. */
const PRODUCT = {
  sql: (query: string) => `(SELECT sum(a * b) FROM (SELECT unnest(e.embedding) AS a, unnest(${query}) AS b) AS pairs)`,
  pgvector: (query: string) => `-(e.embedding::vector <#> ${query}::vector)`,
};

async function closest(
  { database, actor }: Deps,
  { name }: Embedder,
  vector: readonly number[],
  { filter, limit }: SimilarSearch,
): Promise<Similar[]> {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const way = (await hasPgvector(database)) ? 'pgvector' : 'sql';
  const conditions = [
    `m.owner_id = ${bind(actor.userId, 'uuid')}`,
    `e.model = ${bind(name, 'text')}`,
    `cardinality(e.embedding) = ${bind(vector.length, 'int')}`,
    ...memoryConditions('m', (part, type) => bind(filter[part], type)),
  ];
  // The number of rows is a part of the text: as a parameter it would have them planned for a tenth of all memories.
  return database.sql<Similar>(
    `SELECT e.id AS "memoryId", e.content AS "content", (${PRODUCT[way](bind(vector, 'real[]'))})::float8 AS "similarity"
     FROM (
       SELECT m.id, m.content, e.embedding FROM memories m JOIN memory_embeddings e ON e.memory_id = m.id
       WHERE ${conditions.join(' AND ')}
       ORDER BY m.created_at DESC, m.id DESC LIMIT ${Math.ceil(MOST_NUMBERS[way] / vector.length)}
     ) AS e
     ORDER BY "similarity" DESC, e.id DESC LIMIT ${bind(limit, 'int')}`,
    values,
  );
}

const withPgvector = new WeakMap<Database, Promise<boolean>>();

/** Looked for once: whoever installs it restarts the server. */
function hasPgvector(database: Database): Promise<boolean> {
  const known = withPgvector.get(database);
  if (known) return known;
  const looking = database
    .sql<{ found: boolean }>(
      `SELECT to_regtype('vector') IS NOT NULL AND EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') AS found`,
    )
    .then(([row]) => row?.found ?? false);
  withPgvector.set(database, looking);
  looking.catch(() => withPgvector.delete(database));
  return looking;
}
