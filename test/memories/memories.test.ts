import { describe, expect, it } from 'vitest';
import type { SaveMemoryInput } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import {
  AddMessage,
  CreateConversation,
  DeleteConversation,
  DeleteMemory,
  Memories,
  SaveMemory,
  UpdateMemory,
} from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const IN_A_DAY = () => new Date(Date.now() + 86_400_000).toISOString();

async function save(owner: Client, content: string, more: Partial<SaveMemoryInput> = {}) {
  const { saveMemory } = await owner.ask(SaveMemory, { input: { content, ...more } });
  return saveMemory as NonNullable<typeof saveMemory>;
}

async function contents(owner: Client, filter = {}): Promise<string[]> {
  return (await owner.ask(Memories, { filter, first: 100 })).memories.edges.map(({ node }) => node.content);
}

/** Makes a conversation with one message of its owner's. */
async function makeMessage(owner: Client, content = 'I live in Haifa.') {
  const { createConversation } = await owner.ask(CreateConversation, { input: {} });
  const conversationId = createConversation?.conversation.id as string;
  const { addMessage } = await owner.ask(AddMessage, { input: { conversationId, role: 'USER', content } });
  return { conversationId, messageId: addMessage?.message.id as string };
}

describe('a memory', () => {
  it('is saved as it was given, with the defaults of what was not', async () => {
    const ann = await app.user();
    const { memory, merged } = await save(ann, 'Prefers tea to coffee.', { metadata: { z: 1, a: [null, '1e3'] } });
    expect(merged).toBe(false);
    expect(memory).toMatchObject({
      content: 'Prefers tea to coffee.',
      kind: 'FACT',
      tags: [],
      importance: 0.5,
      metadata: { z: 1, a: [null, '1e3'] },
      expiresAt: null,
      lastRecalledAt: null,
      sourceMessage: null,
      conversation: null,
    });
    const read =
      'query ($id: ID!) { node(id: $id) { __typename ... on Memory { id owner { username } supersededBy { id } } } }';
    expect((await ann.ask(read, { id: memory.id })).node).toEqual({
      __typename: 'Memory',
      id: memory.id,
      owner: { username: ann.username },
      supersededBy: null,
    });
  });

  it('is changed in what is given, cleared by null, deleted for good', async () => {
    const ann = await app.user();
    const { id } = (await save(ann, 'One', { metadata: { a: 1 }, expiresAt: IN_A_DAY(), tags: ['x'] })).memory;
    const change = { content: 'Two', kind: 'NOTE' as const, importance: 1 };
    expect((await ann.ask(UpdateMemory, { input: { memoryId: id, ...change } })).updateMemory?.memory).toMatchObject({
      id,
      ...change,
      tags: ['x'],
      metadata: { a: 1 },
    });
    const cleared = await ann.ask(UpdateMemory, {
      input: { memoryId: id, metadata: null, expiresAt: null, tags: [' B', 'b '] },
    });
    expect(cleared.updateMemory?.memory).toMatchObject({
      content: 'Two',
      metadata: null,
      expiresAt: null,
      tags: ['b'],
    });
    await ann.ask(DeleteMemory, { id });
    expect(await contents(ann, { includeExpired: true, includeSuperseded: true })).toEqual([]);
    expect((await ann.send(DeleteMemory, { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await ann.send(UpdateMemory, { input: { memoryId: id } })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
  });

  it('saved twice with one idempotency key is one, and tells the same', async () => {
    const ann = await app.user();
    const input = { content: 'Once', expiresAt: IN_A_DAY(), idempotencyKey: 'k' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => ann.ask(SaveMemory, { input })));
    expect(new Set(answers.map(({ saveMemory }) => saveMemory?.memory.id)).size).toBe(1);
    expect(answers.map(({ saveMemory }) => saveMemory?.merged)).toEqual([false, false, false, false]);
    const other = await ann.send(SaveMemory, { input: { ...input, content: 'Twice' } });
    expect(other.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
  });

  it('leaves its traces in the audit log, all of them', async () => {
    const ann = await app.user();
    const { id } = (await save(ann, 'Audited')).memory;
    await ann.ask(UpdateMemory, { input: { memoryId: id, importance: 0.9, content: 'Audited twice' } });
    await ann.ask(DeleteMemory, { id });
    const { auditLog } = await app.admin.ask(
      'query ($id: ID!) { auditLog(actorId: $id) { edges { node { action detail } } } }',
      { id: ann.id },
    );
    const rows = auditLog.edges.map(({ node }: { node: { action: string; detail: unknown } }) => [
      node.action,
      node.detail,
    ]);
    expect(rows).toEqual([
      ['memory.delete', null],
      ['memory.update', { changed: ['content', 'importance'] }],
      ['memory.save', { kind: 'FACT', merged: false }],
    ]);
  });

  it.each([
    [{ content: '' }, 'input.content'],
    [{ content: 'x'.repeat(10_001) }, 'input.content'],
    [{ content: 'a\0b' }, 'input.content'],
    [{ content: 'x', importance: 1.01 }, 'input.importance'],
    [{ content: 'x', importance: -0.01 }, 'input.importance'],
    [{ content: 'x', tags: ['a', 'b', 'c', 'd'.repeat(51)] }, 'input.tags.3'],
    [{ content: 'x', tags: ['a\0'] }, 'input.tags.0'],
    [{ content: 'x', tags: Array.from({ length: 21 }, (_, n) => `tag ${n}`) }, 'input.tags'],
    [{ content: 'x', expiresAt: '2020-01-01T00:00:00Z' }, 'input.expiresAt'],
    [{ content: 'x', supersedes: Array.from({ length: 21 }, (_, n) => idOf('Memory', n)) }, 'input.supersedes'],
    [{ content: 'x', supersedes: [idOf('Memory', 1), idOf('Message', 1)] }, 'input.supersedes.1'],
  ])('is refused for %j', async (input, field) => {
    const ann = await app.user();
    const { errors } = await ann.send(SaveMemory, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
    expect(await contents(ann)).toEqual([]);
  });
});

describe('tags', () => {
  it('are kept in one spelling, without doubles and empty ones, at most twenty after that', async () => {
    const ann = await app.user();
    const tags = [
      '  Deep   Sea ',
      'deep sea',
      'ＤＥＥＰ sea',
      '',
      '  ',
      'קפה',
      ...Array.from({ length: 18 }, (_, n) => `t${n}`),
    ];
    const { memory } = await save(ann, 'Tagged', { tags });
    expect(memory.tags).toEqual(['deep sea', 'קפה', ...Array.from({ length: 18 }, (_, n) => `t${n}`)]);
    expect(await contents(ann, { tagsAll: ['DEEP  sea', 'T3'] })).toEqual(['Tagged']);
    expect(await contents(ann, { tagsAll: ['deep sea', 'x'] })).toEqual([]);
    expect(await contents(ann, { tagsAny: ['x', ' קפה'] })).toEqual(['Tagged']);
    expect(await contents(ann, { tagsAny: ['x'] })).toEqual([]);
  });
});

describe('where it was learned', () => {
  it('is the message, and its conversation where none is named', async () => {
    const ann = await app.user();
    const { conversationId, messageId } = await makeMessage(ann);
    const { memory } = await save(ann, 'Lives in Haifa.', { sourceMessageId: messageId });
    expect(memory).toMatchObject({ sourceMessage: { id: messageId }, conversation: { id: conversationId } });
    await save(ann, 'Something else entirely', { conversationId });
    expect(await contents(ann, { conversationId })).toEqual(['Something else entirely', 'Lives in Haifa.']);
    expect(await contents(ann, { conversationId: (await makeMessage(ann)).conversationId })).toEqual([]);
  });

  it.each([' ', '\n\t', '\u200b\u200f\ufeff', '\u3164\u2800\u200d'])(
    'has something to read: not %j',
    async (content) => {
      const ann = await app.user();
      const { memory } = await save(ann, 'Prefers tea.');
      const refusals = [
        await ann.send(SaveMemory, { input: { content } }),
        await ann.send(UpdateMemory, { input: { memoryId: memory.id, content } }),
      ];
      for (const { errors } of refusals)
        expect(errors).toMatchObject([
          {
            message: expect.stringContaining('This has only white space or invisible characters.'),
            extensions: { code: 'BAD_USER_INPUT', field: 'input.content' },
          },
        ]);
    },
  );

  it('has to agree with itself', async () => {
    const ann = await app.user();
    const [here, there] = [await makeMessage(ann), await makeMessage(ann)];
    const input = { content: 'x', sourceMessageId: here.messageId, conversationId: there.conversationId };
    expect((await ann.send(SaveMemory, { input })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field: 'input.conversationId' } },
    ]);
  });

  it('may be deleted; the memory stays', async () => {
    const ann = await app.user();
    const { conversationId, messageId } = await makeMessage(ann);
    await save(ann, 'Lives in Haifa.', { sourceMessageId: messageId });
    await ann.ask(DeleteConversation, { id: conversationId });
    const { memories } = await ann.ask(Memories);
    expect(memories.edges[0]?.node).toMatchObject({
      content: 'Lives in Haifa.',
      sourceMessage: null,
      conversation: null,
    });
  });
});

describe('somebody else’s', () => {
  it('memory, message or conversation is NOT_FOUND wherever its id comes in', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const { conversationId, messageId } = await makeMessage(ann);
    const { id } = (await save(ann, 'A secret of Ann’s', { sourceMessageId: messageId })).memory;
    const inputs = [{ conversationId }, { sourceMessageId: messageId }, { supersedes: [id] }];
    for (const more of inputs) {
      const { errors } = await bob.send(SaveMemory, { input: { content: 'x', ...more } });
      expect(errors, JSON.stringify(more)).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
    expect((await bob.send(UpdateMemory, { input: { memoryId: id, content: 'y' } })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
    expect((await bob.send(DeleteMemory, { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await contents(bob, { conversationId, includeSuperseded: true, includeExpired: true })).toEqual([]);
    expect(await contents(ann)).toEqual(['A secret of Ann’s']);
  });

  it('equal memory is not merged with', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    expect((await save(ann, 'I live in Haifa.')).merged).toBe(false);
    expect((await save(bob, 'I live in Haifa.')).merged).toBe(false);
  });
});

describe('expiry', () => {
  it('hides a memory at once from lists, counts and merging; its id still answers', async () => {
    const ann = await app.user();
    const { memory } = await save(ann, 'The parking code is blue', { expiresAt: IN_A_DAY() });
    expect(await contents(ann)).toEqual(['The parking code is blue']);
    await ann.ask(UpdateMemory, { input: { memoryId: memory.id, expiresAt: new Date().toISOString() } });
    const listed = await ann.ask(Memories);
    expect(listed.memories).toMatchObject({ totalCount: 0, edges: [] });
    expect(await contents(ann, { includeExpired: true })).toEqual(['The parking code is blue']);
    expect((await ann.ask('query ($id: ID!) { node(id: $id) { id } }', { id: memory.id })).node).toEqual({
      id: memory.id,
    });
    expect(await save(ann, 'The parking code is blue')).toMatchObject({ merged: false });
  });

  it('comes by itself', async () => {
    const ann = await app.user();
    await save(ann, 'Soon gone', { expiresAt: new Date(Date.now() + 2_000).toISOString() });
    expect(
      await until(
        () => contents(ann),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
  });
});

describe('superseding', () => {
  it('hides the older ones, until the newer one is deleted', async () => {
    const ann = await app.user();
    const [first, second] = [
      (await save(ann, 'I live in Haifa')).memory,
      (await save(ann, 'My home is in Lod')).memory,
    ];
    const supersedes = [first.id, second.id, first.id];
    const { memory } = await save(ann, 'I moved to Berlin', { supersedes });
    expect(await contents(ann)).toEqual(['I moved to Berlin']);
    const all = (await ann.ask(Memories, { filter: { includeSuperseded: true } })).memories;
    expect(all.edges.map(({ node }) => node.supersededBy?.id ?? null)).toEqual([null, memory.id, memory.id]);
    expect((await save(ann, 'I live in Haifa')).merged).toBe(false);
    await ann.ask(UpdateMemory, { input: { memoryId: first.id, content: 'I lived in Haifa then' } });
    await ann.ask(DeleteMemory, { id: memory.id });
    expect(await contents(ann)).toEqual(['I live in Haifa', 'My home is in Lod', 'I lived in Haifa then']);
  });

  it('by one that says nearly the same makes two of them', async () => {
    const ann = await app.user();
    const { memory } = await save(ann, 'My brother lives in the old house by the sea in Jaffa');
    const newer = await save(ann, 'My brother lives in the old house by the sea in Jaffa.', {
      supersedes: [memory.id],
    });
    expect(newer).toMatchObject({ merged: false });
    expect(await contents(ann)).toEqual([newer.memory.content]);
  });
});

describe('saving what is known', () => {
  it('refreshes it: new wording, tags of both, the greater importance, the rest where given', async () => {
    const ann = await app.user();
    const { messageId, conversationId } = await makeMessage(ann);
    const first = await save(ann, 'my sister lives in haifa', {
      tags: ['family', 'home'],
      importance: 0.9,
      metadata: { from: 'import' },
      expiresAt: IN_A_DAY(),
    });
    const again = await save(ann, 'My sister lives in Haifa!', {
      tags: ['home', 'sister'],
      sourceMessageId: messageId,
    });
    expect(again).toMatchObject({
      merged: true,
      memory: {
        id: first.memory.id,
        content: 'My sister lives in Haifa!',
        tags: ['home', 'sister', 'family'],
        importance: 0.9,
        metadata: { from: 'import' },
        expiresAt: first.memory.expiresAt,
        sourceMessage: { id: messageId },
        conversation: { id: conversationId },
        createdAt: first.memory.createdAt,
      },
    });
    expect(Date.parse(again.memory.updatedAt)).toBeGreaterThanOrEqual(Date.parse(first.memory.updatedAt));
    const more = await save(ann, 'My sister lives in Haifa!', { importance: 1, metadata: { b: 2 } });
    expect(more.memory).toMatchObject({ importance: 1, metadata: { b: 2 } });
    expect(await contents(ann)).toHaveLength(1);
  });

  const LONG = 'The spare key to the cellar hangs on the nail behind the green door beside the kitchen window';
  it.each([
    ['a typo in a long sentence', LONG, LONG.replace('kitchen', 'kitchin')],
    ['letter case, accents, punctuation', 'Café at noon, always!', 'cafe AT NOON always'],
    ['niqqud and final letters', 'שָׁלוֹם לכולם', 'שלום לכולם'],
    [
      'a contraction',
      "I don't like the cellar of the old house by the sea at all",
      'I don’t like the cellar of the old house by the sea at all',
    ],
    ['nothing but signs', '🙂🙂', '🙂🙂'],
    ['ten thousand letters, but for one', `${LONG} `.repeat(105), `${LONG} `.repeat(105).replace('kitchen', 'kitchin')],
    ['articles and what introduces a clause', 'The doctor said that the cast is off', 'Doctor said the cast is off'],
    ['British and American spelling', 'My neighbour organises the choir', 'My neighbor organizes the choir'],
    ['a hyphen', 'My e-mail goes to the office', 'My email goes to the office'],
    ['a doubled letter', 'The accommodation is cheap', 'The accomodation is cheap'],
    ['a grouped number', 'The rent is 4,200 a month', 'The rent is 4200 a month'],
    ['a maqaf', 'אני גרה בתל־אביב', 'אני גרה בתל אביב'],
    ['a Hebrew copula', 'המקצוע שלי הוא נגרות', 'המקצוע שלי נגרות'],
    ['a second yod', 'הייתה לי חתולה', 'היתה לי חתולה'],
    ['a spelling of a Hebrew word', 'אימא שלי גרה בלוד', 'אמא שלי גרה בלוד'],
    ['a verb in British spelling', 'I practise the piano', 'I practice the piano'],
    ['an apostrophe that is left out', 'I wont fly', 'I won’t fly'],
    ['an ampersand', 'I love my dog & my cat', 'I love my dog and my cat'],
    ['a contracted participle', 'My sister’s adopted', 'My sister is adopted'],
  ])('merges where they differ in %s', async (_, one, other) => {
    const ann = await app.user();
    await save(ann, one);
    expect(await save(ann, other)).toMatchObject({ merged: true, memory: { content: other } });
  });

  it.each([
    ['a word of a short sentence', 'My dog is called Rex', 'My dog is called Max'],
    ['a word of ten thousand letters', `${LONG} `.repeat(105), `${LONG} `.repeat(105).replace('nail', 'hook')],
    ['nothing but the order of words', 'Gal is taller than Omer', 'Omer is taller than Gal'],
    ['a preposition', LONG, LONG.replace('behind the green', 'beside the green')],
    ['a letter that is no article', `${LONG} at shelf-a`, `${LONG} at shelf-b`],
    ['a letter of a name', 'My cousin Daniel plays the trumpet', 'My cousin Daniela plays the trumpet'],
    ['a letter that makes another word', 'My medication is on the shelf', 'My mediation is on the shelf'],
    ['the tense', 'My aunt is a nurse', 'My aunt was a nurse'],
    ['a sign before a number', 'It is 5 degrees in the cellar', 'It is -5 degrees in the cellar'],
    ['a Hebrew prefix', 'הרכבת לחיפה יוצאת בשמונה', 'הרכבת מחיפה יוצאת בשמונה'],
    ['a Hebrew pronoun', 'הוא רוצה אופניים', 'היא רוצה אופניים'],
    ['a letter of a Hebrew word', 'הסופרים גרים ברחוב שלי', 'הספרים גרים ברחוב שלי'],
    ['a number', `${LONG} since 2019`, `${LONG} since 2018`],
    ['a negation', LONG, LONG.replace('hangs', 'never hangs')],
    ['a contracted negation', `${LONG} and is used`, `${LONG} and isn't used`],
    [
      'a number in words',
      LONG.replace('The spare key', 'The two spare keys'),
      LONG.replace('The spare key', 'The ten spare keys'),
    ],
    ['a day', `${LONG} on Monday`, `${LONG} on Sunday`],
    [
      'a Hebrew negation',
      'אני אוהב לשבת בערב על המרפסת הגדולה של הבית הישן ליד הים',
      'אני לא אוהב לשבת בערב על המרפסת הגדולה של הבית הישן ליד הים',
    ],
    [
      'which of two is negated',
      `I like 3 but not 4 of the houses; ${LONG}`,
      `I like not 3 but 4 of the houses; ${LONG}`,
    ],
    ['signs', '🙂🙂', '🙁🙁'],
    ['whose it is', 'The blue house is my brother’s', 'The blue house is my brother'],
    ['a half of the day', 'The alarm rings at 7 am on Mondays', 'The alarm rings at 7 on Mondays'],
    ['a sign of an address', 'My email is dana_cohen@mail.com', 'My email is dana.cohen@mail.com'],
    ['a fraction', 'I take 1/2 of the pill at night', 'I take 1-2 of the pill at night'],
    ['a blood type', 'My blood type is O-', 'My blood type is O'],
    ['a letter in lower case', 'I take vitamin a daily', 'I take vitamin daily'],
    ['who is meant', 'I live with my brother, Tom', 'I live with my brother and Tom'],
    ['whose child it is', 'The son of Yossi is in the army', 'The son Yossi is in the army'],
    ['who did it', 'My sister is adopted', 'My sister adopted'],
    ['a Hebrew possessor', 'הבן של יוסי בצבא', 'הבן יוסי בצבא'],
    ['whose dog it is', 'The dog of Dana is black', 'The dog Dana is black'],
    ['whose Hebrew dog it is', 'הכלב של דנה שחור', 'הכלב דנה שחור'],
    ['a second person', 'I live with my teacher, Dana', 'I live with my teacher and Dana'],
    ['a hyphen after "re"', 'I re-signed the contract', 'I resigned the contract'],
    ['the capital of a country', 'I like Turkey', 'I like turkey'],
    ['a Hebrew plural', 'אחי גר בעכו', 'אחיי גר בעכו'],
    ['a Hebrew object', 'רות אוהבת את נעמי', 'את רות אוהבת נעמי'],
    ['a Hebrew dual', 'גרתי בברלין חודשיים', 'גרתי בברלין חודשים'],
    ['a yod of a Hebrew word', 'יש לי מילון גדול', 'יש לי מלון גדול'],
    ['a yod of a Hebrew name', 'קוראים לי אילון', 'קוראים לי אלון'],
    ['the name of a language', `${LONG}, and I write C`, `${LONG}, and I write C++`],
  ])('does not merge where they differ in %s', async (_, one, other) => {
    const ann = await app.user();
    await save(ann, one);
    expect((await save(ann, other)).merged).toBe(false);
    expect(await contents(ann)).toEqual([other, one]);
  });

  it('of another kind is something else', async () => {
    const ann = await app.user();
    await save(ann, 'Green tea', { kind: 'PREFERENCE' });
    expect(await save(ann, 'Green tea', { kind: 'NOTE' })).toMatchObject({ merged: false });
  });

  it('is seen in a changed wording, and no longer in the old one', async () => {
    const ann = await app.user();
    const { id } = (await save(ann, 'My car is a blue Mazda')).memory;
    await ann.ask(UpdateMemory, { input: { memoryId: id, content: 'My bicycle was stolen yesterday' } });
    expect(await save(ann, 'my bicycle was stolen yesterday')).toMatchObject({ merged: true, memory: { id } });
    expect(await save(ann, 'My car is a blue Mazda')).toMatchObject({ merged: false });
  });

  it('twenty times at once makes one', async () => {
    const ann = await app.user();
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        save(ann, n % 2 ? 'I live in Haifa.' : 'i live in haifa', { tags: [`t${n}`] }),
      ),
    );
    expect(saved.filter(({ merged }) => !merged)).toHaveLength(1);
    const { memories } = await ann.ask(Memories);
    expect(memories.totalCount).toBe(1);
    expect(memories.edges[0]?.node.tags.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `t${n}`).sort());
  });
});

it('may be saved, changed and deleted by many at once', async () => {
  const ann = await app.user();
  const codes = new Set<string>();
  const note = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
    errors?.forEach(({ extensions }) => void codes.add(extensions.code));
  for (let round = 0; round < 10; round += 1) {
    const { id } = (await save(ann, 'I live in Haifa.')).memory;
    const answers = await Promise.all([
      ann.send(SaveMemory, { input: { content: 'I live in Haifa!' } }),
      ann.send(DeleteMemory, { id }),
      ann.send(UpdateMemory, { input: { memoryId: id, content: 'I moved to Berlin.' } }),
      ann.send(SaveMemory, { input: { content: 'i live in haifa' } }),
    ]);
    answers.forEach(note);
  }
  expect([...codes].filter((code) => code !== 'NOT_FOUND')).toEqual([]);
});

describe('the list', () => {
  it('is newest first, filtered, and paged both ways without a gap', async () => {
    const ann = await app.user();
    const names = ['Ada', 'Bela', 'Chana', 'Dov', 'Efrat', 'Fritz', 'Gal'];
    for (const [n, name] of names.entries())
      await save(ann, `${name} is a friend of mine`, { kind: n % 2 ? 'NOTE' : 'FACT', tags: [name] });
    const newestFirst = names.toReversed().map((name) => `${name} is a friend of mine`);
    expect(await contents(ann)).toEqual(newestFirst);
    expect(await contents(ann, { kinds: ['NOTE'] })).toEqual(newestFirst.filter((_, n) => n % 2 === 1));
    expect(await contents(ann, { kinds: [] })).toEqual([]);
    expect(await contents(ann, { kinds: ['NOTE'], tagsAny: ['ada', 'bela'] })).toEqual(['Bela is a friend of mine']);
    const first = (await ann.ask(Memories, { first: 3 })).memories;
    expect(first).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const next = (await ann.ask(Memories, { first: 3, after: first.pageInfo.endCursor ?? null })).memories;
    const back = (await ann.ask(Memories, { last: 3, before: next.edges[0]?.cursor ?? null })).memories;
    expect(next.edges.map(({ node }) => node.content)).toEqual(newestFirst.slice(3, 6));
    expect(back.edges).toEqual(first.edges);
  });

  it.each([
    [{ conversationId: idOf('Memory', 1) }, 'filter.conversationId'],
    [{ tagsAll: ['a', 'b'.repeat(51)] }, 'filter.tagsAll.1'],
    [{ tagsAny: ['\ud800'] }, 'filter.tagsAny.0'],
  ])('refuses the filter %j', async (filter, field) => {
    const ann = await app.user();
    const { errors } = await ann.send(Memories, { filter });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });
});

function idOf(type: string, n: number): string {
  return Buffer.from(`${type}:00000000-0000-7000-8000-${String(n).padStart(12, '0')}`).toString('base64url');
}
