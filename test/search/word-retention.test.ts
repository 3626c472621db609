import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { createConversation } from '#domain/conversations/conversations.ts';
import { deleteConversation } from '#domain/conversations/delete-conversation.ts';
import { addMessage } from '#domain/conversations/messages.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { deleteEpisode } from '#domain/episodes/episodes.ts';
import { importTranscript } from '#domain/episodes/transcripts/import-transcript.ts';
import { deleteMemory, saveMemory, updateMemory } from '#domain/memories/memories.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';

const forgetWords = (services: Services) =>
  cleanUp(services, { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 });

async function knownWords({ database, actor }: Deps): Promise<string[]> {
  const words = 'SELECT DISTINCT word FROM search_words WHERE owner_id = $1 ORDER BY word';
  return (await database.sql<{ word: string }>(words, [actor.userId])).map(({ word }) => word);
}

async function conversationWith(content: string, owner: Deps): Promise<string> {
  const { id: conversationId } = await createConversation(owner, {});
  await addMessage(owner, { conversationId, role: 'USER', content });
  return conversationId;
}

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on });
  let ann: Deps;

  beforeEach(async () => {
    ann = await newUser();
  });

  const memoryWith = async (content: string) => (await saveMemory(ann, { content, kind: 'FACT' })).memory.id;

  /** An episode of a second for each sentence. */
  async function episodeWith(sentences: string[]): Promise<string> {
    const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
    const cues = sentences.map((text, second) => `${time(second)} --> ${time(second + 1)}\n${text}`);
    const content = Buffer.from(`WEBVTT\n\n${cues.join('\n\n')}\n`);
    return (await importTranscript(ann, { episodeId: null, title: 'Sea', format: 'VTT', content, language: null }))
      .episode.id;
  }

  it('forgets the words that only deleted rows had, and none that another row has', async () => {
    const bob = await newUser();
    await conversationWith('walrus', bob);
    const conversationId = await conversationWith('walrus narwhal dolphin octopus', ann);
    await memoryWith('narwhal');
    await episodeWith(['Dolphin.']);
    await conversationWith('octopus', ann);
    await deleteConversation(ann, { conversationId });
    expect(await knownWords(ann)).toContain('walrus');
    await forgetWords(services);
    expect(await knownWords(ann)).toEqual(['dolphin', 'narwhal', 'octopus']);
    expect(await knownWords(bob)).toEqual(['walrus']);
  });

  it('forgets the words of memories that were deleted or say something else now', async () => {
    const [changed, deleted] = [await memoryWith('walrus'), await memoryWith('narwhal')];
    await updateMemory(ann, { memoryId: changed, content: 'dolphin' });
    await deleteMemory(ann, { memoryId: deleted });
    await forgetWords(services);
    expect(await knownWords(ann)).toEqual(['dolphin']);
  });

  it('forgets the words of a long episode', async () => {
    await conversationWith('Sentence about a dolphin.', ann);
    const letters = (n: number) => String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string);
    const episodeId = await episodeWith(Array.from({ length: 1_200 }, (_, n) => `Sentence walrus${letters(n)}.`));
    expect((await knownWords(ann)).length).toBeGreaterThan(1_200);
    await deleteEpisode(ann, { episodeId });
    await forgetWords(services);
    expect(await knownWords(ann)).toEqual(['about', 'dolphin', 'sentenc', 'sentence']);
  });

  it('forgets words with any sign that a lexeme may have', async () => {
    const conversationId = await conversationWith(
      "naïve o'clock back\\slash שלום https://example.com/walrus?a='b'",
      ann,
    );
    await conversationWith("naïve o'clock back\\slash שלום https://example.com/walrus?a='b'", ann);
    const before = await knownWords(ann);
    await deleteConversation(ann, { conversationId });
    await forgetWords(services);
    expect(await knownWords(ann)).toEqual(before);
  });
});

const postgres = useServices();

it('forgets no word of a row that is being written meanwhile', async () => {
  const { services, database, newUser } = postgres;
  const ann = await newUser();
  const conversationId = await conversationWith('walrus', ann);
  const { id: otherId } = await createConversation(ann, {});
  await deleteConversation(ann, { conversationId });
  const writer = new pg.Client(database.url);
  await writer.connect();
  onTestFinished(() => writer.end());
  await writer.query('BEGIN');
  await writer.query(
    `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content) VALUES ($1, $2, $3, 1, 'USER', 'walrus')`,
    [uuidv7(), otherId, ann.actor.userId],
  );
  await forgetWords(services);
  await writer.query('COMMIT');
  await forgetWords(services);
  expect(await knownWords(ann)).toEqual(['walrus']);
});
