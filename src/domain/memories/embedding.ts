import type { Embedder } from '#adapters/model/embedder.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ModelRefused } from '#domain/core/errors.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { firstTokens } from '#domain/text/llm-tokens.ts';

/** What to embed: a single memory, or all that lack an embedding by the configured model. */
export type EmbedTask = { memoryId: string } | { all: true };

type Unembedded = { id: string; content: string };

/** Memories per request. Each batch is stored before the next one, so a failure loses one batch at most. */
const BATCH_SIZE = 64;
/**
 * The maximum number of tokens, by estimate, that are embedded of a memory. A model would ignore the rest of a longer text, or refuse it.
 */
const MAX_TOKENS = 2_000;

/**
 * Computes and stores the embeddings of memories. Does nothing if the embedder was removed from the configuration. Safe to run twice.
 * Throws what an Embedder throws.
 */
export async function embedMemories(deps: Deps, task: EmbedTask, job: RunningJob): Promise<void> {
  const { embedder } = deps;
  if (!embedder) return;
  if ('all' in task) return embedAll(deps, embedder, job);
  const where = { id: task.memoryId, ownerId: deps.actor.userId };
  const memory = await deps.database.prisma.memory.findFirst({ where, select: { id: true, content: true } });
  if (!memory) return;
  const vectors = await computeVectors(embedder, [memory], job.signal);
  await job.finish(async (change) => void (await storeEmbeddings(change, embedder, [memory], vectors)));
}

/** Embeds batch by batch, so that a retry continues where the last attempt stopped. */
async function embedAll(deps: Deps, embedder: Embedder, job: RunningJob): Promise<void> {
  const total = await countUnembedded(deps, embedder);
  let embedded = 0;
  for (let batch = await findUnembedded(deps, embedder, null); batch.length > 0; ) {
    embedded += await embedBatch(deps, embedder, batch, job);
    job.reportProgress({
      fraction: embedded / total,
      stage: 'embedding',
      message: `${embedded} of ${total} memories.`,
    });
    batch = await findUnembedded(deps, embedder, batch.at(-1)?.id ?? null);
  }
  await job.finish(async () => ({ embedded }));
}

/** Embeds a batch, skipping memories that the embedder refuses, and returns how many it has embedded. */
async function embedBatch(
  deps: Deps,
  embedder: Embedder,
  batch: readonly Unembedded[],
  job: RunningJob,
): Promise<number> {
  try {
    const vectors = await computeVectors(embedder, batch, job.signal);
    await job.writeFenced((change) => storeEmbeddings(change, embedder, batch, vectors));
    return batch.length;
  } catch (error) {
    if (!(error instanceof ModelRefused)) throw error;
    if (batch.length > 1) return embedOneByOne(deps, embedder, batch, job, error);
    deps.log.warn({ memoryId: batch[0]?.id }, 'the embedder does not take this memory');
    return 0;
  }
}

/** Embeds each memory by itself. Throws the error if all of them are refused, because then the memories are not the cause. */
async function embedOneByOne(
  deps: Deps,
  embedder: Embedder,
  batch: readonly Unembedded[],
  job: RunningJob,
  error: ModelRefused,
): Promise<number> {
  let embedded = 0;
  for (const memory of batch) embedded += await embedBatch(deps, embedder, [memory], job);
  if (embedded === 0) throw error;
  return embedded;
}

function computeVectors(embedder: Embedder, memories: readonly Unembedded[], signal: AbortSignal): Promise<number[][]> {
  const texts = memories.map(({ content }) => firstTokens(content, MAX_TOKENS));
  return embedder.embed(texts, { signal });
}

const UNEMBEDDED = `FROM memories LEFT JOIN memory_embeddings ON memory_id = memories.id AND model = $1 WHERE memory_id IS NULL`;

/** Whether any memory has no embedding by the model. */
export async function hasUnembedded({ database }: Pick<Deps, 'database'>, { name }: Embedder): Promise<boolean> {
  return (await database.sql(`SELECT 1 AS one ${UNEMBEDDED} LIMIT 1`, [name])).length > 0;
}

async function countUnembedded({ database }: Deps, { name }: Embedder): Promise<number> {
  const [row] = await database.sql<{ count: number }>(`SELECT count(*)::int AS count ${UNEMBEDDED}`, [name]);
  return row?.count ?? 0;
}

function findUnembedded({ database }: Deps, { name }: Embedder, after: string | null): Promise<Unembedded[]> {
  return database.sql<Unembedded>(
    `SELECT id, content ${UNEMBEDDED} AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT ${BATCH_SIZE}`,
    [name, after],
  );
}

/**
 * Stores embeddings, and makes them visible to semantic searches. A memory whose content has changed meanwhile is left to the job of
 * that change. The rows are locked, so that no change comes between comparing the content and storing the embedding.
 */
async function storeEmbeddings(
  { tx, revise }: TransactionChange,
  embedder: Embedder,
  memories: readonly Unembedded[],
  vectors: readonly number[][],
): Promise<void> {
  const rows = memories.map(({ id, content }, index) => ({ id, content, embedding: vectors[index] }));
  const stored = await tx.$queryRawUnsafe<{ ownerId: string }[]>(
    `WITH same AS (
       SELECT memories.id, made.embedding FROM jsonb_to_recordset($2::jsonb) AS made(id uuid, content text, embedding real[])
       JOIN memories ON memories.id = made.id AND memories.content = made.content
       ORDER BY memories.id FOR SHARE OF memories
     )
     INSERT INTO memory_embeddings (memory_id, model, embedding) SELECT id, $1, embedding FROM same
     ON CONFLICT (memory_id) DO UPDATE SET model = EXCLUDED.model, embedding = EXCLUDED.embedding, created_at = now()
     RETURNING (SELECT owner_id::text FROM memories m WHERE m.id = memory_id) AS "ownerId"`,
    embedder.name,
    JSON.stringify(rows),
  );
  for (const { ownerId } of stored) revise(ownerId);
}
