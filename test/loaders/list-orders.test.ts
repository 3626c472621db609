import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, processToEnd } from '../support/fixtures.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

let ann: Client & { id: string };
let bob: Client;

/** Titles and contents whose order and letters differ by case, accents and niqqud. */
const TEXTS = ['Éclair', 'apple', 'Zebra', 'שָׁלוֹם עולם', 'Banana', 'eclipse', 'ÉCLAIR two', 'שלום', 'ÇA VA'];
const IN_ORDER = ['apple', 'Banana', 'ÇA VA', 'Éclair', 'ÉCLAIR two', 'eclipse', 'Zebra', 'שלום', 'שָׁלוֹם עולם'];

const EPISODE = 'mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { episode { id } } }';
const MEMORY = 'mutation ($input: SaveMemoryInput!) { saveMemory(input: $input) { memory { id } } }';
const VTT = 'WEBVTT\n\n00:01.000 --> 00:03.000\nHello.\n';

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];

beforeAll(async () => {
  [ann, bob] = [await app.user(), await app.user()];
  for (const [index, text] of TEXTS.entries()) {
    await ann.ask(EPISODE, { input: { title: text, format: 'VTT', content: VTT } });
    // Some are as important as others: their ids decide.
    await ann.ask(MEMORY, { input: { content: text, importance: (index % 3) / 2 } });
  }
  await bob.ask(EPISODE, { input: { title: 'Apple of Bob', format: 'VTT', content: VTT } });
  await bob.ask(MEMORY, { input: { content: 'Apple of Bob' } });
  for (let count = 0; count < 2; count += 1) await processToEnd(ann, await makeEpisode(ann, 60));
  await processToEnd(bob, await makeEpisode(bob, 60));
});

type Page = {
  totalCount: number;
  edges: { cursor: string; node: Record<string, any> & { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
};

/** A page of a list of root fields; `args` are as GraphQL has them. */
async function page(client: Client, list: string, args: string, fields: string): Promise<Page> {
  const query = `{ ${list}(${args}) { totalCount edges { cursor node { id ${fields} } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  return (await client.ask(query))[list];
}

/** The list as pages of four have it, from its beginning and from its end. */
async function bothWays(client: Client, list: string, args: string): Promise<[string[], string[]]> {
  const forward: string[] = [];
  const backward: string[] = [];
  for (let after = ''; ; ) {
    const { edges, pageInfo } = await page(client, list, `${args}, first: 4 ${after}`, '');
    forward.push(...edges.map(({ node }) => node.id));
    if (!pageInfo.hasNextPage) break;
    after = `, after: "${pageInfo.endCursor}"`;
  }
  for (let before = ''; ; ) {
    const { edges, pageInfo } = await page(client, list, `${args}, last: 4 ${before}`, '');
    backward.unshift(...edges.map(({ node }) => node.id));
    if (!pageInfo.hasPreviousPage) break;
    before = `, before: "${pageInfo.startCursor}"`;
  }
  return [forward, backward];
}

type Node = Page['edges'][number]['node'];
const byNumber = (key: string) => (a: Node, b: Node) => a[key] - b[key];
const byText = (key: string) => (a: Node, b: Node) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
const ORDERS: [list: string, order: string, fields: string, compare: (a: Node, b: Node) => number][] = [
  ['memories', 'CREATED_ASC', 'createdAt', byText('createdAt')],
  ['memories', 'CREATED_DESC', 'createdAt', (a, b) => byText('createdAt')(b, a)],
  ['memories', 'UPDATED_DESC', 'updatedAt', (a, b) => byText('updatedAt')(b, a)],
  ['memories', 'IMPORTANCE_DESC', 'importance', (a, b) => byNumber('importance')(b, a)],
  ['episodes', 'CREATED_ASC', 'createdAt', byText('createdAt')],
  ['episodes', 'CREATED_DESC', 'createdAt', (a, b) => byText('createdAt')(b, a)],
  ['clips', 'SCORE_DESC', 'score', (a, b) => byNumber('score')(b, a)],
  ['clips', 'CREATED_DESC', 'createdAt', (a, b) => byText('createdAt')(b, a)],
  ['jobs', 'QUEUED_ASC', 'queuedAt', byText('queuedAt')],
  ['jobs', 'QUEUED_DESC', 'queuedAt', (a, b) => byText('queuedAt')(b, a)],
];

describe('the order of a list', () => {
  it.each(ORDERS)('%s by %s', async (list, order, fields, compare) => {
    const { edges, totalCount } = await page(ann, list, `orderBy: ${order}, first: 100`, fields);
    const nodes = edges.map(({ node }) => node);
    expect(nodes.length).toBeGreaterThan(1);
    expect(totalCount).toBe(nodes.length);
    expect(nodes).toEqual(nodes.toSorted(compare));
    const ids = nodes.map(({ id }) => id);
    expect(await bothWays(ann, list, `orderBy: ${order}`)).toEqual([ids, ids]);
    const others = (await page(bob, list, `orderBy: ${order}, first: 100`, '')).edges;
    expect(others.length).toBeGreaterThan(0);
    for (const { node } of others) expect(ids).not.toContain(node.id);
  });

  it('of jobs by their last change brings the one that changed to the top', async () => {
    const jobs = async () => (await page(ann, 'jobs', 'orderBy: UPDATED_DESC', '')).edges.map(({ node }) => node.id);
    const last = (await jobs()).at(-1) as string;
    await sql(app.database, 'UPDATE jobs SET updated_at = now() WHERE id = $1', [rowId(last)]);
    const ids = await jobs();
    expect(ids[0]).toBe(last);
    expect(await bothWays(ann, 'jobs', 'orderBy: UPDATED_DESC')).toEqual([ids, ids]);
  });

  it('of episodes by title knows neither case nor accents, in Latin and in Hebrew', async () => {
    const { edges } = await page(ann, 'episodes', 'orderBy: TITLE_ASC, first: 100', 'title');
    const titles = edges.map(({ node }) => node.title).filter((title) => title !== 'The bridge');
    expect(titles).toEqual(IN_ORDER);
    const ids = edges.map(({ node }) => node.id);
    expect(await bothWays(ann, 'episodes', 'orderBy: TITLE_ASC')).toEqual([ids, ids]);
  });

  it('of clips by their start goes through one episode after the other', async () => {
    const { edges } = await page(ann, 'clips', 'orderBy: START_ASC, first: 100', 'startSeconds episode { id }');
    const [first, ...rest] = Object.values(Object.groupBy(edges, ({ node }) => node.episode.id));
    expect(rest).toHaveLength(1);
    expect(edges.slice(0, first?.length).every(({ node }) => node.episode.id === edges[0]?.node.episode.id)).toBe(true);
    const starts = first?.map(({ node }) => node.startSeconds) ?? [];
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    const ids = edges.map(({ node }) => node.id);
    expect(await bothWays(ann, 'clips', 'orderBy: START_ASC')).toEqual([ids, ids]);
  });

  it('refuses the cursor of another order', async () => {
    const { pageInfo } = await page(ann, 'memories', 'first: 1', '');
    const { errors } = await ann.send(
      `{ memories(orderBy: IMPORTANCE_DESC, after: "${pageInfo.endCursor}") { edges { node { id } } } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }]);
  });
});

describe('a text filter', () => {
  const found = async (list: string, filter: string, field: string) =>
    (await page(ann, list, `filter: { ${filter} }, first: 100`, field)).edges.map(({ node }) => node[field]).toSorted();

  it.each([
    ['éclair', ['Éclair', 'ÉCLAIR two']],
    ['ECL', ['eclipse', 'Éclair', 'ÉCLAIR two']],
    ['ça', ['ÇA VA']],
    ['שלום', ['שלום', 'שָׁלוֹם עולם']],
    ['שָׁלוֹם', ['שלום', 'שָׁלוֹם עולם']],
    ['%', []],
    ['of Bob', []],
  ])('finds %s', async (text, texts) => {
    expect(await found('memories', `contentContains: "${text}"`, 'content')).toEqual(texts.toSorted());
    expect(await found('episodes', `titleContains: "${text}"`, 'title')).toEqual(texts.toSorted());
  });

  it('of memories holds in a search too', async () => {
    const search = (filter: string) =>
      ann.ask(`{ searchMemories(query: "שלום", filter: { ${filter} }) { matches { memory { content } } } }`);
    const contents = async (filter: string) =>
      (await search(filter)).searchMemories.matches.map(({ memory }: any) => memory.content);
    expect(await contents('')).toHaveLength(2);
    expect(await contents('contentContains: "עולם"')).toEqual(['שָׁלוֹם עולם']);
  });

  it('of clips goes by their titles', async () => {
    const titles = await found('clips', '', 'title');
    const word = titles[0].split(' ')[0] as string;
    const some = await found('clips', `titleContains: "${word.toUpperCase()}"`, 'title');
    expect(some).toEqual(titles.filter((title) => title.toLowerCase().includes(word.toLowerCase())));
  });

  it.each([
    ['memories', 'contentContains'],
    ['episodes', 'titleContains'],
    ['clips', 'titleContains'],
    ['jobs', 'errorContains'],
  ])('of %s has a limit', async (list, field) => {
    const { errors } = await ann.send(`{ ${list}(filter: { ${field}: "${'x'.repeat(501)}" }) { totalCount } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: `filter.${field}` } }]);
  });
});

describe('clips across episodes', () => {
  it('are those with the score, platform and genre that are asked for', async () => {
    const all = (await page(ann, 'clips', 'first: 100', 'score platform genre')).edges.map(({ node }) => node);
    expect(new Set(all.map(({ genre }) => genre))).toEqual(new Set(['GENERAL']));
    const middle = all[Math.floor(all.length / 2)]?.score;
    const good = await page(ann, 'clips', `filter: { minScore: ${middle}, platforms: [TIKTOK] }, first: 100`, '');
    const expected = all.filter(({ score, platform }) => score >= middle && platform === 'TIKTOK');
    expect(expected.length).toBeGreaterThan(0);
    expect(good.edges.map(({ node }) => node.id)).toEqual(expected.map(({ id }) => id));
    expect((await page(ann, 'clips', 'filter: { genres: [NEWS] }', '')).totalCount).toBe(0);
  });

  it.each([-0.1, 1.1])('refuse %d as the least score', async (minScore) => {
    const { errors } = await ann.send(`{ clips(filter: { minScore: ${minScore} }) { totalCount } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'filter.minScore' } }]);
  });
});

describe('jobs', () => {
  it('of a time are those that were put in the queue in it', async () => {
    const { edges } = await page(ann, 'jobs', 'orderBy: QUEUED_ASC', 'queuedAt');
    const [first, second] = edges.map(({ node }) => node);
    const during = (from: string, before: string) =>
      page(ann, 'jobs', `filter: { queuedFrom: "${from}", queuedBefore: "${before}" }`, '');
    const found = await during(first?.queuedAt, second?.queuedAt);
    expect(found.edges.map(({ node }) => node.id)).toEqual([first?.id]);
  });

  it('are found by the words of their error', async () => {
    const failed = await processToEnd(ann, await makeEpisode(ann, 2));
    expect(failed.status).toBe('FAILED');
    const found = await page(ann, 'jobs', 'filter: { errorContains: "WHOLE sentences" }', '');
    expect(found.edges.map(({ node }) => node.id)).toEqual([failed.id]);
    expect((await page(ann, 'jobs', 'filter: { errorContains: "no such words" }', '')).totalCount).toBe(0);
  });

  it('of all users are for ADMINs, who may read each of them', async () => {
    const mine = await page(bob, 'jobs', 'first: 100', '');
    const everybody = await page(app.admin, 'jobs', 'allUsers: true, first: 100', 'requestedBy { username }');
    const ids = everybody.edges.map(({ node }) => node.id);
    for (const { node } of mine.edges) expect(ids).toContain(node.id);
    expect(new Set(everybody.edges.map(({ node }) => node.requestedBy.username)).size).toBeGreaterThan(1);
    const [forward, backward] = await bothWays(app.admin, 'jobs', 'allUsers: true, orderBy: UPDATED_DESC');
    expect(backward).toEqual(forward);
    expect(forward.toSorted()).toEqual(ids.toSorted());
    const id = mine.edges[0]?.node.id;
    expect((await app.admin.ask('query ($id: ID!) { job(id: $id) { id } }', { id })).job).toEqual({ id });
    const { errors } = await bob.send('{ jobs(allUsers: true) { totalCount } }');
    expect(errors).toMatchObject([{ message: expect.stringContaining('ADMIN'), extensions: { code: 'FORBIDDEN' } }]);
    const asUser = await app.admin.ask('{ jobs { totalCount } }');
    expect(asUser.jobs.totalCount).toBe(0);
  });
});
