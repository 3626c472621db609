import { z } from 'zod';
import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/models.ts';
import { startTimedRequest, withRetries } from './endpoint.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import { parseJson } from './parse-json.ts';
import { post } from './post.ts';

/** Converts texts into vectors of length 1, which are close to each other if the meanings are. */
export type Embedder = {
  name: string;
  /** Returns a vector for each text, in their order. Throws like Model.stream. */
  embed(texts: readonly string[], options: { signal: AbortSignal }): Promise<number[][]>;
};

/** Texts per request: endpoints differ in how many they accept at once; all that we know accept this many. */
const BATCH_SIZE = 64;

const Embeddings = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
});

/** Opens the embedder of an endpoint. Its `embed` throws EndpointFailed, or its signal's reason. */
export function openEmbedder(endpoint: Endpoint, log: Logger): Embedder {
  const requestBatch = async (input: string[], signal: AbortSignal) => {
    const timed = startTimedRequest(endpoint, signal);
    const body = { model: endpoint.name, input, encoding_format: 'float' };
    try {
      const text = await timed.run(async () => (await post(endpoint, '/embeddings', body, timed.signal)).text());
      return parseVectors(parseJson(text), input.length);
    } finally {
      timed.end();
    }
  };
  return {
    name: endpoint.name,
    async embed(texts, { signal }) {
      const vectors: number[][] = [];
      for (let start = 0; start < texts.length; start += BATCH_SIZE) {
        const batch = texts.slice(start, start + BATCH_SIZE);
        vectors.push(...(await withRetries(log, signal, () => requestBatch(batch, signal))));
      }
      return vectors;
    },
  };
}

/** Returns the vectors in the order of the texts, which is not always that of the response. Throws EndpointFailed. */
function parseVectors(response: unknown, count: number): number[][] {
  const parsed = Embeddings.safeParse(response);
  if (!parsed.success) throw new EndpointFailed('malformed response');
  const byIndex = new Map(parsed.data.data.map(({ index, embedding }) => [index, embedding]));
  return Array.from({ length: count }, (_, index) => normalizeVector(byIndex.get(index)));
}

function normalizeVector(vector: number[] | undefined): number[] {
  const length = Math.hypot(...(vector ?? []));
  if (!vector || length === 0 || !Number.isFinite(length)) throw new EndpointFailed('malformed response');
  // Rounded like PostgreSQL's `real`, which refuses smaller values.
  return vector.map((value) => Math.fround(value / length));
}
