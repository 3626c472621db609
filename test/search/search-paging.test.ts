import { describe, expect, it } from 'vitest';
import { embedWords, useModelServer } from '../support/model-server.ts';
import {
  AddMessages,
  CreateConversation,
  ImportTranscript,
  SaveMemory,
  SearchMemories,
  SearchMessages,
  SearchTranscripts,
} from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type App, useParley } from '../support/use-parley.ts';

type Owner = Awaited<ReturnType<App['user']>>;
type Page = { first: number; offset?: number };
type Result = { found: boolean; mode: string; tookMs: number; ids: string[] };

/** More than one page of the greatest size, and less than is ranked. */
const ROWS = 120;
/** Every third says the same, so that many have the same score. */
const texts = Array.from({ length: ROWS }, (_, n) => (n % 3 === 0 ? 'A lighthouse.' : `The lighthouse number ${n}.`));

const app = useParley();

const SEARCHES: [string, (owner: Owner) => Promise<void>, (owner: Owner, page: Page) => Promise<Result>][] = [
  [
    'searchMessages',
    async (owner) => {
      const { createConversation } = await owner.ask(CreateConversation, { input: {} });
      const conversationId = createConversation?.conversation.id as string;
      for (const part of [texts.slice(0, 100), texts.slice(100)]) {
        const messages = part.map((content) => ({ role: 'USER' as const, content }));
        await owner.ask(AddMessages, { input: { conversationId, messages } });
      }
    },
    async (owner, page) => {
      const { searchMessages } = await owner.ask(SearchMessages, { query: 'lighthouse', ...page });
      return { ...searchMessages, ids: searchMessages.matches.map(({ message }) => message.id) };
    },
  ],
  [
    'searchMemories',
    async (owner) => {
      await sql(
        app.database,
        `INSERT INTO memories (id, owner_id, content, kind, tags, importance)
         SELECT gen_random_uuid(), (SELECT id FROM users WHERE username = $1), content, 'FACT', '{}', 0.5
         FROM unnest($2::text[]) AS c(content)`,
        [owner.username, texts],
      );
    },
    async (owner, page) => {
      const { searchMemories } = await owner.ask(SearchMemories, { query: 'lighthouse', ...page });
      return { ...searchMemories, ids: searchMemories.matches.map(({ memory }) => memory.id) };
    },
  ],
  [
    'searchTranscripts',
    async (owner) => {
      const cues = texts.map((text, n) => {
        const second = `00:0${Math.floor(n / 60)}:${String(n % 60).padStart(2, '0')}`;
        return `${second}.000 --> ${second}.900\n${text}\n`;
      });
      const content = `WEBVTT\n\n${cues.join('\n')}`;
      await owner.ask(ImportTranscript, { input: { title: 'Lights', format: 'VTT', content } });
    },
    async (owner, page) => {
      const { searchTranscripts } = await owner.ask(SearchTranscripts, { query: 'lighthouse', ...page });
      return { ...searchTranscripts, ids: searchTranscripts.matches.map(({ segment }) => segment.id) };
    },
  ],
];

describe.each(SEARCHES)('the pages of %s', (name, write, search) => {
  it('follow one another without gap or overlap, and say the same of the whole', async () => {
    const ann = await app.user();
    await write(ann);
    const whole = await search(ann, { first: 100 });
    expect(whole).toMatchObject({ found: true, mode: 'LEXICAL' });
    expect(whole.tookMs).toBeGreaterThan(0);
    const paged: string[] = [];
    for (let offset = 0; offset < ROWS; offset += 16) {
      const page = await search(ann, { first: 16, offset });
      expect(page.ids).toHaveLength(Math.min(16, ROWS - offset));
      expect(page).toMatchObject({ found: true, mode: 'LEXICAL' });
      paged.push(...page.ids);
    }
    expect(paged.slice(0, 100)).toEqual(whole.ids);
    expect(new Set(paged).size).toBe(ROWS);
    expect(await search(ann, { first: 20, offset: ROWS })).toMatchObject({ found: true, ids: [] });
    expect(await search(ann, { first: 0 })).toMatchObject({ found: true, ids: [] });
  });

  it('reach no further than what is ranked', async () => {
    const ann = await app.user();
    const operation = `query ($first: Int, $offset: Int) { ${name}(query: "x", first: $first, offset: $offset) { found } }`;
    for (const page of [
      { offset: -1 },
      { first: 0, offset: 201 },
      { first: 100, offset: 101 },
      { offset: 2 ** 31 - 1 },
    ]) {
      const { errors } = await ann.send(operation, page);
      expect({ page, errors }).toMatchObject({
        errors: [{ message: expect.stringContaining('200'), extensions: { code: 'BAD_USER_INPUT', field: 'offset' } }],
      });
    }
    for (const page of [
      { first: 0, offset: 200 },
      { first: 100, offset: 100 },
      { first: null, offset: null },
    ]) {
      expect(await ann.ask(operation, page)).toEqual({ [name]: { found: false } });
    }
  });
});

describe('with an embedder', async () => {
  const server = await useModelServer();
  server.embedBy(embedWords);
  const app = useParley({ env: { EMBEDDING_BASE_URL: server.url, EMBEDDING_MODEL: 'words' } });

  it.each(['SEMANTIC', 'HYBRID'] as const)('pages of mode %s follow one another too', async (mode) => {
    const ann = await app.user();
    const places = 'Ankara Bergen Calais Dakar Essen Fukuoka Geneva Hobart Izmir Jakarta Kampala Limerick'.split(' ');
    const contents = places.map((place) => `Lighthouse of ${place}.`);
    for (const content of contents) await ann.ask(SaveMemory, { input: { content } });
    const search = async (page: Page) => {
      const { searchMemories } = await ann.ask(SearchMemories, { query: 'lighthouse', mode, ...page });
      return { ...searchMemories, ids: searchMemories.matches.map(({ memory }) => memory.id) };
    };
    const whole = await until(
      () => search({ first: 100 }),
      ({ matches }) => matches.filter(({ explanation }) => explanation.semantic !== null).length === contents.length,
    );
    const paged: string[] = [];
    for (let offset = 0; offset < contents.length; offset += 5) {
      paged.push(...(await search({ first: 5, offset })).ids);
    }
    expect(paged).toEqual(whole.ids);
    expect(new Set(paged).size).toBe(contents.length);
    expect(await search({ first: 5, offset: contents.length })).toMatchObject({ found: true, mode, ids: [] });
  });
});
