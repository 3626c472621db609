import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { createGate, says, useModelServer } from '../support/model-server.ts';
import { ReplyOf, ReplyStream } from '../support/operations.ts';
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
  const servers = () => Promise.all([start('server'), start('server')]);

  it('shows all readers the same text, wherever they read it and whenever they come', async () => {
    const [here, there] = await servers();
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
    const [here] = await servers();
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

  it('goes on after its worker was killed, under a marker where the text begins anew', async () => {
    const [here, there] = await servers();
    const worker = await start('worker');
    const ann = await here.user();
    model.answerNext(gatedOpen('The first worker says '));
    const { reply } = await send(ann, 'who are you?');
    const readers = [new ReplyReader(here.as(ann), reply.id), new ReplyReader(there.as(ann), reply.id)];
    await Promise.all(readers.map((reader) => reader.waitForText('The first worker says ')));
    model.answer(says('The second worker', ' says all.'));
    worker.kill('SIGKILL');
    await start('worker');
    await Promise.all(readers.map((reader) => reader.readToEnd()));
    for (const reader of readers) {
      expect(reader.text).toBe('The second worker says all.');
      expect(reader.chunks.map(({ restarted }) => restarted).filter(Boolean)).toHaveLength(1);
    }
    const late = new ReplyReader(ann, reply.id, { afterOffset: 'The first worker says '.length });
    await late.readToEnd();
    expect(late.text).toBe('The second worker says all.');
  });

  it('never shows the text of a worker that was thought dead and wakes up', async () => {
    const [here] = await servers();
    const frozen = await start('worker');
    const ann = await here.user();
    const gate = createGate('The frozen worker says ', 'too much.');
    model.answerNext(gate.script);
    const { reply } = await send(ann, 'who are you?');
    const reader = new ReplyReader(ann, reply.id);
    gate.open(1);
    await reader.waitForText('The frozen worker says ');
    frozen.kill('SIGSTOP');
    const second = createGate('The second worker', ' says all.');
    model.answer(second.script);
    await start('worker');
    second.open(1);
    await reader.waitForText('The second worker');
    gate.open(1);
    frozen.kill('SIGCONT');
    await frozen.waitForLog(({ because }) => because === 'superseded');
    second.open(1);
    await reader.readToEnd();
    expect(reader.text).toBe('The second worker says all.');
    expect(await contentOf(ann, reply.id)).toBe('The second worker says all.');
  });
});

/** Says one piece, and then nothing for as long as it is listened to. */
function gatedOpen(piece: string) {
  const gate = createGate(piece, 'never said');
  gate.open(1);
  return gate.script;
}
