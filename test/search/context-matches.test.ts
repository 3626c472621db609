import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { AddMessages, CreateConversation, ImportTranscript } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const MESSAGES = `query ($query: String!) {
  searchMessages(query: $query) { matches { isContext snippet message { content } } } }`;
const SEGMENTS = `query ($query: String!) {
  searchTranscripts(query: $query) { matches { isContext snippet segment { text } } } }`;

async function talk(owner: Client, ...contents: string[]): Promise<void> {
  const { createConversation } = await owner.ask(CreateConversation, { input: {} });
  const conversationId = createConversation?.conversation.id as string;
  const messages = contents.map((content) => ({ role: 'USER' as const, content }));
  await owner.ask(AddMessages, { input: { conversationId, messages } });
}

/** The texts of messages that were found, by whether they are context. */
async function messagesFor(viewer: Client, query: string): Promise<Record<string, boolean>> {
  const { searchMessages } = await viewer.ask(MESSAGES, { query });
  return Object.fromEntries(searchMessages.matches.map((match: any) => [match.message.content, match.isContext]));
}

describe('a message that a search returns', () => {
  it.each([
    ['Where is the lighthouse?', 'Behind the old mill.', 'lighthouse'],
    ['איפה המגדלור?', 'מאחורי הטחנה הישנה.', 'מגדלור'],
  ])('is context if only the one before it has the words: %s', async (question, answer, query) => {
    const [ann, bob] = [await app.user(), await app.user()];
    await talk(ann, question, answer);
    await talk(bob, answer);
    expect(await messagesFor(ann, query)).toEqual({ [question]: false, [answer]: true });
    expect(await messagesFor(bob, query)).toEqual({});
  });

  it('is none if it has a form, a synonym or a correction of a word, or only a weak word', async () => {
    const ann = await app.user();
    await talk(ann, 'We bought a cello.', 'It is loud.', 'I do like that.');
    expect(await messagesFor(ann, 'buy')).toMatchObject({ 'We bought a cello.': false, 'It is loud.': true });
    expect(await messagesFor(ann, 'instrument')).toMatchObject({ 'We bought a cello.': false, 'It is loud.': true });
    expect(await messagesFor(ann, 'bougth celo')).toMatchObject({ 'We bought a cello.': false, 'It is loud.': true });
    expect(await messagesFor(ann, 'like cello')).toEqual({
      'We bought a cello.': false,
      'It is loud.': true,
      'I do like that.': false,
    });
  });

  it('is none if it was found by its time', async () => {
    const ann = await app.user();
    await talk(ann, 'The kettle whistles.');
    expect(await messagesFor(ann, 'what did I say today?')).toEqual({ 'The kettle whistles.': false });
  });
});

describe('a segment of a transcript that a search returns', () => {
  it('is context if only its neighbours have the words, and no word of it is marked', async () => {
    const ann = await app.user();
    const content = [
      'WEBVTT',
      '00:00:01.000 --> 00:00:05.000\nWho built the aqueduct?',
      '00:00:05.000 --> 00:00:09.000\nThe Romans, of course.',
    ].join('\n\n');
    await ann.ask(ImportTranscript, { input: { title: 'Water', format: 'VTT', content } });
    const { searchTranscripts } = await ann.ask(SEGMENTS, { query: 'aqueduct' });
    expect(searchTranscripts.matches).toEqual([
      { isContext: false, snippet: 'Who built the «aqueduct»?', segment: { text: 'Who built the aqueduct?' } },
      { isContext: true, snippet: 'The Romans, of course.', segment: { text: 'The Romans, of course.' } },
    ]);
  });
});
