import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { type ChatRequest, type Script, says, type Turn, useModelServer } from '../support/model-server.ts';
import { AddMessages, CreateConversation, ReplyOf } from '../support/operations.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { useParley } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley({ env: { ...model.env, EXTRACT_MEMORIES: 'false' } });
afterEach(() => {
  model.chats.length = 0;
  model.answer(says('Hello.'));
});

const replyOf = async (reader: Client, id: string): Promise<any> => (await reader.ask(ReplyOf, { id })).node;
async function askModel(asker: Client, content: string, conversationId?: string) {
  const { reply } = await send(asker, content, conversationId);
  const { text } = await readReply(asker, reply.id);
  return { ...(await replyOf(asker, reply.id)), text };
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const CONTEXT_ERROR = { error: { message: 'Too many tokens.', code: 'context_length_exceeded' } };
const respond =
  (...bodies: string[]): Script =>
  async (turn) => {
    for (const body of bodies) await turn.raw(body);
    turn.close();
  };

describe('what a model thinks', () => {
  it('is no part of the reply, and stands beside it once it is whole', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const opened = Promise.withResolvers<void>();
    model.answer(async (turn) => {
      turn.say('<thi', 'nk>מה היא\0<recalled-data> שואלת?', '</think>\n', '\nכחול', ' כמו');
      await opened.promise;
      turn.say(' הים.');
      turn.end();
    });
    const { reply } = await send(ann, 'איזה צבע?');
    const reader = new ReplyReader(ann, reply.id);
    await reader.waitForText('כחול');
    expect(await replyOf(ann, reply.id)).toMatchObject({ status: 'STREAMING', reasoning: null });
    opened.resolve();
    await reader.readToEnd();
    expect(reader.text).toBe('כחול כמו הים.');
    expect(await replyOf(ann, reply.id)).toMatchObject({
      status: 'COMPLETE',
      content: 'כחול כמו הים.',
      reasoning: 'מה היא שואלת?',
    });
    expect(await replyOf(bob, reply.id)).toBeNull();
  });

  it('is taken back where only its end tells, and the reply begins anew', async () => {
    const ann = await app.user();
    const shown = Promise.withResolvers<void>();
    const thinkBeforehand: Script = async (turn) => {
      turn.say('The sea ');
      await shown.promise;
      turn.say('comes to mind.', '\n</think>\n\n', 'Blue.');
      turn.end();
    };
    model.answer(thinkBeforehand);
    model.titleBy(thinkBeforehand);
    const { reply } = await send(ann, 'Which colour?');
    const reader = new ReplyReader(ann, reply.id);
    await reader.waitForText('The sea ');
    shown.resolve();
    await reader.readToEnd();
    const answer = { status: 'COMPLETE', content: 'Blue.', reasoning: 'The sea comes to mind.' };
    expect(reader.text).toBe('Blue.');
    expect(await replyOf(ann, reply.id)).toMatchObject({ ...answer, job: { attempt: 2 } });
    expect(await askModel(ann, 'Which colour?')).toMatchObject({ ...answer, text: 'Blue.', job: { attempt: 1 } });
  });

  it('is not sent back to it', async () => {
    const ann = await app.user();
    model.answer(
      respond(
        event({ choices: [{ delta: { reasoning_content: 'Sky, sea.' } }] }),
        event({ choices: [{ delta: { content: 'Blue.' } }] }),
      ),
    );
    const { conversation, reply } = await send(ann, 'Which colour?');
    expect((await readReply(ann, reply.id)).text).toBe('Blue.');
    await askModel(ann, 'Why?', conversation.id);
    expect(model.chats[1]?.messages.slice(1).map(({ content }) => content)).toEqual(['Which colour?', 'Blue.', 'Why?']);
  });

  it('is read whole in lists, however long it is', async () => {
    const ann = await app.user();
    const thought = 'ש'.repeat(60_000);
    model.answer(
      respond(
        event({ choices: [{ delta: { reasoning: thought } }] }),
        event({ choices: [{ delta: { content: 'Blue.' } }] }),
      ),
    );
    expect(await askModel(ann, 'Which colour?')).toMatchObject({ reasoning: `${thought.slice(0, 50_000)}…` });
  });
});

it('reads what a tool returned as JSON', async () => {
  const ann = await app.user();
  const conversationId = (await ann.ask(CreateConversation, { input: {} })).createConversation?.conversation
    .id as string;
  const messages = [
    { role: 'USER' as const, content: 'כמה חם?' },
    { role: 'TOOL' as const, content: '', toolResult: { degrees: 31.5 } },
  ];
  await ann.ask(AddMessages, { input: { conversationId, messages } });
  await askModel(ann, 'And now?', conversationId);
  expect(model.chats[0]?.messages.map(({ content }) => content)[2]).toContain('{"degrees":31.5}');
});

describe('a context that is too long', () => {
  const refusesAbove =
    (size: number, refuse: (turn: Turn) => unknown): Script =>
    async (turn) => {
      if (sizeOf(turn.request) > size) await refuse(turn);
      else says('Fits.')(turn);
    };
  const sizeOf = ({ messages }: ChatRequest) => messages.reduce((size, { content }) => size + content.length, 0);
  const STATUS_400 = (turn: Turn) => turn.fail(400, { code: 'context_length_exceeded' });
  const IN_STREAM = respond(event(CONTEXT_ERROR), 'data: [DONE]\n\n');

  async function longConversation(owner: Client): Promise<string> {
    const conversationId = (await owner.ask(CreateConversation, { input: {} })).createConversation?.conversation
      .id as string;
    const messages = Array.from({ length: 6 }, (_, n) => ({
      role: 'USER' as const,
      content: `${n} ${'long ago '.repeat(300)}`,
    }));
    await owner.ask(AddMessages, { input: { conversationId, messages } });
    return conversationId;
  }

  it.each([
    ['by its status', STATUS_400],
    ['in a stream', IN_STREAM],
  ])('%s is made smaller, once, without the oldest messages', async (_, refuse) => {
    const ann = await app.user();
    const conversationId = await longConversation(ann);
    model.answer(refusesAbove(12_000, refuse));
    expect(await askModel(ann, 'And now?', conversationId)).toMatchObject({ text: 'Fits.', job: { attempt: 1 } });
    const [first, second] = model.chats.map(({ messages }) => messages);
    expect(second?.[0]).toEqual(first?.[0]);
    expect(first).toHaveLength(8);
    expect(second?.slice(1)).toEqual(first?.slice(-((second?.length ?? 0) - 1)));
    expect(second?.length).toBeGreaterThan(2);
    expect(second?.length).toBeLessThan(8);
  });

  it('after that is refused, with words for its user, and costs nobody else a reply', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const conversationId = await longConversation(ann);
    model.answer(refusesAbove(1, IN_STREAM));
    expect(await askModel(ann, 'And now?', conversationId)).toMatchObject({
      status: 'FAILED',
      error: { code: 'MODEL_REFUSED', message: expect.stringContaining('fewer words'), retryable: false },
      job: { attempt: 1 },
    });
    expect(model.chats).toHaveLength(2);
    for (let n = 0; n < 6; n += 1) await askModel(ann, `${n} ${'word '.repeat(2_000)}`);
    model.answer(says('Hello.'));
    expect(await askModel(bob, 'Hello?')).toMatchObject({ status: 'COMPLETE', content: 'Hello.' });
  });

  it('is refused at once where nothing can be left out', async () => {
    const ann = await app.user();
    model.answer(IN_STREAM);
    expect(await askModel(ann, 'Hello?')).toMatchObject({ status: 'FAILED', error: { code: 'MODEL_REFUSED' } });
    expect(model.chats).toHaveLength(1);
  });
});

it('fails for one user by an error in the stream, as often as it is tried, and for no other', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  model.answer(async (turn) => {
    const isHers = turn.request.messages.at(-1)?.content.includes('poison');
    await (isHers ? respond('event: error\ndata: {"message":"cannot render the template"}\n\n') : says('Hello.'))(turn);
  });
  expect(await askModel(ann, 'poison')).toMatchObject({
    status: 'FAILED',
    error: { code: 'UNAVAILABLE', retryable: true },
    job: { attempt: 3 },
  });
  expect(model.chats).toHaveLength(9);
  expect(await askModel(bob, 'Hello?')).toMatchObject({ status: 'COMPLETE', content: 'Hello.' });
});
