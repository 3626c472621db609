import { beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '#adapters/log.ts';
import type { Deps } from '#domain/core/deps.ts';
import { createEmbedderClient } from '#domain/core/model-clients.ts';
import { saveMemory } from '#domain/memories/memories.ts';
import { fuse } from '#domain/search/fusion.ts';
import type { MemoryHit } from '#domain/search/search-result.ts';
import { findSimilarMemories } from '#domain/search/semantic.ts';
import type { Client } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { type EmbeddingRequest, embedWords, useModelServer } from '../support/model-server.ts';
import { DeleteMemory, SaveMemory, SearchMemories, UpdateMemory } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const server = await useModelServer();
const EMBEDDING = { EMBEDDING_BASE_URL: server.url, EMBEDDING_MODEL: 'meanings' };

/** What means the same is the same word to this model. */
const SAME: Record<string, string> = {
  apiary: 'beekeeping',
  bees: 'beekeeping',
  pastime: 'hobby',
  goats: 'livestock',
};

function embedMeanings(request: EmbeddingRequest) {
  const meaning = (text: string) => (text.toLowerCase().match(/\p{L}+/gu) ?? []).map((word) => SAME[word] ?? word);
  return embedWords({ ...request, input: request.input.map((text) => meaning(text).join(' ')) });
}

beforeEach(() => server.embedBy(embedMeanings));

describe('two rankings', () => {
  type Ranking = Pick<MemoryHit, 'memoryId' | 'score' | 'explanation'>[];
  const ranking = (...ids: string[]): Ranking =>
    ids.map((memoryId) => ({ memoryId, score: 9, explanation: { lexical: 0 } }));
  const order = (hits: Ranking) => hits.map(({ memoryId }) => memoryId);

  it('become one by reciprocal rank: what both have comes first, then what was found by words', () => {
    const fused = fuse(ranking('a', 'b'), ranking('c', 'b'));
    expect(fused.map(({ memoryId, score }) => [memoryId, score])).toEqual([
      ['b', 2 / 62],
      ['a', 1 / 61],
      ['c', 1 / 61],
    ]);
    expect(fused[0]?.explanation).toEqual({ lexical: 0, lexicalRank: 2, semanticRank: 2 });
  });

  it('are one ranking as it was where the other is empty', () => {
    expect(order(fuse([], ranking('b', 'a')))).toEqual(['b', 'a']);
    expect(order(fuse(ranking('b', 'a'), []))).toEqual(['b', 'a']);
    expect(fuse([], [])).toEqual([]);
  });
});

describe('memories by what they mean', () => {
  const app = useParley({ env: EMBEDDING });

  type Mode = 'LEXICAL' | 'SEMANTIC' | 'HYBRID';

  async function search(viewer: Client, query: string, mode: Mode, filter = {}) {
    const { searchMemories } = await viewer.ask(SearchMemories, { query, mode, filter });
    const { found, mode: ran, matches } = searchMemories;
    return { found, mode: ran, matches, contents: matches.map(({ memory }) => memory.content) };
  }

  type Match = Awaited<ReturnType<typeof search>>['matches'][number];
  const NO_EXPLANATION = {
    words: null,
    neighbours: null,
    boost: null,
    recency: null,
    importance: null,
    semantic: null,
    lexicalRank: null,
    semanticRank: null,
  };

  async function save(owner: Client, content: string, more = {}): Promise<string> {
    const { saveMemory } = await owner.ask(SaveMemory, { input: { content, ...more } });
    return saveMemory?.memory.id as string;
  }

  /** As soon as their embeddings are made. */
  const foundAs = (viewer: Client, query: string, contents: string[]) =>
    until(
      () => search(viewer, query, 'SEMANTIC'),
      (result) => contents.every((content) => result.contents.includes(content)),
    );

  it('are found without a word in common, by meaning and by both, not by words', async () => {
    const ann = await app.user();
    await save(ann, 'Keeps an apiary.');
    await save(ann, 'Drinks tea without sugar.');
    const semantic = await foundAs(ann, 'bees', ['Keeps an apiary.']);
    expect(semantic).toMatchObject({ found: true, mode: 'SEMANTIC' });
    const [best] = semantic.matches;
    expect(best).toMatchObject({ memory: { content: 'Keeps an apiary.' }, snippet: 'Keeps an apiary.' });
    expect(best?.explanation).toEqual({ ...NO_EXPLANATION, lexical: 0, semantic: best?.score });
    const hybrid = await search(ann, 'bees', 'HYBRID');
    expect(hybrid).toMatchObject({ found: true, mode: 'HYBRID' });
    expect(hybrid.contents[0]).toBe('Keeps an apiary.');
    const { score, explanation } = hybrid.matches[0] as Match;
    expect(score).toBeCloseTo(1 / 61, 10);
    expect(explanation).toEqual({ ...NO_EXPLANATION, lexical: 0, semantic: best?.score, semanticRank: 1 });
    expect(await search(ann, 'bees', 'LEXICAL')).toMatchObject({ found: false, mode: 'LEXICAL', contents: [] });
  });

  it('come first where they have the words and the meaning, and the parts of the score say why', async () => {
    const ann = await app.user();
    const contents = ['Beekeeping, a pastime.', 'A hobby of mine.', 'Bees, a hobby.'];
    for (const content of contents) await save(ann, content);
    await foundAs(ann, 'hobby bees', contents);
    const { matches, contents: found } = await search(ann, 'hobby bees', 'HYBRID');
    expect(found[0]).toBe('Bees, a hobby.');
    expect(found).toContain('Beekeeping, a pastime.');
    const { score, explanation } = matches[0] as Match;
    const { lexical, words, neighbours, boost, lexicalRank, semanticRank } = explanation;
    expect(explanation).toMatchObject({ recency: expect.any(Number), importance: expect.any(Number) });
    expect(lexical).toBeCloseTo((Number(words) + Number(neighbours)) * Number(boost));
    expect(lexical).toBeGreaterThan(0);
    expect(explanation.semantic).toBeCloseTo(Math.sqrt(2 / 3), 5);
    expect(score).toBeCloseTo(1 / (60 + Number(lexicalRank)) + 1 / (60 + Number(semanticRank)), 10);
  });

  it('are not found where none is close', async () => {
    const ann = await app.user();
    await save(ann, 'Keeps an apiary.');
    await foundAs(ann, 'bees', ['Keeps an apiary.']);
    for (const mode of ['SEMANTIC', 'HYBRID'] as const)
      expect(await search(ann, 'submarine', mode)).toMatchObject({ found: false, mode, contents: [] });
    expect(await search(ann, '  ', 'SEMANTIC')).toMatchObject({ found: false, contents: [] });
  });

  it('are the own ones only, and those that pass the filter', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await save(ann, 'Keeps an apiary.', { tags: ['hobbies'] });
    await save(bob, 'Keeps livestock.');
    await foundAs(ann, 'bees', ['Keeps an apiary.']);
    await foundAs(bob, 'goats', ['Keeps livestock.']);
    for (const mode of ['SEMANTIC', 'HYBRID'] as const) {
      expect((await search(bob, 'bees', mode)).contents).not.toContain('Keeps an apiary.');
      expect((await search(ann, 'bees', mode, { tagsAll: ['hobbies'] })).found).toBe(true);
      expect((await search(ann, 'bees', mode, { tagsAll: ['work'] })).found).toBe(false);
    }
  });

  it('are found by what they say now, and not when they are gone', async () => {
    const ann = await app.user();
    const id = await save(ann, 'Keeps an apiary.');
    await foundAs(ann, 'bees', ['Keeps an apiary.']);
    await ann.ask(UpdateMemory, { input: { memoryId: id, content: 'Keeps livestock.' } });
    expect((await search(ann, 'bees', 'SEMANTIC')).found).toBe(false);
    await foundAs(ann, 'goats', ['Keeps livestock.']);
    await ann.ask(DeleteMemory, { id });
    expect((await search(ann, 'goats', 'SEMANTIC')).found).toBe(false);
  });

  it('are searched by words while the embedder is down, unless only meaning was asked for', async () => {
    const ann = await app.user();
    await save(ann, 'Keeps an apiary.');
    await foundAs(ann, 'bees', ['Keeps an apiary.']);
    await server.stop();
    try {
      expect(await search(ann, 'apiary', 'HYBRID')).toMatchObject({ mode: 'LEXICAL', contents: ['Keeps an apiary.'] });
      const { errors } = await ann.send(SearchMemories, { query: 'apiary', mode: 'SEMANTIC' });
      expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    } finally {
      await server.start();
    }
  });
});

describe('without an embedder', () => {
  const app = useParley();

  it.each(['LEXICAL', 'SEMANTIC', 'HYBRID'])('%s is LEXICAL, and says so', async (mode) => {
    const ann = await app.user();
    await ann.ask(SaveMemory, { input: { content: 'Keeps an apiary.' } });
    const query = 'query ($mode: SearchMode) { searchMemories(query: "apiary", mode: $mode) { found mode } }';
    expect((await ann.ask(query, { mode })).searchMemories).toEqual({ found: true, mode: 'LEXICAL' });
  });
});

describeOnEachDatabase((on) => {
  const { newUser } = useServices({ on });

  /** A new user, with an embedder that has not failed yet. */
  async function userWithEmbedder(): Promise<Deps> {
    const endpoint = { baseUrl: server.url, name: 'meanings', apiKey: null, timeoutMs: 60_000 };
    return { ...(await newUser()), embedder: await createEmbedderClient(endpoint, openLog('silent')) };
  }
  const EVERYTHING = {
    kinds: null,
    tagsAll: null,
    tagsAny: null,
    conversationId: null,
    contentContains: null,
    includeExpired: true,
    includeSuperseded: true,
  };
  const similar = (deps: Deps, required = false) =>
    findSimilarMemories(deps, { query: 'bees', filter: EVERYTHING, limit: 10, required });

  async function saveEmbedded(deps: Deps, content: string, embedding: number[], model = 'meanings'): Promise<string> {
    const { memory } = await saveMemory(deps, { content });
    await deps.database.prisma.memoryEmbedding.create({ data: { memoryId: memory.id, model, embedding } });
    return memory.id;
  }

  it('the closest come first; vectors of another model or another length are passed over', async () => {
    const ann = await userWithEmbedder();
    server.embedBy(() => ({ data: [{ index: 0, embedding: [3, 4] }] }));
    const ships = await saveEmbedded(ann, 'Counts ships.', [0, 1]);
    const apiary = await saveEmbedded(ann, 'Keeps an apiary.', [0.6, 0.8]);
    await saveEmbedded(ann, 'Sings in a choir.', [1, 0, 0]);
    await saveEmbedded(ann, 'Paints in oil.', [0.6, 0.8], 'of last year');
    const found = await similar(ann);
    expect(found?.map(({ memoryId }) => memoryId)).toEqual([apiary, ships]);
    expect(found?.[0]?.similarity).toBeCloseTo(1, 6);
    expect(found?.[1]?.similarity).toBeCloseTo(0.8, 6);
    expect(await similar({ ...ann, embedder: null })).toBeNull();
  });

  it('an embedder that does not answer in time is not waited for, nor asked again at once', async () => {
    const ann = await userWithEmbedder();
    server.embedBy(() => new Promise(() => {}));
    const elapsedMs = startStopwatch();
    expect(await similar(ann)).toBeNull();
    expect(elapsedMs()).toBeLessThan(3_000);
    const asked = server.embeddings.length;
    server.embedBy(embedMeanings);
    expect(await similar(ann)).toBeNull();
    expect(server.embeddings).toHaveLength(asked);
    expect(await similar(ann, true)).toEqual([]);
    const inAMinute = () => new Date(Date.now() + 60_000);
    expect(await similar({ ...ann, now: inAMinute })).toEqual([]);
  });

  it('an embedder that refuses one query is asked the next', async () => {
    const ann = await userWithEmbedder();
    server.embedBy(() => 400);
    expect(await similar(ann)).toBeNull();
    await expect(similar(ann, true)).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    server.embedBy(embedMeanings);
    expect(await similar(ann)).toEqual([]);
  });
});
