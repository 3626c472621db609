import type { Database } from '#adapters/database/database.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ModelRefused, Unavailable } from '#domain/core/errors.ts';
import { type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { firstTokens } from '#domain/text/llm-tokens.ts';
import { checkQuery } from './query-text.ts';

export type SimilarMemory = {
  memoryId: string;
  /** The cosine: 1 for the same meaning, around 0 for none in common. What lies between depends on the model. */
  similarity: number;
};

type SimilarSearch = {
  query: string;
  filter: MemoryFilter;
  limit: number;
  /** Whether nothing else would answer: then the embedder is waited for longer, and its failure is thrown. */
  required: boolean;
};

/** How long a search waits for the embedder where words can answer too. */
const TIMEOUT_MS = 1_500;

/** How long a search waits for the embedder where nothing else can answer. */
const REQUIRED_TIMEOUT_MS = 10_000;

/** How long an embedder that failed a search is left alone: or each search would wait for it in vain. */
const COOLDOWN_MS = 10_000;

/** A longer query says no more about its meaning, and models refuse what is too long for them. */
const MAX_QUERY_TOKENS = 1_000;

/**
 * Returns the viewer's memories that are closest in meaning to a query, the closest first; of equals, the greater id first. Those
 * that have no embedding yet are not among them. Null where there is no embedder, or it does not answer in time. Throws
 * BadUserInput, and Unavailable and ModelRefused where `required`.
 */
export async function findSimilarMemories(deps: Deps, search: SimilarSearch): Promise<SimilarMemory[] | null> {
  const { embedder } = deps;
  if (!embedder) return null;
  const query = firstTokens(checkQuery(search.query), MAX_QUERY_TOKENS).trim();
  if (query === '') return [];
  const vector = await (search.required ? embedRequired(embedder, query) : embedOptional(deps, embedder, query));
  return vector && findClosest(deps, embedder, vector, search);
}

async function embedRequired(embedder: Embedder, query: string): Promise<number[]> {
  const signal = AbortSignal.timeout(REQUIRED_TIMEOUT_MS);
  try {
    return await embedQuery(embedder, query, signal);
  } catch (error) {
    throw error === signal.reason ? new Unavailable('The model of meanings is too slow now; search by words.') : error;
  }
}

const coolingUntil = new WeakMap<Embedder, number>();

/** Returns null where the embedder fails or is too slow, and while it is left alone for that. */
async function embedOptional({ log, now }: Deps, embedder: Embedder, query: string): Promise<number[] | null> {
  if (now().getTime() < (coolingUntil.get(embedder) ?? 0)) return null;
  try {
    return await embedQuery(embedder, query, AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    // Refusing is quick, and may be about this query alone.
    if (!(error instanceof ModelRefused)) coolingUntil.set(embedder, now().getTime() + COOLDOWN_MS);
    log.warn({ err: error }, 'searching by words alone: the embedder did not answer');
    return null;
  }
}

async function embedQuery(embedder: Embedder, query: string, signal: AbortSignal): Promise<number[]> {
  const [vector] = await embedder.embed([query], { signal });
  return vector as number[];
}

/**
 * How many products of two numbers are made at most, newest memories first. Without pgvector PostgreSQL 15 takes 0.12 ms for a
 * vector of 768: 61 ms (p95 97, on two busy cores) for 520 memories; of 1536 dimensions it is 260 memories. With pgvector
 * (in PGlite, which is slower) 3,000 vectors of 768 take 36 ms.
 */
export const MAX_PRODUCTS = { sql: 400_000, pgvector: 8_000_000 };

/** The scalar product of vectors of length 1, which is their cosine. Vectors of another dimension are not compared. */
const COSINE = {
  sql: (query: string) => `(SELECT sum(a * b) FROM (SELECT unnest(e.embedding) AS a, unnest(${query}) AS b) AS pairs)`,
  pgvector: (query: string) => `-(e.embedding::vector <#> ${query}::vector)`,
};

async function findClosest(
  { database, actor }: Deps,
  { name }: Embedder,
  vector: readonly number[],
  { filter, limit }: SimilarSearch,
): Promise<SimilarMemory[]> {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const method = (await hasPgvector(database)) ? 'pgvector' : 'sql';
  const conditions = [
    `m.owner_id = ${bind(actor.userId, 'uuid')}`,
    `e.model = ${bind(name, 'text')}`,
    `cardinality(e.embedding) = ${bind(vector.length, 'int')}`,
    ...memoryConditions('m', (part, type) => bind(filter[part], type)),
  ];
  // The number of rows is a part of the text: as a parameter it would have them planned for a tenth of all memories.
  return database.sql<SimilarMemory>(
    `SELECT e.id AS "memoryId", (${COSINE[method](bind(vector, 'real[]'))})::float8 AS "similarity"
     FROM (
       SELECT m.id, e.embedding FROM memories m JOIN memory_embeddings e ON e.memory_id = m.id
       WHERE ${conditions.join(' AND ')}
       ORDER BY m.created_at DESC, m.id DESC LIMIT ${Math.ceil(MAX_PRODUCTS[method] / vector.length)}
     ) AS e
     ORDER BY "similarity" DESC, e.id DESC LIMIT ${bind(limit, 'int')}`,
    values,
  );
}

const pgvectorByDatabase = new WeakMap<Database, Promise<boolean>>();

/** Returns whether the extension is there. It is looked for once: whoever installs it restarts the server. */
function hasPgvector(database: Database): Promise<boolean> {
  const known = pgvectorByDatabase.get(database);
  if (known) return known;
  const looking = database
    .sql<{ found: boolean }>(
      `SELECT to_regtype('vector') IS NOT NULL AND EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') AS found`,
    )
    .then(([row]) => row?.found ?? false);
  pgvectorByDatabase.set(database, looking);
  looking.catch(() => pgvectorByDatabase.delete(database));
  return looking;
}
