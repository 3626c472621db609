import { afterEach, expect, it } from 'vitest';
import { createGate, failsWith, says, useModelServer } from '../support/model-server.ts';
import { ReplyOf } from '../support/operations.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { useParley } from '../support/use-parley.ts';

const SECRET = 'sk-never-to-be-seen';
const model = await useModelServer();
const app = useParley({ env: { ...model.env, MODEL_API_KEY: SECRET, EXTRACT_MEMORIES: 'false', LOG_LEVEL: 'trace' } });
afterEach(() => {
  model.chats.length = 0;
});

it('reaches its reader word by word, while the model thinks of the next', async () => {
  const ann = await app.user();
  const speech = createGate('One ', 'two ', 'three.');
  model.answer(speech.script);
  const { reply } = await send(ann, 'Count to three.');
  const reader = new ReplyReader(ann, reply.id);
  for (const shown of ['One ', 'One two ', 'One two three.']) {
    speech.open(1);
    await reader.waitForText(shown);
  }
  expect(await reader.readToEnd()).toMatchObject({ message: { status: 'COMPLETE', content: 'One two three.' } });
});

it('is one reply, begun once, where the model fails twice before its first word', async () => {
  const ann = await app.user();
  model.answer(says('At last.'));
  model.answerNext(failsWith(503), (turn) => {
    turn.raw('<html>Bad gateway</html>', 'text/html');
    turn.close();
  });
  const { conversation, reply, job } = await send(ann, 'Are you there?');
  const reader = new ReplyReader(ann, reply.id);
  await reader.readToEnd();
  expect(reader.chunks.some(({ restarted }) => restarted)).toBe(false);
  expect((await ann.ask(ReplyOf, { id: reply.id })).node).toMatchObject({
    content: 'At last.',
    status: 'COMPLETE',
    model: 'test-model',
    tokensInput: 11,
    tokensOutput: 7,
    latencyMs: expect.any(Number),
    job: { id: job.id, attempt: 1 },
  });
  expect(conversation.messageCount).toBe(2);
  expect(model.chats).toHaveLength(3);
});

it('has FAILED at once where the model refuses, with words for its owner and nothing of the key for anybody', async () => {
  const ann = await app.user();
  model.answer(failsWith(401, { message: `Incorrect API key provided: ${SECRET}` }));
  const { reply } = await send(ann, 'Are you there?');
  expect(await readReply(ann, reply.id)).toMatchObject({ text: '', message: { status: 'FAILED' } });
  expect((await ann.ask(ReplyOf, { id: reply.id })).node).toMatchObject({
    status: 'FAILED',
    error: { code: 'MODEL_REFUSED', message: expect.stringContaining('API key'), retryable: false },
    job: { status: 'FAILED', attempt: 1, error: { code: 'MODEL_REFUSED' } },
  });
  expect(model.chats).toHaveLength(1);
  model.answer(failsWith(400, { message: `This is too long for ${SECRET}` }));
  await readReply(ann, (await send(ann, 'Are you there?')).reply.id);
  const failures = app.parley.log.filter(({ msg }) => msg === 'a model failed');
  expect(failures).toMatchObject([
    { err: { failure: 'unauthorized', details: { status: 401 } } },
    { err: { failure: 'bad request', details: { status: 400, message: 'This is too long for [secret]' } } },
  ]);
  expect(JSON.stringify([app.parley.log, app.parley.output])).not.toContain(SECRET);
});
