import { expect, it } from 'vitest';
import * as channels from '#domain/core/channels.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

it('covers every channel that subscribers follow', () => {
  const names = Object.entries(channels).flatMap(([name, make]) =>
    name.endsWith('Channel') && typeof make === 'function' ? [(make as (id: string) => string)('id')] : [],
  );
  const covered = names.filter((name) => channels.FOLLOWED_CHANNELS.some(({ prefix }) => name === `${prefix}id`));
  // Workers look themselves, and whoever writes an upload sees by its fence that another does.
  expect(names.filter((name) => !covered.includes(name)).sort()).toEqual(['job-cancel:id', 'lane:id', 'upload:id']);
});

it('shows a job that came to the queue without a word', async () => {
  const queue = app.admin.follow('subscription { queueStatsChanged { queued } }');
  const [{ queueStatsChanged: before }] = await queue.take(1);
  await sql(
    app.database,
    `INSERT INTO jobs (id, kind, max_attempts, engine_job_id, payload)
     VALUES (gen_random_uuid(), 'EMBED_MEMORIES', 1, gen_random_uuid(), '{}')`,
  );
  // Jobs of the process itself, as its clean-up, come and go meanwhile.
  await until(
    () => queue.take(1),
    ([change]) => change?.queueStatsChanged.queued === before.queued + 1,
  );
});

it('shows what was changed without a word: a message, and the end of an episode', async () => {
  const ann = await app.user();
  const [conversation, episode] = [await makeConversation(ann, 1), await makeEpisode(ann)];
  const messages = ann.follow(
    'subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 0) { content } }',
    { id: conversation },
  );
  const episodes = ann.follow('subscription ($id: ID!) { episodeUpdated(episodeId: $id) { title } }', { id: episode });
  await messages.take(1);
  await episodes.take(1);
  const rowId = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1];
  await sql(app.database, "UPDATE messages SET content = 'silent', sequence = 2 WHERE conversation_id = $1", [
    rowId(conversation),
  ]);
  await sql(app.database, 'UPDATE conversations SET last_sequence = 2 WHERE id = $1', [rowId(conversation)]);
  await sql(app.database, "UPDATE episodes SET title = 'silent' WHERE id = $1", [rowId(episode)]);
  expect(await messages.take(1)).toEqual([{ messageAdded: { content: 'silent' } }]);
  expect(await episodes.take(1)).toEqual([{ episodeUpdated: { title: 'silent' } }]);
});
