import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { fitContext } from '#domain/conversations/context-window.ts';
import { createConversation } from '#domain/conversations/conversations.ts';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { findPassages } from '#domain/conversations/replies/drafting/retrieval/passages.ts';
import { recallMemoriesAndMessages } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import type { Deps } from '#domain/core/deps.ts';
import { importTranscript } from '#domain/episodes/transcripts/import-transcript.ts';
import { saveMemory } from '#domain/memories/memories.ts';
import { EXCERPT_LENGTH } from '#domain/search/excerpts.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import type { Message } from '#generated/prisma/client.ts';
import { countCharacters } from '../support/count-characters.ts';
import { useServices } from '../support/services.ts';

/** A text of the greatest length that a message may have, with something in it at a place. */
const longText = (filler: string, place: number, something: string, length = MAX_CONTENT) => {
  const before = filler.repeat(Math.ceil(place / filler.length)).slice(0, place);
  const after = filler.repeat(Math.ceil(length / filler.length));
  return `${before} ${something} ${after}`.slice(0, length);
};

const FILLER = "It was Ann's long day, with nothing to tell; we went on and talked. ";

/** The most times that a search reads each character of an excerpt: it splits it, and spells every word normally. */
const PASSES = 12;

describe('the longest messages', () => {
  const { newUser } = useServices();

  async function say(deps: Deps, ...contents: string[]): Promise<void> {
    const conversation = await createConversation(deps, {});
    const place = { conversationId: conversation.id, ownerId: deps.actor.userId, role: 'USER' } as const;
    for (const [at, content] of contents.entries())
      await deps.database.prisma.message.create({ data: { ...place, id: uuidv7(), sequence: at + 1, content } });
  }

  it.each([
    ['in English', FILLER, 'The lighthouse is red.', 'lighthouses', '«lighthouse»'],
    ['in Hebrew with niqqud', 'הָיָה זֶה יוֹם אָרֹךְ, וְאֵין מָה לְסַפֵּר; ', 'הַמִּגְדַּלּוֹר אָדֹם.', 'מגדלור', '«הַמִּגְדַּלּוֹר»'],
  ])(
    '%s have the words that were found in their snippets, wherever they stand',
    async (_name, filler, said, query, marked) => {
      const ann = await newUser();
      await say(ann, ...[300, 20_000, 75_000].map((place) => longText(filler, place, said)));
      const { hits } = await searchMessages(ann, { query, conversationId: null, archived: null, limit: 3 });
      expect(hits).toHaveLength(3);
      for (const { snippet } of hits) expect(snippet).toContain(marked);
    },
  );

  it.each(['a_', 'SPEAKER_', '1e', '@a', 'ж:', '=?'])(
    'are stored where they are one word, of %j again and again, and found by what stands beside it',
    async (unit) => {
      const ann = await newUser();
      const hash = 'ab5f'.repeat(32);
      await say(ann, longText(unit, 10_000, `${hash} The lighthouse is red.`));
      for (const query of ['lighthouse', hash]) {
        const { hits } = await searchMessages(ann, { query, conversationId: null, archived: null, limit: 3 });
        expect(hits).toHaveLength(1);
      }
    },
  );

  it('are read by a search as far as snippets need it, and only those of the page', async () => {
    const ann = await newUser();
    await say(ann, ...Array.from({ length: 12 }, (_, n) => longText(FILLER, 15_000 * n, 'The lighthouse is red.')));
    const search = (limit: number) =>
      searchMessages(ann, { query: 'lighthouse', conversationId: null, archived: null, limit });
    for (const limit of [1, 8]) {
      const characters = await countCharacters(async () => {
        const { hits } = await search(limit);
        expect(hits).toHaveLength(limit);
        for (const { snippet } of hits) expect(snippet).toContain('«lighthouse»');
      });
      expect(characters).toBeLessThan(limit * EXCERPT_LENGTH * PASSES + 20_000);
    }
  });

  it('are read by a reply in excerpts around what was found', async () => {
    const ann = await newUser();
    await say(ann, ...Array.from({ length: 6 }, (_, n) => longText(FILLER, 15_000 * n, 'The lighthouse is red.')));
    const { prisma } = ann.database;
    const question = await prisma.message.findFirstOrThrow({ where: { ownerId: ann.actor.userId } });
    const conversation = await prisma.conversation.findUniqueOrThrow({ where: { id: question.conversationId } });
    const asked = { ...question, content: 'Where is the lighthouse?' };
    const request = { conversation, question: asked, earlier: [], signal: new AbortController().signal };
    let recalled: string[] = [];
    const characters = await countCharacters(async () => {
      const { messages } = await recallMemoriesAndMessages(ann, request, 'lighthouse', new Set());
      recalled = messages.map(({ message }) => message.content);
    });
    expect(recalled).toHaveLength(3);
    for (const content of recalled) {
      expect(content).toContain('The lighthouse is red.');
      expect(content.length).toBeLessThanOrEqual(EXCERPT_LENGTH);
    }
    expect(characters).toBeLessThan(6 * EXCERPT_LENGTH * 5 * PASSES);
  });

  it('are counted in tokens by pieces', async () => {
    const content = longText(FILLER, 0, 'The lighthouse is red.');
    const messages = Array.from({ length: 100 }, () => ({ content }) as Message);
    let kept: Message[] = [];
    const characters = await countCharacters(async () => {
      kept = await fitContext(messages, 2 ** 31 - 1);
    });
    expect(kept).toHaveLength(100);
    expect(characters).toBeLessThan((100 * MAX_CONTENT) / 10);
    const tokens = MAX_CONTENT / 4;
    expect(await fitContext(messages, 3 * tokens * 1.3)).toHaveLength(3);
  });

  it('and the longest memories are found to say the same', async () => {
    const ann = await newUser();
    const content = longText(FILLER, 5_000, 'The lighthouse is red.', 10_000);
    await saveMemory(ann, { content });
    expect(await saveMemory(ann, { content: content.replace('lighthouse', 'lighthuose').toUpperCase() })).toMatchObject(
      {
        merged: true,
      },
    );
  });
});

describe('a segment of millions of characters', () => {
  const { newUser } = useServices();

  it('is quoted where it says what is asked, and no more of it is read', async () => {
    const ann = await newUser();
    const { episode } = await importTranscript(ann, {
      title: 'Long',
      format: 'JSON',
      content: Buffer.from(
        JSON.stringify([
          { start: 0, end: 60, text: longText(FILLER, 70_000, 'The lighthouse is red.', 3_000_000), speaker: 'Mira' },
          { start: 60, end: 65, text: 'The lighthouse is far away.', speaker: 'Mira' },
        ]),
      ),
      episodeId: null,
      language: null,
    });
    let texts: string[] = [];
    const characters = await countCharacters(async () => {
      const passages = await findPassages(ann, { query: 'lighthouse', episodeId: episode.id });
      texts = passages.map(({ text }) => text);
    });
    expect(texts).toEqual(expect.arrayContaining([expect.stringContaining('The lighthouse is red.')]));
    expect(texts).toEqual(expect.arrayContaining([expect.stringContaining('The lighthouse is far away.')]));
    expect(characters).toBeLessThan(10 * EXCERPT_LENGTH * PASSES);
  });
});
