import { beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { createGate, says, useModelServer } from '../support/model-server.ts';
import { ReplyOf, ReplyStream } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { useProcesses } from '../support/use-parley.ts';

const model = await useModelServer();

const contentOf = async (reader: Client, id: string): Promise<string> =>
  ((await reader.ask(ReplyOf, { id })).node as { content: string }).content;

describeWith('redis', 'replyStream, in two servers and two workers on Redis', () => {
  /** A worker that was frozen must not find, when it wakes up, that its model has been silent for too long. */
  const PATIENT = { MODEL_TIMEOUT_MS: '300000' };
  const { start } = useProcesses({
    env: { ...model.env, ...PATIENT, ...REDIS_ENV, EXTRACT_MEMORIES: 'false', JOB_LEASE_MS: '10000' },
  });
  let here: Parley;
  let there: Parley;
  beforeAll(async () => {
    [here, there] = await Promise.all([start('server'), start('server')]);
  });

  it('shows all readers the same text, wherever they read it and whenever they come', async () => {
    await start('worker');
    const ann = await here.user();
    const gate = createGate('Once upon a time ', 'there was 😀 a house', ' in the woods.');
    model.answer(gate.script);
    const { reply } = await send(ann, 'tell me a story');
    const readers = [here, there].flatMap((server) =>
      (['follow', 'stream'] as const).flatMap((over) =>
        Array.from({ length: 5 }, () => new ReplyReader(server.as(ann), reply.id, { over })),
      ),
    );
    gate.open(1);
    await Promise.all(readers.map((reader) => reader.waitForText('Once upon a time ')));
    gate.open(1);
    const [first, second] = readers as [ReplyReader, ReplyReader];
    await first.waitForText('Once upon a time there was');
    await second.leave();
    const resumed = new ReplyReader(there.as(ann), reply.id, { afterOffset: second.offset });
    const late = new ReplyReader(there.as(ann), reply.id);
    gate.open(1);
    const stayed = readers.filter((reader) => reader !== second);
    await Promise.all([...stayed, resumed, late].map((reader) => reader.readToEnd()));
    const content = 'Once upon a time there was 😀 a house in the woods.';
    expect(await contentOf(ann, reply.id)).toBe(content);
    for (const reader of [...stayed, late]) expect(reader.text).toBe(content);
    expect(second.text + resumed.text).toBe(content);
  });

  it('shows the rest from any offset, and nothing behind the end', async () => {
    await start('worker');
    const ann = await here.user();
    model.answer(says('a😀', 'b'));
    const { userMessage, reply } = await send(ann, 'hello');
    const { text } = await readReply(ann, reply.id);
    for (const afterOffset of [0, 1, 3, 4, 5, 1_000_000]) {
      const reader = new ReplyReader(ann, reply.id, { afterOffset });
      expect(await reader.readToEnd()).toMatchObject({ offset: afterOffset, message: { content: text } });
      expect(reader.text).toBe(text.slice(afterOffset));
      expect(reader.chunks).toHaveLength(1);
    }
    expect(await readReply(ann, userMessage.id)).toMatchObject({ text: 'hello', restarted: false });
    const bob = await here.user();
    for (const [who, messageId, afterOffset, error] of [
      [ann, reply.id, 2, { code: 'BAD_USER_INPUT', field: 'afterOffset' }],
      [ann, reply.id, -1, { code: 'BAD_USER_INPUT', field: 'afterOffset' }],
      [ann, await makeConversation(ann), 0, { code: 'BAD_USER_INPUT', field: 'messageId' }],
      [bob, reply.id, 0, { code: 'NOT_FOUND' }],
    ] as const) {
      const { value } = await who.follow(ReplyStream, { messageId, afterOffset }).next();
      expect(value.errors).toMatchObject([{ extensions: error }]);
    }
  });

  it('goes on after its worker was killed or frozen, under a marker where the text begins anew, and is never that of one that wakes up', async () => {
    const killed = await start('worker');
    const [ann, bob] = [await here.user(), await here.user()];
    model.answerNext(gatedOpen('The killed worker says '));
    const { reply } = await send(ann, 'who are you?');
    const readers = [new ReplyReader(here.as(ann), reply.id), new ReplyReader(there.as(ann), reply.id)];
    await Promise.all(readers.map((reader) => reader.waitForText('The killed worker says ')));
    killed.kill('SIGKILL');
    await killed.ended;

    const frozen = await start('worker');
    const gate = createGate('The frozen worker says ', 'too much.');
    model.answerNext(gate.script);
    const { reply: other } = await send(bob, 'and you?');
    const otherReader = new ReplyReader(bob, other.id);
    gate.open(1);
    await otherReader.waitForText('The frozen worker says ');
    frozen.kill('SIGSTOP');

    const last = createGate('The last worker', ' says all.');
    model.answer(last.script);
    await start('worker');
    last.open(1);
    await Promise.all([...readers, otherReader].map((reader) => reader.waitForText('The last worker')));
    gate.open(1);
    frozen.kill('SIGCONT');
    await frozen.waitForLog(({ because }) => because === 'superseded');
    last.open(1);
    await Promise.all([...readers, otherReader].map((reader) => reader.readToEnd()));
    for (const reader of [...readers, otherReader]) expect(reader.text).toBe('The last worker says all.');
    for (const reader of readers)
      expect(reader.chunks.map(({ restarted }) => restarted).filter(Boolean)).toHaveLength(1);
    expect(await contentOf(bob, other.id)).toBe('The last worker says all.');
    const late = new ReplyReader(ann, reply.id, { afterOffset: 'The killed worker says '.length });
    await late.readToEnd();
    expect(late.text).toBe('The last worker says all.');
  });
});

/** Says one piece, and then nothing for as long as it is listened to. */
function gatedOpen(piece: string) {
  const gate = createGate(piece, 'never said');
  gate.open(1);
  return gate.script;
}
