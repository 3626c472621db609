import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { SaveMemoryInput } from '../generated/graphql.ts';

import type { Client } from '../support/client.ts';
import { clientOf } from '../support/client.ts';
import {
  AddMessages,
  CreateConversation,
  DeleteConversation,
  DeleteMemory,
  ImportTranscript,
  SaveMemory,
  SearchMemories,
  SearchMessages,
  SearchTranscripts,
  UpdateConversation,
  UpdateMemory,
} from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

type NewMessage = string | { content: string; role?: 'USER' | 'ASSISTANT'; metadata?: object; sentAt?: string };

/** Makes a conversation with these messages, of the user where no role is given, and returns its id. */
async function talk(owner: Client, ...messages: NewMessage[]): Promise<string> {
  const { createConversation } = await owner.ask(CreateConversation, { input: {} });
  const conversationId = createConversation?.conversation.id as string;
  const inputs = messages.map((message) => ({
    role: 'USER' as const,
    ...(typeof message === 'string' ? { content: message } : message),
  }));
  await owner.ask(AddMessages, { input: { conversationId, messages: inputs } });
  return conversationId;
}

async function remember(owner: Client, ...contents: (string | SaveMemoryInput)[]): Promise<string[]> {
  const ids = [];
  for (const content of contents) {
    const input = typeof content === 'string' ? { content } : content;
    ids.push((await owner.ask(SaveMemory, { input })).saveMemory?.memory.id as string);
  }
  return ids;
}

async function messagesFor(viewer: Client, query: string, more: object = {}): Promise<string[]> {
  const { searchMessages } = await viewer.ask(SearchMessages, { query, ...more });
  return searchMessages.matches.map(({ message }) => message.content);
}

async function memoriesFor(viewer: Client, query: string, more: object = {}) {
  const { searchMemories } = await viewer.ask(SearchMemories, { query, ...more });
  return { ...searchMemories, contents: searchMemories.matches.map(({ memory }) => memory.content) };
}

describe('whose rows', () => {
  it('are found: never those of another user who uses the same words', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const secret = 'The harbour keeps a golden anchor.';
    for (const owner of [ann, bob]) {
      await talk(owner, secret);
      await remember(owner, secret);
      const content = `WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n${secret}\n`;
      await owner.ask(ImportTranscript, { input: { title: 'Harbour', format: 'VTT', content } });
    }
    const carl = await app.user();
    const everything = /* GraphQL */ `{
      searchMessages(query: "golden anchor") { found matches { message { id conversation { owner { id } } } } }
      searchMemories(query: "golden anchor") { found matches { memory { owner { id } } } }
      searchTranscripts(query: "golden anchor") { found matches { episode { owner { id } } } }
    }`;
    for (const owner of [ann, bob]) {
      const found = await owner.ask(everything);
      expect(found.searchMessages.matches.map(({ message }: any) => message.conversation.owner.id)).toEqual([owner.id]);
      expect(found.searchMemories.matches.map(({ memory }: any) => memory.owner.id)).toEqual([owner.id]);
      expect(found.searchTranscripts.matches.map(({ episode }: any) => episode.owner.id)).toEqual([owner.id]);
    }
    expect(await carl.ask(everything)).toEqual({
      searchMessages: { found: false, matches: [] },
      searchMemories: { found: false, matches: [] },
      searchTranscripts: { found: false, matches: [] },
    });
  });

  it("are not reached through somebody else's conversation or episode", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const hers = await talk(ann, 'The lighthouse is red.');
    await talk(bob, 'The lighthouse is green.');
    expect(await messagesFor(bob, 'lighthouse', { conversationId: hers })).toEqual([]);
    expect((await memoriesFor(bob, 'lighthouse', { filter: { conversationId: hers } })).found).toBe(false);
  });

  it('do not lend their words to the typing errors of others', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await talk(ann, 'Penelope paints porcelain.');
    await talk(bob, 'Nothing to see.');
    expect(await messagesFor(bob, 'Penelopee')).toEqual([]);
  });
});

describe('what is written', () => {
  it('is found by the next request, and not once it is deleted', async () => {
    const ann = await app.user();
    const id = await talk(ann, 'My umbrella is in the attic.');
    expect(await messagesFor(ann, 'umbrella')).toEqual(['My umbrella is in the attic.']);
    await ann.ask(DeleteConversation, { id });
    expect(await messagesFor(ann, 'umbrella')).toEqual([]);
    const [memory] = await remember(ann, 'Keeps a canoe by the lake.');
    expect((await memoriesFor(ann, 'canoe')).contents).toEqual(['Keeps a canoe by the lake.']);
    await ann.ask(UpdateMemory, { input: { memoryId: memory as string, content: 'Keeps a kayak by the lake.' } });
    expect((await memoriesFor(ann, 'canoe')).contents).toEqual([]);
    expect((await memoriesFor(ann, 'kayak')).contents).toEqual(['Keeps a kayak by the lake.']);
    await ann.ask(DeleteMemory, { id: memory as string });
    expect((await memoriesFor(ann, 'kayak')).found).toBe(false);
  });

  it('is in the index in the transaction that writes it, and gone with its rollback', async () => {
    const ann = await app.user();
    await talk(ann, 'A word before.');
    const write = (content: string, then: string) =>
      sql(
        app.database,
        `WITH written AS (
           INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
           SELECT gen_random_uuid(), conversation_id, owner_id, max(sequence) + 1, 'USER', $2 FROM messages
           WHERE owner_id = (SELECT id FROM users WHERE username = $1) GROUP BY 2, 3 RETURNING search
         ) SELECT ${then} AS result FROM written`,
        [ann.username, content],
      );
    expect(await write('The zeppelin landed.', `search @@ 'zeppelin'::tsquery`)).toEqual([{ result: true }]);
    expect((await messagesFor(ann, 'zeppelin'))[0]).toBe('The zeppelin landed.');
    await expect(write('The hovercraft sank.', '1 / (length(search) - length(search))')).rejects.toThrow(
      'division by zero',
    );
    expect(await messagesFor(ann, 'hovercraft')).toEqual([]);
  });

  it('waits for nobody who is writing the same new words, as an import does for a while', async () => {
    const ann = await app.user();
    await talk(ann, 'A word before.');
    await talk(ann, 'Another word before.');
    const importing = new pg.Client({ connectionString: app.database.url });
    await importing.connect();
    const add = (client: { query: pg.Client['query'] }, order: string, content: string) =>
      client.query(
        `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
         SELECT gen_random_uuid(), id, owner_id, (SELECT max(sequence) + 1 FROM messages m WHERE m.conversation_id = conversations.id), 'USER', $2 FROM conversations
         WHERE owner_id = (SELECT id FROM users WHERE username = $1) ORDER BY id ${order} LIMIT 1`,
        [ann.username, content],
      );
    try {
      await importing.query('BEGIN');
      await add(importing, 'ASC', 'xylophone');
      const other = new pg.Client({ connectionString: app.database.url, lock_timeout: 5_000 });
      await other.connect();
      await add(other, 'DESC', 'accordion, xylophone').finally(() => other.end());
      await add(importing, 'ASC', 'accordion');
      await importing.query('COMMIT');
    } finally {
      await importing.end();
    }
    expect((await messagesFor(ann, 'xylofone')).toSorted()).toEqual(
      expect.arrayContaining(['accordion, xylophone', 'xylophone']),
    );
  });

  it('is stored however long its words are, and found where there is room for them', async () => {
    const ann = await app.user();
    const word = (n: number) => n.toString(36).padStart(4, 'a');
    const contents = [
      Array.from({ length: 40_000 }, (_, n) => word(n)).join(' '),
      Array.from({ length: 50_000 }, (_, n) =>
        String.fromCharCode(0x4e00 + (n % 20_000), 0x4e00 + Math.floor(n / 20_000), 115),
      ).join(' '),
      'x'.repeat(200_000),
      '㌖'.repeat(200_000),
      Array.from({ length: 66_000 }, (_, n) =>
        String.fromCharCode(0x3300 + (n % 88), 0x3300 + (Math.floor(n / 88) % 88)),
      ).join(' '),
      'ﷺ '.repeat(100_000),
    ].map((content) => content.slice(0, 200_000));
    await ann.ask(CreateConversation, { input: {} });
    for (const [index, content] of contents.entries()) {
      await sql(
        app.database,
        `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
         SELECT gen_random_uuid(), id, owner_id, $2, 'USER', $3 FROM conversations WHERE owner_id = (SELECT id FROM users WHERE username = $1)`,
        [ann.username, index + 1, content],
      );
    }
    expect((await messagesFor(ann, word(39_000)))[0]).toBe(contents[0]);
  });
});

describe('the filter', () => {
  it('tells archived conversations from others, and follows them when they are put away', async () => {
    const ann = await app.user();
    const id = await talk(ann, 'The telescope is broken.');
    await talk(ann, 'A telescope for my birthday!');
    expect(await messagesFor(ann, 'telescope')).toHaveLength(2);
    await ann.ask(UpdateConversation, { input: { conversationId: id, archived: true } });
    expect(await messagesFor(ann, 'telescope')).toHaveLength(2);
    expect(await messagesFor(ann, 'telescope', { archived: true })).toEqual(['The telescope is broken.']);
    expect(await messagesFor(ann, 'telescope', { archived: false })).toEqual(['A telescope for my birthday!']);
    expect(await messagesFor(ann, 'telescope', { conversationId: id })).toEqual(['The telescope is broken.']);
    expect(await messagesFor(ann, 'telescope', { conversationId: id, archived: false })).toEqual([]);
  });

  it('of memories: kinds, tags and conversation; expired and superseded ones only where they are asked for', async () => {
    const ann = await app.user();
    const conversationId = await talk(ann, 'hello');
    await remember(
      ann,
      { content: 'The violin lesson is on Monday.', kind: 'EVENT', tags: ['music', 'weekly'] },
      { content: 'Prefers the violin to the piano.', kind: 'PREFERENCE', tags: ['music'] },
      { content: 'The violin cost a fortune.', conversationId },
      { content: 'The violin is at the repair shop.', expiresAt: '2100-01-01T00:00:00Z' },
    );
    const find = async (filter: object) => (await memoriesFor(ann, 'violin', { filter })).contents.toSorted();
    expect(await find({})).toHaveLength(4);
    await sql(app.database, `UPDATE memories SET expires_at = now() WHERE expires_at IS NOT NULL`);
    expect(await find({})).toHaveLength(3);
    expect(await find({ kinds: ['EVENT'] })).toEqual(['The violin lesson is on Monday.']);
    expect(await find({ tagsAll: ['music', 'weekly'] })).toEqual(['The violin lesson is on Monday.']);
    expect(await find({ tagsAny: ['music'] })).toHaveLength(2);
    expect(await find({ conversationId })).toEqual(['The violin cost a fortune.']);
    expect(await find({ includeExpired: true })).toHaveLength(4);
    await sql(
      app.database,
      `UPDATE memories m SET superseded_by_id = n.id FROM memories n
       WHERE m.content LIKE 'Prefers the violin%' AND n.content LIKE 'The violin cost%' AND m.owner_id = n.owner_id`,
    );
    expect(await find({})).toHaveLength(2);
    expect(await find({ includeSuperseded: true })).toHaveLength(3);
  });

  it('narrows a search of transcripts to an episode', async () => {
    const ann = await app.user();
    const ids = [];
    for (const title of ['One', 'Two']) {
      const content = `WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n${title}: the glacier is melting.\n`;
      ids.push(
        (await ann.ask(ImportTranscript, { input: { title, format: 'VTT', content } })).importTranscript?.episode.id,
      );
    }
    const find = async (episodeId?: string) =>
      (await ann.ask(SearchTranscripts, { query: 'glacier', episodeId })).searchTranscripts.matches.map(
        ({ episode }) => episode.id,
      );
    expect((await find()).toSorted()).toEqual(ids.toSorted());
    expect(await find(ids[1])).toEqual([ids[1]]);
  });
});

describe('words', () => {
  it('are found in their other English forms, their own first', async () => {
    const ann = await app.user();
    await talk(
      ann,
      'She runs every morning.',
      'nothing',
      'nothing at all',
      'still nothing',
      'Running is what I like best.',
    );
    expect((await messagesFor(ann, 'running', { first: 2 }))[0]).toBe('Running is what I like best.');
    expect(await messagesFor(ann, 'running')).toContain('She runs every morning.');
  });

  it('are found in their irregular forms', async () => {
    const ann = await app.user();
    await talk(ann, 'Nora bought a cello.');
    await talk(ann, 'The children sang along.');
    expect(await messagesFor(ann, 'What did she buy?')).toEqual(['Nora bought a cello.']);
    expect(await messagesFor(ann, 'does any child sing')).toEqual(['The children sang along.']);
    expect(await messagesFor(ann, 'singing')).toEqual(['The children sang along.']);
    expect(await messagesFor(ann, 'how far '.repeat(1_000))).toEqual([]);
  });

  it('are found by words of the same meaning, and by the kind of thing that they name, after the words themselves', async () => {
    const [ann, dina] = [await app.user(), await app.user()];
    await talk(ann, 'The cello is out of tune.', 'Nora is an employee of the brewery.', 'A career is not everything.');
    expect(await messagesFor(ann, 'Which instruments does she play?')).toContain('The cello is out of tune.');
    expect((await messagesFor(ann, 'career'))[0]).toBe('A career is not everything.');
    await talk(dina, 'הכינור לא מכוון.');
    expect(await messagesFor(dina, 'על איזה כלי נגינה היא מנגנת?')).toEqual(['הכינור לא מכוון.']);
    expect((await memoriesFor(ann, 'instrument')).found).toBe(false);
    await remember(ann, 'Has a rabbit called Max.');
    expect(await memoriesFor(ann, 'Do I have a pet?')).toMatchObject({
      found: true,
      contents: ['Has a rabbit called Max.'],
    });
  });

  it('in Hebrew are found with prefixes and other endings, without, with niqqud, with quotes and with final letters', async () => {
    const only = async (...contents: string[]) => {
      const user = await app.user();
      for (const content of contents) await talk(user, content);
      return (query: string) => messagesFor(user, query);
    };
    const meeting = await only('הפגישה עם הרופא נקבעה ליום שלישי.', 'קניתי לחם וחלב במכולת.');
    expect(await meeting('פגישה')).toEqual(['הפגישה עם הרופא נקבעה ליום שלישי.']);
    expect(await meeting('בפגישה')).toEqual(['הפגישה עם הרופא נקבעה ליום שלישי.']);
    expect(await meeting('הפגישות')).toEqual(['הפגישה עם הרופא נקבעה ליום שלישי.']);
    expect(await meeting('הלחם')).toEqual(['קניתי לחם וחלב במכולת.']);
    const spelt = await only('שָׁלוֹם לְכֻלָּם', 'הוא שירת בצה"ל שלוש שנים', 'מכתב לַמֶּלֶךְ');
    expect(await spelt('שלום')).toEqual(['שָׁלוֹם לְכֻלָּם']);
    expect(await spelt('צה״ל')).toEqual(['הוא שירת בצה"ל שלוש שנים']);
    expect(await spelt('מלך')).toEqual(['מכתב לַמֶּלֶךְ']);
  });

  it('and names are found where they are misspelt', async () => {
    const ann = await app.user();
    await talk(ann, 'Melanie bought a trampoline.');
    await talk(ann, 'Unrelated words about the weather.');
    await talk(ann, 'דיברתי עם אלכסנדרה על הטיול.');
    expect(await messagesFor(ann, 'Melnie')).toEqual(['Melanie bought a trampoline.']);
    expect(await messagesFor(ann, 'trampolin')).toEqual(['Melanie bought a trampoline.']);
    expect(await messagesFor(ann, 'tramploine')).toEqual(['Melanie bought a trampoline.']);
    expect(await messagesFor(ann, 'אלכסנדרא')).toEqual(['דיברתי עם אלכסנדרה על הטיול.']);
  });

  it('that nobody says count for nothing beside those that are said; only stop words are looked for as they are', async () => {
    const ann = await app.user();
    await talk(ann, 'To be or not to be.');
    await talk(ann, 'The saxophone is loud.');
    expect(await messagesFor(ann, 'what about the saxophone')).toEqual(['The saxophone is loud.']);
    expect((await messagesFor(ann, 'to be or not'))[0]).toBe('To be or not to be.');
  });
});

describe('what stands around a row', () => {
  it('counts: the answer is found by its question', async () => {
    const ann = await app.user();
    await talk(ann, 'Good morning.', 'Which colour is the new bicycle?', 'Turquoise, with white stripes.', 'Lovely.');
    const found = await messagesFor(ann, 'colour of the bicycle');
    expect(found.slice(0, 2)).toEqual(['Which colour is the new bicycle?', 'Turquoise, with white stripes.']);
  });

  it('is no match where it has no text', async () => {
    const ann = await app.user();
    const conversationId = await talk(ann, 'Which orchestra plays tonight?');
    const toolCalls = [{ id: 'call', type: 'function', function: { name: 'search', arguments: '{}' } }];
    const messages = [
      { role: 'ASSISTANT' as const, content: '', toolCalls, metadata: { name: 'assistant' } },
      { role: 'ASSISTANT' as const, content: 'The one from Leipzig.' },
    ];
    await ann.ask(AddMessages, { input: { conversationId, messages } });
    expect(await messagesFor(ann, 'orchestra tonight')).toEqual([
      'Which orchestra plays tonight?',
      'The one from Leipzig.',
    ]);
  });

  it('counts among the memories of a conversation and the segments of a transcript', async () => {
    const ann = await app.user();
    const conversationId = await talk(ann, 'hello');
    await remember(
      ann,
      { content: 'Asked which orchestra plays tonight.', conversationId },
      { content: 'The one from Leipzig, he says.', conversationId },
      { content: 'Eats porridge.' },
    );
    expect((await memoriesFor(ann, 'orchestra tonight')).contents).toEqual([
      'Asked which orchestra plays tonight.',
      'The one from Leipzig, he says.',
    ]);
    const content =
      'WEBVTT\n\n00:01.000 --> 00:04.000\nSo what is a submarine for?\n\n00:04.000 --> 00:08.000\nFor going where nobody looks.\n';
    await ann.ask(ImportTranscript, { input: { title: 'Boats', format: 'VTT', content } });
    const { searchTranscripts } = await ann.ask(SearchTranscripts, { query: 'submarine' });
    expect(searchTranscripts.matches.map(({ segment }) => segment.index)).toEqual([0, 1]);
  });
});

describe('who and when', () => {
  it('a speaker named in the query is who says it, not who is spoken of', async () => {
    const ann = await app.user();
    await talk(ann, { content: 'Ruth told me the garden is flooded.', metadata: { speaker: 'Omar' } });
    await talk(ann, { content: 'I think that the garden is flooded.', metadata: { speaker: 'Ruth' } });
    await talk(ann, 'Omar: nothing new today.');
    expect((await messagesFor(ann, 'What does Ruth say of the garden?'))[0]).toBe(
      'I think that the garden is flooded.',
    );
    const content =
      'WEBVTT\n\n00:01.000 --> 00:04.000\n<v Omar>Ruth planted the olive tree.\n\n00:04.000 --> 00:08.000\n<v Ruth>The olive tree is mine.\n';
    await ann.ask(ImportTranscript, { input: { title: 'Garden', format: 'VTT', content } });
    const { searchTranscripts } = await ann.ask(SearchTranscripts, { query: 'Ruth olive tree' });
    expect(searchTranscripts.matches[0]?.segment.speaker).toBe('Ruth');
  });

  it('what the user said is told from what was answered', async () => {
    const ann = await app.user();
    await talk(ann, { content: 'Pasta with pesto.', role: 'ASSISTANT' });
    await talk(ann, { content: 'Pasta with pesto!', role: 'USER' });
    expect((await messagesFor(ann, 'what did I cook with pesto'))[0]).toBe('Pasta with pesto!');
    expect((await messagesFor(ann, 'what did you answer about pesto'))[0]).toBe('Pasta with pesto.');
  });

  it('a date that a text names is found as it is named', async () => {
    const ann = await app.user();
    await remember(ann, 'We bought the house in 2008.', 'The trip to Rome is in May 2019.', 'My bread never rises.');
    for (const [query, content] of [
      ['What about 2008?', 'We bought the house in 2008.'],
      ['what happened in May 2019', 'The trip to Rome is in May 2019.'],
    ] as const) {
      const { found, contents } = await memoriesFor(ann, query);
      expect({ query, found, contents }).toEqual({ query, found: true, contents: [content] });
    }
    expect((await memoriesFor(ann, 'What about 1999?')).found).toBe(false);
  });

  it('a date raises what was said then, and finds it where nothing else is asked', async () => {
    const ann = await app.user();
    await talk(ann, { content: 'We painted the fence.', sentAt: '2023-05-07T10:00:00Z' });
    await talk(ann, { content: 'We painted the fence again.', sentAt: '2023-09-01T10:00:00Z' });
    expect((await messagesFor(ann, 'painted the fence on 7 May 2023'))[0]).toBe('We painted the fence.');
    expect((await messagesFor(ann, 'painted the fence in September 2023'))[0]).toBe('We painted the fence again.');
    expect((await messagesFor(ann, 'what happened on 2023-05-07'))[0]).toBe('We painted the fence.');
    expect((await messagesFor(ann, 'מה היה ב-1 בספטמבר 2023'))[0]).toBe('We painted the fence again.');
  });
});

describe('found', () => {
  it('is true for what is known, and an honest no for what is not, though it shares a word with what is', async () => {
    const ann = await app.user();
    await remember(
      ann,
      'Lives in Haifa, near the university.',
      'My favourite food is mushroom risotto.',
      'Has a dog called Rex.',
      'Works as a nurse in the children ward.',
    );
    for (const [query, content] of [
      ['Where do I live?', 'Lives in Haifa, near the university.'],
      ['what is my favourite food', 'My favourite food is mushroom risotto.'],
      ["What is my dog's name?", 'Has a dog called Rex.'],
      ['What do I work as?', 'Works as a nurse in the children ward.'],
    ] as const) {
      const { found, contents } = await memoriesFor(ann, query);
      expect({ query, found, first: contents[0] }).toEqual({ query, found: true, first: content });
    }
    for (const query of ['When does my passport expire?', 'bank account number', 'my blood pressure', '']) {
      expect({ query, ...(await memoriesFor(ann, query)) }).toMatchObject({ query, found: false, matches: [] });
    }
    await remember(
      ann,
      'I can’t stand traffic jams.',
      'I dont own a car.',
      'הצבע האהוב עליי הוא ירוק',
      'אני לא סובלת רעש',
    );
    for (const [query, content] of [
      ['What do I hate?', 'I can’t stand traffic jams.'],
      ['what cant i stand', 'I can’t stand traffic jams.'],
      ['dont own', 'I dont own a car.'],
      ["don't own", 'I dont own a car.'],
      ['whats my favorite food', 'My favourite food is mushroom risotto.'],
      ['מה אני שונאת?', 'אני לא סובלת רעש'],
      ['מה הצבע האהוב עליי?', 'הצבע האהוב עליי הוא ירוק'],
    ] as const) {
      const { found, contents } = await memoriesFor(ann, query);
      expect({ query, found, first: contents[0] }).toEqual({ query, found: true, first: content });
    }
    for (const query of ['מה האוכל האהוב עליי?', 'What is my favourite song?', 'Where does the lamp stand?'])
      expect({ query, ...(await memoriesFor(ann, query)) }).toMatchObject({ query, found: false });
    const nearest = ['My favourite food is mushroom risotto.'];
    expect(await memoriesFor(ann, 'What is my favourite colour?')).toMatchObject({ found: false, contents: nearest });
  });
});

describe('what somebody cannot stand', () => {
  const said = ['I cannot stand noise', 'הם לא סובלים רעש', 'הן לא סובלות עשן', 'We hate mustard', 'אנחנו שונאים חרדל'];
  it('is found as it is said, and among what is hated', async () => {
    const ann = await app.user();
    await talk(ann, ...said);
    for (const query of ['cannot stand', "can't stand", 'What can I not stand?', 'What do I hate?'])
      expect(await messagesFor(ann, query)).toContain('I cannot stand noise');
    for (const query of ['לא סובלים', 'לא סובלות', 'מה אני שונא?'])
      expect(await messagesFor(ann, query)).toEqual(expect.arrayContaining(['הם לא סובלים רעש', 'הן לא סובלות עשן']));
    expect((await messagesFor(ann, 'cannot stand'))[0]).toBe('I cannot stand noise');
    expect(await messagesFor(ann, "what can't I stand")).toContain('We hate mustard');
    expect(await messagesFor(ann, 'מה אני לא סובל')).toContain('אנחנו שונאים חרדל');
  });

  it('is neither what stands, nor what somebody suffers from', async () => {
    const ann = await app.user();
    await remember(ann, 'I don’t own a lamp stand', 'אני סובל ממיגרנות ולכן אני לא ישן', 'I could barely stand up.');
    for (const query of ['What do I hate?', 'What can’t I stand?', 'מה אני שונא?', 'מה אני לא סובל?'])
      expect({ query, ...(await memoriesFor(ann, query)) }).toMatchObject({ query, found: false });
    expect((await memoriesFor(ann, 'Why can’t I stand up?')).contents[0]).toBe('I could barely stand up.');
  });
});

describe('what a question is made of', () => {
  const known = [
    'I like aubergines',
    'I live in Wellington',
    'My sister is called Ruth',
    'I work at a bakery',
    'I have two cats',
    'I am allergic to peanuts',
  ];
  const inHebrew = [
    'אני אוהבת חצילים',
    'אני גרה בוולינגטון',
    'לאחותי קוראים רות',
    'אני עובדת במאפייה',
    'יש לי שני חתולים',
  ];

  it('says nothing by words of time: no memory is found for the day of its saving', async () => {
    const [ann, dina] = [await app.user(), await app.user()];
    await remember(ann, ...known);
    await remember(dina, ...inHebrew);
    for (const [user, query] of [
      [ann, 'this week'],
      [ann, 'What about today?'],
      [ann, 'Is my dentist coming today?'],
      [ann, 'Did anything break this month?'],
      [dina, 'השבוע'],
      [dina, 'האם הרופא מגיע היום?'],
    ] as const)
      expect({ query, ...(await memoriesFor(user, query)) }).toMatchObject({ query, found: false, contents: [] });
    expect((await memoriesFor(ann, 'Is there a meeting at work today?')).contents).toEqual(
      expect.not.arrayContaining(known.filter((content) => !content.includes('work'))),
    );
    for (const query of ['Do I work today?', 'Do I work tomorrow?', 'Where will I work next year?'])
      expect(await memoriesFor(ann, query)).toMatchObject({ found: true, contents: ['I work at a bakery'] });
  });

  it('says when, among the messages that it asks for; of nothing else, which messages', async () => {
    const ann = await app.user();
    await talk(ann, { content: 'The canoe leaks.', sentAt: '2024-02-03T10:00:00Z' });
    await talk(ann, { content: 'The bus was late.', sentAt: '2024-02-03T11:00:00Z' });
    await talk(ann, { content: 'The canoe is dry.', sentAt: '2024-06-09T10:00:00Z' });
    expect(await messagesFor(ann, 'canoe on 3 February 2024')).toEqual(['The canoe leaks.', 'The canoe is dry.']);
    expect(await messagesFor(ann, 'the canoe in June 2024')).toEqual(['The canoe is dry.', 'The canoe leaks.']);
    expect((await messagesFor(ann, '3 February 2024')).toSorted()).toEqual(['The bus was late.', 'The canoe leaks.']);
    expect(await messagesFor(ann, 'the submarine on 3 February 2024')).toEqual([]);
    await talk(ann, 'The kettle whistles.');
    for (const query of ['what happened this week', 'today', 'מה קרה היום?'])
      expect((await ann.ask(SearchMessages, { query })).searchMessages).toMatchObject({
        found: true,
        matches: [{ message: { content: 'The kettle whistles.' } }],
      });
  });

  it('says nothing by everyday verbs, unless it has no other words, in English and Hebrew', async () => {
    const [ann, dina] = [await app.user(), await app.user()];
    await remember(ann, ...known);
    await remember(dina, ...inHebrew);
    for (const [user, query] of [
      [ann, 'do I like apples'],
      [ann, 'Do I have a piano?'],
      [dina, 'האם אני אוהבת תפוחים?'],
      [dina, 'אהבתי פעם בננות?'],
      [dina, 'יש לי פסנתר?'],
    ] as const)
      expect({ query, ...(await memoriesFor(user, query)) }).toMatchObject({ query, found: false, contents: [] });
    for (const [user, query, content] of [
      [ann, 'What do I like?', 'I like aubergines'],
      [ann, 'do I like aubergines', 'I like aubergines'],
      [dina, 'מה אני אוהבת?', 'אני אוהבת חצילים'],
      [dina, 'האם אני אוהבת חצילים?', 'אני אוהבת חצילים'],
    ] as const) {
      const { found, contents } = await memoriesFor(user, query);
      expect({ query, found, first: contents[0] }).toEqual({ query, found: true, first: content });
    }
  });

  it('about one relative is not answered by another, but a question about both is', async () => {
    const ann = await app.user();
    await remember(ann, 'My father is called Omer', 'My sister lives in Paris', 'I work at a bakery');
    for (const query of ['What is my mother called?', 'Do I have a brother?'])
      expect({ query, ...(await memoriesFor(ann, query)) }).toMatchObject({ query, found: false, contents: [] });
    expect((await memoriesFor(ann, 'Who is my parent?')).contents).toEqual(['My father is called Omer']);
    expect((await memoriesFor(ann, 'Do I have a sibling?')).contents).toEqual(['My sister lives in Paris']);
  });

  it('is answered by whom it names, or whoever speaks of them, and by nobody else', async () => {
    const ann = await app.user();
    const turns = [
      'Tom: The train was late again.',
      'Maya: I sprained my ankle on the stairs.',
      'Tom: Poor you, take it easy.',
      'Maya: The soup is on the stove.',
      'Tom: I bought a trombone from the neighbours.',
      'Maya: That will be loud!',
    ];
    const { createConversation } = await ann.ask(CreateConversation, { input: {} });
    const conversationId = createConversation?.conversation.id as string;
    await remember(ann, ...turns.map((content) => ({ content, conversationId })));
    expect(await memoriesFor(ann, 'How did Maya sprain an ankle?')).toMatchObject({ found: true });
    expect(await memoriesFor(ann, 'Where did Tom sprain his ankle?')).toMatchObject({ found: false });
    expect((await memoriesFor(ann, 'What did Tom buy from the neighbours?')).contents[0]).toBe(turns[4]);
  });

  it('is answered by what somebody says of themselves, or is told of themselves, not by what they ask', async () => {
    const [ann, dina] = [await app.user(), await app.user()];
    for (const [user, turns, answered, unanswered] of [
      [
        ann,
        ['Maya: The harbour was foggy.', 'Tom: Who repaired your saxophone?', 'Maya: The ferry is late.', 'Tom: Pity.'],
        'Who repaired the saxophone of Maya?',
        'Who repaired the saxophone of Tom?',
      ],
      [
        dina,
        ['נועה: הנמל היה מכוסה ערפל.', 'איתי: מי תיקן את הסקסופון שלך?', 'נועה: המעבורת מאחרת.', 'איתי: חבל.'],
        'מי תיקן לנועה סקסופון?',
        'מי תיקן לאיתי סקסופון?',
      ],
    ] as const) {
      await talk(user, ...turns);
      for (const [query, found] of [
        [answered, true],
        [unanswered, false],
      ] as const)
        expect({ query, ...(await user.ask(SearchMessages, { query })).searchMessages }).toMatchObject({
          query,
          found,
        });
    }
  });

  it('may have several answers: all of them come before what stands beside them', async () => {
    const ann = await app.user();
    const filler = Array.from({ length: 12 }, (_, n) => `Nothing much happened on the ${n + 3}th, it rained.`);
    await talk(
      ann,
      'We camped by the lake in March.',
      ...filler,
      'The children learnt to ski.',
      ...filler,
      'In autumn we were camping in the dunes.',
      ...filler,
      'Then they skied down the red slope.',
    );
    const found = await messagesFor(ann, 'Where did we camp, and what did the children learn to ski?', { first: 8 });
    expect(found).toEqual(
      expect.arrayContaining([
        'We camped by the lake in March.',
        'In autumn we were camping in the dunes.',
        'The children learnt to ski.',
        'Then they skied down the red slope.',
      ]),
    );
  });
});

describe('symbols', () => {
  it('are words: emoji, signs of currencies and of mathematics, in every tone of skin', async () => {
    const ann = await app.user();
    await talk(ann, 'See you at seven 🎉');
    await talk(ann, 'Waving 👋🏽 from the train');
    await talk(ann, 'The ticket costs 40 € at the counter');
    await talk(ann, 'She writes C++ all day');
    await talk(ann, 'She sang a high C all day');
    await talk(ann, 'אני ❤️ את הים');
    expect(await messagesFor(ann, '🎉')).toEqual(['See you at seven 🎉']);
    expect(await messagesFor(ann, '🎈')).toEqual([]);
    expect(await messagesFor(ann, '👋')).toEqual(['Waving 👋🏽 from the train']);
    expect(await messagesFor(ann, '€')).toEqual(['The ticket costs 40 € at the counter']);
    expect((await messagesFor(ann, 'C++'))[0]).toBe('She writes C++ all day');
    expect(await messagesFor(ann, '❤')).toEqual(['אני ❤️ את הים']);
    const { searchMessages } = await ann.ask(SearchMessages, { query: '🎉' });
    expect(searchMessages).toMatchObject({ found: true, matches: [{ snippet: 'See you at seven «🎉»' }] });
  });

  it('say less than words', async () => {
    const ann = await app.user();
    await remember(ann, 'The party is on Friday 🎉', 'Passed the driving test 🎉', 'Lives in Porto', 'Plays the oboe');
    expect((await memoriesFor(ann, '🎉 driving test')).contents[0]).toBe('Passed the driving test 🎉');
    expect((await memoriesFor(ann, '🎉 aeroplane')).found).toBe(false);
  });
});

describe('an explanation', () => {
  it('has the parts that the score is made of', async () => {
    const ann = await app.user();
    await remember(
      ann,
      { content: 'The chess club meets on Thursday.', importance: 1 },
      { content: 'A chess set of walnut.', importance: 0 },
    );
    const { matches, mode, tookMs } = await memoriesFor(ann, 'chess club');
    expect(mode).toBe('LEXICAL');
    expect(tookMs).toBeGreaterThan(0);
    for (const { score, explanation } of matches) {
      const { lexical, semantic, lexicalRank, semanticRank, ...factors } = explanation;
      expect({ semantic, lexicalRank, semanticRank }).toEqual({
        semantic: null,
        lexicalRank: null,
        semanticRank: null,
      });
      const { words, neighbours, boost, recency, importance } = factors as { [Name in keyof typeof factors]: number };
      expect(lexical).toBeCloseTo((words + neighbours) * boost);
      expect(score).toBeCloseTo(lexical * recency * importance);
    }
    expect(matches.map(({ explanation }) => explanation.importance)).toEqual([1.15, 0.85]);
  });
});

describe('a snippet', () => {
  it('is the passage that matches, in its own spelling, with the matching words marked', async () => {
    const ann = await app.user();
    const before = 'It was a long day with nothing to tell. '.repeat(20);
    await talk(ann, `${before}Then the «old» Engines were roaring again. ${before}`);
    await talk(ann, 'הַפְּגִישָׁה נדחתה.');
    const snippetFor = async (query: string) =>
      (await ann.ask(SearchMessages, { query })).searchMessages.matches[0]?.snippet ?? '';
    const snippet = await snippetFor('engine roars');
    expect(snippet).toContain('Then the ‹old› «Engines» were «roaring» again.');
    expect(snippet.length).toBeLessThan(250);
    expect(await snippetFor('פגישה')).toBe('«הַפְּגִישָׁה» נדחתה.');
  });
});

describe('any text', () => {
  const HOSTILE = [
    '& | ! ( ) <-> :* :A \\',
    "'quoted' & !(\"never' closed",
    "foo' | 'bar\\' OR 1=1 --",
    '%_%',
    'null\0byte',
    'half \ud800 of a pair',
    '\u{10ffff}'.repeat(4),
    '\ud7ff'.repeat(4),
    '👋🏽 🎉',
    '!!! ... ???',
    '   ',
    'http://example.com/a?b=c&d=<e>#f user@example.com C:\\temp\\x.txt 1e5 -7 +3.14 v1.2.3',
    '<b>bold</b> &amp; &nbsp;',
    'ﷺ ㌖ ﬁne Ⅷ ½ ² é e\u0301',
    '\u202eabc\u202c \u200d \ufeff',
    'word '.repeat(2_000),
    Array.from({ length: 1_600 }, (_, n) => `w${n}`).join(' '),
    'x'.repeat(10_000),
    '\u05d0'.repeat(10_000),
    '__proto__ constructor toString',
    'may',
    '31 February 2023 and 99999999999999999999 days ago',
  ];

  it('is a query: none is an error, wherever it is asked', async () => {
    const ann = await app.user();
    await talk(ann, 'Some words, foo and bar.', 'x1 & y2');
    await remember(ann, 'foo and bar');
    for (const query of HOSTILE) {
      for (const operation of [SearchMessages, SearchMemories, SearchTranscripts].map(String)) {
        const { errors } = await ann.send(operation, { query });
        expect({ query: query.slice(0, 40), errors }).toEqual({ query: query.slice(0, 40), errors: undefined });
      }
    }
    expect(await messagesFor(ann, "foo' & bar")).toContain('Some words, foo and bar.');
    expect(await messagesFor(ann, 'foo\0bar')).toContain('Some words, foo and bar.');
    expect(await messagesFor(ann, '!!! ... ???')).toEqual([]);
  });

  it('is what messages, memories and speakers may hold', async () => {
    const ann = await app.user();
    const usable = HOSTILE.filter((text) => text.trim() && !text.includes('\0') && text.isWellFormed());
    await talk(
      ann,
      ...usable,
      { content: 'odd', metadata: { speaker: '\u0000 \ud800 x', name: ['\u0001'] } },
      { content: 'list', metadata: { speaker: { a: 1 } } },
    );
    expect(await messagesFor(ann, 'odd list')).toEqual(expect.arrayContaining(['odd', 'list']));
  });

  it('longer than 10,000 characters is refused, and so is a page of more than 100', async () => {
    const ann = await app.user();
    const long = await ann.send(SearchMessages, { query: 'x'.repeat(10_001) });
    expect(long.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'query' } }]);
    for (const first of [-1, 101]) {
      const { errors } = await ann.send(SearchMessages, { query: 'x', first });
      expect(errors?.[0]?.extensions.code).toMatch(/BAD_USER_INPUT|LIMIT_EXCEEDED/);
    }
    expect(await messagesFor(ann, 'x', { first: 0 })).toEqual([]);
  });

  it('needs a key that may read', async () => {
    const { errors } = await clientOf(app.parley.url, '').send(SearchMessages, { query: 'x' });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
