import { expect, it } from 'vitest';
import { createGate, says, useModelServer } from '../support/model-server.ts';
import { ReplyOf, StopReply } from '../support/operations.ts';
import { ReplyReader, send } from '../support/replies.ts';
import { useProcesses } from '../support/use-parley.ts';

const model = await useModelServer();
const { start } = useProcesses({
  on: 'embedded',
  env: {
    ...model.env,
    EXTRACT_MEMORIES: 'false',
    // Longer than any test: whoever starts next on the data directory does not wait for it.
    JOB_LEASE_MS: '3600000',
  },
});

it('shows a reply to many readers as it is written, and stops it with what was written', async () => {
  const ann = await (await start()).user();
  const gate = createGate('Once upon a time', ' there was', ' no end.');
  model.answerNext(gate.script);
  const { conversation, reply } = await send(ann, 'tell me a story');
  const readers = (['follow', 'stream'] as const).flatMap((over) =>
    Array.from({ length: 5 }, () => new ReplyReader(ann, reply.id, { over })),
  );
  gate.open(2);
  await Promise.all(readers.map((reader) => reader.waitForText('Once upon a time there was')));
  await ann.ask(StopReply, { messageId: reply.id });
  for (const reader of readers)
    expect(await reader.readToEnd()).toMatchObject({
      message: { status: 'CANCELLED', content: 'Once upon a time there was' },
    });
  model.answerNext(says('The', ' end.'));
  const next = await send(ann, 'go on', conversation.id);
  const reader = new ReplyReader(ann, next.reply.id);
  expect(await reader.readToEnd()).toMatchObject({ message: { status: 'COMPLETE', content: 'The end.' } });
});

it('writes on, anew, what it was writing when it was killed', async () => {
  const first = await start();
  const ann = await first.user();
  const gate = createGate('Once upon a time', ' there was no end.');
  model.answerNext(gate.script);
  const { reply } = await send(ann, 'tell me a story');
  const reader = new ReplyReader(ann, reply.id);
  gate.open(1);
  await reader.waitForText('Once upon a time');
  first.kill('SIGKILL');
  await first.ended;
  model.answerNext(says('There', ' was an end.'));
  const again = (await start()).as(ann);
  const resumed = new ReplyReader(again, reply.id, { afterOffset: reader.offset });
  expect(await resumed.readToEnd()).toMatchObject({ message: { status: 'COMPLETE' } });
  expect(resumed.text).toBe('There was an end.');
  expect(resumed.chunks.some(({ restarted }) => restarted)).toBe(true);
  expect((await again.ask(ReplyOf, { id: reply.id })).node).toMatchObject({ content: resumed.text });
});
