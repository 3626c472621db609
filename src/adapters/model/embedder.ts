import { z } from 'zod';
import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/models.ts';
import { openClient, startWait, withRetries } from './endpoint.ts';
import { EndpointFailed } from './failures.ts';

/** Turns texts into vectors of length 1, alike where the meanings are. Throws as a Model does. */
export type Embedder = {
  name: string;
  embed(texts: readonly string[], options: { signal: AbortSignal }): Promise<number[][]>;
};

/** Endpoints differ in how many texts they take at once; all take this many. */
const BATCH = 64;

const Embeddings = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
});

/** Throws EndpointFailed, or its signal's reason. */
export function openEmbedder(endpoint: Endpoint, log: Logger): Embedder {
  const client = openClient(endpoint);
  const request = async (input: string[], signal: AbortSignal) => {
    const wait = startWait(endpoint, signal);
    const body = { model: endpoint.name, input, encoding_format: 'float' } as const;
    try {
      return vectorsOf(await wait.for(() => client.embeddings.create(body, { signal: wait.signal })), input.length);
    } finally {
      wait.end();
    }
  };
  return {
    name: endpoint.name,
    async embed(texts, { signal }) {
      const vectors: number[][] = [];
      for (let start = 0; start < texts.length; start += BATCH) {
        const batch = texts.slice(start, start + BATCH);
        vectors.push(...(await withRetries(log, signal, () => request(batch, signal))));
      }
      return vectors;
    },
  };
}

/** In the order of the texts, which is not always that of the answer. Throws EndpointFailed. */
function vectorsOf(answer: unknown, count: number): number[][] {
  const parsed = Embeddings.safeParse(answer);
  if (!parsed.success) throw new EndpointFailed('unreadable');
  const byIndex = new Map(parsed.data.data.map(({ index, embedding }) => [index, embedding]));
  return Array.from({ length: count }, (_, index) => ofLengthOne(byIndex.get(index)));
}

function ofLengthOne(vector: number[] | undefined): number[] {
  const length = Math.hypot(...(vector ?? []));
  if (!vector || length === 0 || !Number.isFinite(length)) throw new EndpointFailed('unreadable');
  // As PostgreSQL's `real` holds it, which refuses what is smaller.
  return vector.map((value) => Math.fround(value / length));
}
