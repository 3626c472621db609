import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { GARDEN_VTT, MEETING_VTT } from '../support/garden-episode.ts';
import { AskEpisode, ImportTranscript, ReplyOf } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { EXTRACT_MEMORIES: 'false' } });

const HISTORY = /* GraphQL */ `query ($id: ID!) {
  episode(id: $id) { conversations(first: 5) { edges { node { id messages(first: 10) { edges { node { role content } } } } } } }
  conversations(filter: { episodeId: $id }, first: 5) { edges { node { id } } }
}`;

async function importEpisode(owner: Client, content = GARDEN_VTT, title = 'Garden Hour'): Promise<string> {
  const input = { title, format: 'VTT' as const, content };
  return (await owner.ask(ImportTranscript, { input })).importTranscript?.episode.id as string;
}

/** The whole answer to a question about an episode, and where it stands. */
async function answer(reader: Client, episodeId: string, question: string) {
  const { askEpisode } = await reader.ask(AskEpisode, { input: { episodeId, question } });
  const { conversation, reply } = askEpisode as NonNullable<typeof askEpisode>;
  await readReply(reader, reply.id);
  const { node } = await reader.ask(ReplyOf, { id: reply.id });
  return { conversationId: conversation.id, ...(node as any) };
}

describe('an answer about an episode', () => {
  it('quotes the passage that speaks of it, with its speaker, its times and its segment', async () => {
    const ann = await app.user();
    const { content, citations, model } = await answer(
      ann,
      await importEpisode(ann),
      'Why did the hives die in the winter?',
    );
    expect(content.split('\n')[1]).toBe(
      'Mira [00:10]: “Let us begin with the bees. We lost two of our five hives in the winter, because damp came in through the roof and the cluster froze.”',
    );
    expect(model).toBeNull();
    expect(citations[0]).toMatchObject({
      quote: expect.stringContaining('damp came in through the roof'),
      startSeconds: 10,
      endSeconds: 20,
      segment: { index: 2 },
      memory: null,
    });
  });

  it.each([
    ['How hot did the compost get?', 'seventy degrees', '[00:30]'],
    ['What did the insurance pay?', 'four thousand euros', '[01:00]'],
    ['Was anybody hurt in the fire?', 'nobody was hurt', '[00:55]'],
  ])('to %j has %j at %s', async (question, quote, time) => {
    const ann = await app.user();
    const { content, citations } = await answer(ann, await importEpisode(ann), question);
    expect(content).toContain(quote);
    expect(content).toContain(time);
    expect(citations.length).toBeLessThanOrEqual(3);
    for (const { quote, segment } of citations) expect(quote).toContain(segment.text.split(/[.,]/)[0]);
  });

  it('says so where nothing speaks of it, and what there is', async () => {
    const ann = await app.user();
    const { content, citations } = await answer(ann, await importEpisode(ann), 'What do they say about submarines?');
    expect(content).toMatch(/^Nothing in this episode speaks of that\. Words that stand out in it: .*compost/);
    expect(citations).toEqual([]);
  });

  it('goes on from its last answer where a question has no subject of its own', async () => {
    const ann = await app.user();
    const id = await importEpisode(ann);
    const first = await answer(ann, id, 'What do they say about compost?');
    expect(first.content).toContain('compost');
    for (const question of ['And why?', 'Tell me more']) {
      const next = await answer(ann, id, question);
      expect(next.content).toMatch(/^It goes on:\n/);
      expect(next.content).not.toBe(first.content);
      const quoted = first.citations.map(({ segment }: any) => segment.id);
      for (const { segment } of next.citations) expect(quoted).not.toContain(segment.id);
    }
  });

  it('knows whom "she" is, and what "that" is', async () => {
    const ann = await app.user();
    const id = await importEpisode(ann);
    const first = await answer(ann, id, 'How long do worms take to make compost?');
    expect(first.citations[0].quote).toContain('Worms do it for me, and it takes a year.');
    const next = await answer(ann, id, 'What else did she say about that?');
    expect(next.content).toContain('Mira [');
    expect(next.citations.map(({ segment }: any) => segment.id)).not.toContain(first.citations[0].segment.id);
  });

  it.each([
    ['How long is it?', '“Garden Hour” is 1 minute and 20 seconds long.'],
    ['Who speaks?', 'The speakers are Mira (50%) and Tom (50%).'],
  ])('to %j comes from its data', async (question, text) => {
    const ann = await app.user();
    expect(await answer(ann, await importEpisode(ann), question)).toMatchObject({ content: text, citations: [] });
  });

  it('as a whole tells its length, speakers, words and beginning', async () => {
    const ann = await app.user();
    const { content, citations } = await answer(ann, await importEpisode(ann), 'What is this episode about?');
    expect(content).toContain('“Garden Hour” is 1 minute and 20 seconds long. The speakers are');
    expect(content).toContain('Words that stand out in it:');
    expect(content).toContain('It begins:\nMira [00:00]: “Welcome to Garden Hour');
    expect(citations).toMatchObject([{ segment: { index: 0 }, startSeconds: 0, endSeconds: 5 }]);
  });

  it.each([
    ['מתי הפגישה עם הקבלן?', 'הפגישה עם הקבלן נקבעה ליום שלישי', '[00:05]'],
    ['יש פגישה?', 'הפגישה עם הקבלן', '[00:05]'],
    ['מה עם המעלית?', 'המעלית תקועה כבר שבועיים', '[00:15]'],
    ['על מה הפרק?', 'ברוכים הבאים לישיבה', '[00:00]'],
  ])('is in Hebrew where the question is: %s', async (question, quote, time) => {
    const ann = await app.user();
    const { content } = await answer(ann, await importEpisode(ann, MEETING_VTT, 'ועד הבית'), question);
    expect(content).toContain(quote);
    expect(content).toContain(time);
    expect(content).not.toMatch(/[a-z]{3}/);
  });

  it('says in Hebrew that nothing speaks of it', async () => {
    const ann = await app.user();
    const { content } = await answer(ann, await importEpisode(ann, MEETING_VTT, 'ועד הבית'), 'מה נאמר על צוללות?');
    expect(content).toMatch(/^שום דבר בפרק הזה לא עוסק בכך\./);
  });

  it('is the same to the same question', async () => {
    const ann = await app.user();
    const id = await importEpisode(ann);
    const question = 'What happened in the greenhouse?';
    expect((await answer(ann, id, question)).content).toBe((await answer(ann, id, question)).content);
  });
});

describe('the history of an episode', () => {
  it('is one conversation, found by the episode', async () => {
    const ann = await app.user();
    const id = await importEpisode(ann);
    const { conversationId } = await answer(ann, id, 'How hot did the compost get?');
    await answer(ann, id, 'Who speaks?');
    const { episode, conversations } = await ann.ask(HISTORY, { id });
    expect(conversations.edges).toEqual([{ node: { id: conversationId } }]);
    const [{ node }] = episode.conversations.edges;
    expect(node.id).toBe(conversationId);
    expect(node.messages.edges.map(({ node: { role, content } }: any) => [role, content])).toEqual([
      ['USER', 'How hot did the compost get?'],
      ['ASSISTANT', expect.stringContaining('seventy degrees')],
      ['USER', 'Who speaks?'],
      ['ASSISTANT', expect.stringContaining('Mira')],
    ]);
  });
});

describe('what belongs to somebody else', () => {
  it('is no source: episodes, messages', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const id = await importEpisode(ann);
    await answer(ann, id, 'Was there a fire?');
    const { errors } = await bob.send(AskEpisode, { input: { episodeId: id, question: 'Was there a fire?' } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const { reply } = await send(bob, 'Was there a fire in the greenhouse?');
    expect((await readReply(bob, reply.id)).text).toMatch(/^I found nothing about that/);
  });
});
