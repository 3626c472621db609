import type { Database } from '#adapters/database/database.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ModelRefused, Unavailable } from '#domain/core/errors.ts';
import { type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { firstTokens } from '#domain/text/llm-tokens.ts';
import { checkQuery } from './query-text.ts';

export type SimilarMemory = {
  memoryId: string;
  /** The cosine similarity: 1 for the same meaning, around 0 for unrelated ones. What lies between depends on the model. */
  similarity: number;
};

type SimilarSearch = {
  query: string;
  filter: MemoryFilter;
  limit: number;
  /** Whether nothing else can answer: then the timeout is longer, and a failure of the embedder is thrown. */
  required: boolean;
};

/** How long a search waits for the embedder if a lexical search can answer too. */
const TIMEOUT_MS = 1_500;

/** How long a search waits for the embedder if nothing else can answer. */
const REQUIRED_TIMEOUT_MS = 10_000;

/** How long an embedder is skipped after a failure, so that not every search waits for it in vain. */
const COOLDOWN_MS = 10_000;

/** A longer query adds nothing to its meaning, and models refuse texts that are too long for them. */
const MAX_QUERY_TOKENS = 1_000;

/**
 * Returns the viewer's memories that are closest in meaning to a query, closest first; ties by the greater id. Memories without an
 * embedding are not among them. Null if there is no embedder, or it does not answer in time. Throws BadUserInput, and Unavailable and
 * ModelRefused if `required`.
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

/** Returns null if the embedder fails or is too slow, and during the cooldown after that. */
async function embedOptional({ log, now }: Deps, embedder: Embedder, query: string): Promise<number[] | null> {
  if (now().getTime() < (coolingUntil.get(embedder) ?? 0)) return null;
  try {
    return await embedQuery(embedder, query, AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    // A refusal is quick, and may only concern this query.
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
 * The maximum number of multiplications; the newest memories come first. Without pgvector, PostgreSQL 15 takes 0.12 ms per vector of 768
 * dimensions: 61 ms (p95 97, on two busy cores) for 520 memories; with 1536 dimensions it is 260 memories. With pgvector (in PGlite, which
 * is slower), 3,000 vectors of 768 dimensions take 36 ms.
 */
export const MAX_PRODUCTS = { sql: 400_000, pgvector: 8_000_000 };

/** The dot product of unit vectors, which is their cosine. Vectors of different dimensions are not compared. */
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
  // The number of rows is inlined: as a parameter, the planner would assume a tenth of all memories.
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

/** Returns whether the extension is installed. Checked once, because installing it requires a restart of the server. */
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
