import { expect, it } from 'vitest';
import {
  AddMessages,
  CreateConversation,
  DeleteConversation,
  ImportTranscript,
  SaveMemory,
} from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ on: 'embedded' });

const Search = /* GraphQL */ `query ($query: String!) {
  searchMessages(query: $query) { found matches { snippet message { content } } }
  searchMemories(query: $query) { found matches { memory { content } } }
  searchTranscripts(query: $query) { found matches { segment { text speaker } } }
}`;

it('finds in the embedded database what it finds in PostgreSQL: stems, Hebrew, typing errors, speakers, nothing', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const { createConversation } = await ann.ask(CreateConversation, { input: {} });
  const conversationId = createConversation?.conversation.id as string;
  const contents = ['Melanie painted a lake.', 'nothing', 'nothing', 'nothing', 'nothing', 'הַפְּגִישָׁה בצה"ל נדחתה'];
  const messages = contents.map((content) => ({ role: 'USER' as const, content }));
  await ann.ask(AddMessages, { input: { conversationId, messages } });
  await ann.ask(SaveMemory, { input: { content: 'Lives by a lake in Finland.' } });
  const content = 'WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ruth>Ice swimming in the lake is healthy.\n';
  await ann.ask(ImportTranscript, { input: { title: 'Lakes', format: 'VTT', content } });

  const lake = await ann.ask(Search, { query: 'lakes' });
  expect(lake.searchMessages.matches[0].snippet).toBe('Melanie painted a «lake».');
  expect(lake.searchMemories).toEqual({
    found: true,
    matches: [{ memory: { content: 'Lives by a lake in Finland.' } }],
  });
  expect(lake.searchTranscripts).toEqual({
    found: true,
    matches: [{ segment: { text: 'Ice swimming in the lake is healthy.', speaker: 'Ruth' } }],
  });
  for (const query of ['פגישה', 'צה״ל', 'לפגישה']) {
    expect((await ann.ask(Search, { query })).searchMessages.matches[0].message.content).toBe(contents[5]);
  }
  expect((await ann.ask(Search, { query: 'Melnie' })).searchMessages.matches[0].message.content).toBe(contents[0]);
  expect((await ann.ask(Search, { query: 'Ruth' })).searchTranscripts.matches).toHaveLength(1);
  expect((await ann.ask(Search, { query: "submarine & ('" })).searchMemories).toEqual({ found: false, matches: [] });
  const none = { found: false, matches: [] };
  expect(await bob.ask(Search, { query: 'lake' })).toEqual({
    searchMessages: none,
    searchMemories: none,
    searchTranscripts: none,
  });
  await ann.ask(DeleteConversation, { id: conversationId });
  expect((await ann.ask(Search, { query: 'lake' })).searchMessages).toEqual(none);
});
