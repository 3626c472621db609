import { describe, expect, it } from 'vitest';
import { normalizeSearchWord } from '#domain/text/tokenizers.ts';
import type { DatabaseKind } from '../support/databases.ts';
import type { Locale } from '../support/locales.ts';
import {
  AddMessages,
  Conversations,
  CreateConversation,
  ImportTranscript,
  SaveMemory,
  SearchMessages,
  SearchTranscripts,
} from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const Episodes = /* GraphQL */ `query ($titleContains: String!) {
  episodes(filter: { titleContains: $titleContains }) { edges { node { title } } }
}`;

const DATABASES: [string, { on?: DatabaseKind; locale?: Locale }][] = [
  ['a database whose locale is C', { locale: 'C' }],
  ['a database whose locale is C.UTF-8', { locale: 'C.UTF-8' }],
  ['a Turkish database', { locale: 'ICU' }],
  ['the embedded database', { on: 'embedded' }],
];

const LETTERS =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** Letters of Unicode 16 and 17, which a C library may not know yet: then they separate words. */
const NEW_LETTERS = /[\u088f\u1c89\u1c8a]/;

/** Characters of the scripts with cases and of those written from right to left, and every sign between U+0080 and U+2BFF. */
const CHARACTERS = Array.from({ length: 0x2b80 }, (_, at) => String.fromCodePoint(at + 0x80)).filter(
  (character) =>
    /[^\p{L}\p{M}\p{N}\p{Cn}\p{Cc}]/u.test(character) ||
    (LETTERS.test(character) && /\p{L}/u.test(character) && !NEW_LETTERS.test(character)),
);

describe.each(DATABASES)('%s', (_name, options) => {
  const app = useParley(options);

  it('has names that are found where they are misspelt, in every script and case', async () => {
    const ann = await app.user();
    const { createConversation } = await ann.ask(CreateConversation, { input: {} });
    const conversationId = createConversation?.conversation.id as string;
    const contents = [
      'אלכסנדרה גרה בחיפה',
      'ΟΔΥΣΣΕΑΣ came home',
      'ЕКАТЕРИНА поёт',
      'Zoë Łukaszewska IRIS',
      'nothing',
      'nothing',
    ];
    const messages = contents.map((content) => ({ role: 'USER' as const, content }));
    await ann.ask(AddMessages, { input: { conversationId, messages } });
    const first = async (query: string) =>
      (await ann.ask(SearchMessages, { query })).searchMessages.matches[0]?.message.content;
    for (const query of ['אלכסנדרא', 'לאלכסנדרה']) expect(await first(query)).toBe(contents[0]);
    for (const query of ['οδυσσέας', 'Οδυσέας']) expect(await first(query)).toBe(contents[1]);
    for (const query of ['екатерина', 'Катерина екатирина', '«ЕКАТЕРИНА»'])
      expect(await first(query)).toBe(contents[2]);
    for (const query of ['łukaszewska', 'ŁUKASEWSKA', 'zoe', 'iris']) expect(await first(query)).toBe(contents[3]);
  });

  it('has one memory for what is said twice in another case, with another point or letter', async () => {
    const ann = await app.user();
    const save = async (content: string) => (await ann.ask(SaveMemory, { input: { content } })).saveMemory?.merged;
    expect(await save('Меня зовут Екатерина, и я живу в Петербурге')).toBe(false);
    expect(await save('МЕНЯ ЗОВУТ ЕКАТЕРИНА И Я ЖИВУ В ПЕТЕРБУРГЕ!')).toBe(true);
    expect(await save('קוראים לי אלכסנדרה ואני גרה בירושלים עם שתי החתולות שלי')).toBe(false);
    expect(await save('קוראים לי אלכסנדרה, ואני גרה בירושלים עם שתי החתולות שלי!')).toBe(true);
    expect(await save('קוראים לי יעל ואני גרה בחיפה עם שתי החתולות שלי')).toBe(false);
    expect(await save('קוראים לי יעל ואני עובדת בחיפה בבית ספר גדול')).toBe(false);
  });

  it('has titles that are filtered and sorted without case, page by page', async () => {
    const ann = await app.user();
    const titles = [
      'Ärger',
      'ÉCOLE',
      'été',
      'ПРИВЕТ',
      'привал',
      'zebra',
      'Apple',
      'İstanbul',
      'istanbul 2',
      'ΣΊΣΥΦΟΣ',
      null,
    ];
    for (const title of titles) await ann.ask(CreateConversation, { input: { title } });
    const listed = async (variables: object) => (await ann.ask(Conversations, variables)).conversations;
    const containing = async (titleContains: string) =>
      (await listed({ filter: { titleContains }, orderBy: 'TITLE_ASC' })).edges.map(({ node }) => node.title);
    expect(await containing('école')).toEqual(['ÉCOLE']);
    expect(await containing('ÉTÉ')).toEqual(['été']);
    expect(await containing('ПриВ')).toEqual(['привал', 'ПРИВЕТ']);
    expect(await containing('ISTANBUL')).toEqual(['İstanbul', 'istanbul 2']);
    expect(await containing('σίσυφος')).toEqual(['ΣΊΣΥΦΟΣ']);

    const paged: (string | null)[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo } = await listed({ first: 2, after, orderBy: 'TITLE_ASC' });
      paged.push(...edges.map(({ node }) => node.title ?? null));
      [after, more] = [pageInfo.endCursor ?? null, pageInfo.hasNextPage];
    }
    const sorted = [
      null,
      'Apple',
      'Ärger',
      'ÉCOLE',
      'été',
      'İstanbul',
      'istanbul 2',
      'zebra',
      'ΣΊΣΥΦΟΣ',
      'привал',
      'ПРИВЕТ',
    ];
    expect(paged).toEqual(sorted);

    const content = 'WEBVTT\n\n00:01.000 --> 00:04.000\n<v ÉLODIE>Привет мир.\n';
    await ann.ask(ImportTranscript, { input: { title: 'ÉPISODE Один', format: 'VTT', content } });
    const { episodes } = await ann.ask(Episodes, { titleContains: 'épisode ОДИН' });
    expect(episodes.edges).toHaveLength(1);
    const { searchTranscripts } = await ann.ask(SearchTranscripts, { query: 'élodie' });
    expect(searchTranscripts.matches).toHaveLength(1);
  });
});

describe('every letter', () => {
  const apps = DATABASES.slice(0, 3).map(([, options]) => useParley(options));

  it('is spelt for search as our own code spells it, and separates words or not, in databases of every locale alike', async () => {
    const read = (database: (typeof apps)[number]['database']) =>
      sql<{ normal: string; vector: string; speaker: string | null }>(
        database,
        `SELECT search_normal(c) AS normal, search_vector(NULL, 'x' || c || 'y Z' || c)::text AS vector, search_speaker(NULL, c || 'a: b') AS speaker
         FROM unnest($1::text[]) WITH ORDINALITY AS u(c, at) ORDER BY at`,
        [CHARACTERS],
      );
    const [c, utf8, turkish] = await Promise.all(apps.map(({ database }) => read(database)));
    expect(c).toHaveLength(CHARACTERS.length);
    expect(utf8).toEqual(c);
    expect(turkish).toEqual(c);
    // A few letters fall apart into a letter and a sign, which separates words: Ŀ is L and ·.
    const spell = (letter: string) =>
      normalizeSearchWord(letter)
        .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
        .trim();
    for (const [at, letter] of CHARACTERS.entries()) {
      if (/\p{L}/u.test(letter)) expect(c?.[at]?.normal.trim(), letter).toBe(spell(letter));
    }
  });
});
