import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { AskEpisode, CreateConversation, UpdateConversation } from '../support/operations.ts';
import { readReply } from '../support/replies.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { EXTRACT_MEMORIES: 'false' } });

const CONVERSATIONS = /* GraphQL */ `query ($id: ID!) { episode(id: $id) { conversations { totalCount } } }`;
const ARCHIVE = /* GraphQL */ `mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { status } } }`;
const conversationsOf = async (owner: Client, id: string): Promise<number> =>
  (await owner.ask(CONVERSATIONS, { id })).episode.conversations.totalCount;

/** Asks, and waits for the whole answer; returns the conversation's id. */
async function ask(owner: Client, input: { episodeId: string; question: string; conversationId?: string }) {
  const { askEpisode } = await owner.ask(AskEpisode, { input });
  await readReply(owner, askEpisode?.reply.id as string);
  return askEpisode?.conversation.id as string;
}

describe('askEpisode', () => {
  it('keeps to one conversation, also when two ask at once', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    const answers = await Promise.all(
      ['What closed?', 'Who laughed?'].map((question) => ann.send(AskEpisode, { input: { episodeId, question } })),
    );
    const started = answers.flatMap(({ data }) => data?.askEpisode ?? []);
    for (const { reply } of started) await readReply(ann, reply.id);
    expect(await conversationsOf(ann, episodeId)).toBe(1);
    const conversationId = await ask(ann, { episodeId, question: 'And then?' });
    expect(started[0]?.conversation).toMatchObject({ id: conversationId, episode: { id: episodeId } });
  });

  it('goes on where it was last asked, not in what is archived, or where it is told', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    const first = await ask(ann, { episodeId, question: 'What closed?' });
    const { createConversation } = await ann.ask(CreateConversation, { input: { episodeId } });
    const second = createConversation?.conversation.id as string;
    expect(await ask(ann, { episodeId, question: 'Who laughed?' })).toBe(second);
    expect(await ask(ann, { episodeId, question: 'Who laughed?', conversationId: first })).toBe(first);
    for (const id of [first, second])
      await ann.ask(UpdateConversation, { input: { conversationId: id, archived: true } });
    expect([first, second]).not.toContain(await ask(ann, { episodeId, question: 'Who laughed?' }));
  });

  it('answers a repeated key with the same messages', async () => {
    const ann = await app.user();
    const input = { episodeId: await makeEpisode(ann), question: 'What closed?', idempotencyKey: 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => ann.ask(AskEpisode, { input })));
    const ids = answers.map(({ askEpisode }) => [
      askEpisode?.conversation.id,
      askEpisode?.reply.id,
      askEpisode?.job.id,
    ]);
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
  });

  it('refuses what it cannot answer', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [episodeId, bare] = [await makeEpisode(ann), await makeEpisode(ann)];
    const [, bareId] = Buffer.from(bare, 'base64url').toString().split(':');
    await sql(app.database, 'DELETE FROM transcripts WHERE episode_id = $1', [bareId]);
    const question = 'What closed?';
    for (const [who, input, error] of [
      [bob, { episodeId, question }, { code: 'NOT_FOUND' }],
      [ann, { episodeId: bare, question }, { code: 'CONFLICT' }],
      [ann, { episodeId, question: '' }, { code: 'BAD_USER_INPUT', field: 'input.question' }],
      [ann, { episodeId, question, conversationId: await makeConversation(ann) }, { field: 'input.conversationId' }],
      [ann, { episodeId, question, conversationId: await makeConversation(bob) }, { code: 'NOT_FOUND' }],
    ] as const) {
      expect((await who.send(AskEpisode, { input })).errors).toMatchObject([{ extensions: error }]);
    }
    await ann.ask(ARCHIVE, { id: episodeId });
    expect(await conversationsOf(ann, episodeId)).toBe(0);
    await ask(ann, { episodeId, question });
  });
});
