/**
 * How long searches take: `npm run bench:search-speed` fills a database of its own with 100,000 memories of one owner and
 * 1,000,000 messages, 400 of each of 1,000 owners and the rest of one, and asks 300 queries of 1 to 8 words of each: common
 * and rare ones, some misspelt. Takes some minutes. BENCH_DATABASE_URL names a PostgreSQL to make a database on.
 */
import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES } from '#domain/memories/filter.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import { createUser, openServices } from '../test/support/services.ts';
import { makeDatabase } from './support/database.ts';
import { fill } from './support/search-fill.ts';
import { randomNumbers, speechOf, vocabulary } from './support/search-words.ts';

const OWNERS = 1_000;
const QUERIES = 300;
const random = randomNumbers(7);
const speech = speechOf(vocabulary(random), random);

const database = await makeDatabase();
const services = await openServices({ DATABASE_URL: database.url });
try {
  const [rememberer, talker] = [await createUser(services), await createUser(services)];
  const others: Deps[] = [];
  for (let count = 0; count < OWNERS; count += 1) others.push(await createUser(services));
  await fill(database.url, speech, {
    memories: [{ owner: rememberer.actor.userId, rows: 100_000 }],
    messages: [
      ...others.map(({ actor }) => ({ owner: actor.userId, rows: 400 })),
      { owner: talker.actor.userId, rows: 600_000 },
    ],
  });
  const mode = 'LEXICAL';
  await measure('100,000 memories of one owner', (query) =>
    searchMemories(rememberer, { query, filter: ACTIVE_MEMORIES, mode, limit: 10 }),
  );
  const messages = { conversationId: null, archived: null, limit: 20 };
  await measure('400 of 1,000,000 messages', (query, index) =>
    searchMessages(others[index % OWNERS] ?? talker, { query, ...messages }),
  );
  await measure('600,000 of 1,000,000 messages', (query) => searchMessages(talker, { query, ...messages }));
} finally {
  await services.close();
  await database.drop();
}

async function measure(name: string, ask: (query: string, index: number) => Promise<unknown>): Promise<void> {
  const queries = Array.from({ length: QUERIES }, speech.query);
  for (const [index, query] of queries.slice(0, 50).entries()) await ask(query, index);
  const took: number[] = [];
  for (const [index, query] of queries.entries()) {
    const startedAt = performance.now();
    await ask(query, index);
    took.push(performance.now() - startedAt);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => `${took[Math.floor(took.length * share)]?.toFixed(1)} ms`.padStart(9);
  console.log(`${name.padEnd(32)} p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`);
}
