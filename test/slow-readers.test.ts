import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { useApp } from './support/app.ts';
import { openChannels } from './support/channels.ts';
import type { Client } from './support/client.ts';
import { eventsOf } from './support/event-stream.ts';
import { AddMessage, MessageAdded } from './support/operations.ts';
import { until } from './support/until.ts';
import { conversationOf } from './support/worlds.ts';

const app = useApp();

const LARGE = 'x'.repeat(150_000);

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const add = (writer: Client, conversationId: string) =>
  writer.ask(AddMessage, { input: { conversationId, role: 'USER', content: LARGE } });

async function addMany(writer: Client, conversationId: string, count: number): Promise<void> {
  for (let time = 0; time < count; time += 1) await add(writer, conversationId);
}

/** A socket that follows a conversation `times` over, and knows nothing of reading on its own. */
async function rawSocket(reader: Client, conversationId: string, times = 1): Promise<WebSocket> {
  const socket = new WebSocket(`${app.parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${reader.key}` } }));
  await once(socket, 'message');
  const payload = { query: MessageAdded.toString(), variables: { conversationId, afterSequence: 0 } };
  for (let id = 1; id <= times; id += 1) socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }));
  return socket;
}

/** The response to a subscription over server-sent events, of which nothing is read yet. */
async function rawStream(reader: Client, conversationId: string): Promise<IncomingMessage> {
  const headers = {
    authorization: `Bearer ${reader.key}`,
    'content-type': 'application/json',
    accept: 'text/event-stream',
  };
  const asked = request(`${app.parley.url}/graphql`, { method: 'POST', headers });
  asked.on('error', () => {});
  asked.end(JSON.stringify({ query: MessageAdded.toString(), variables: { conversationId, afterSequence: 0 } }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response.pause();
}

describe('a reader that does not keep up', () => {
  it('with many subscriptions on one socket is cut with 4413, disturbs no other reader, and can resume', async () => {
    const ann = await app.user();
    const conversationId = await conversationOf(ann, 1);
    const socket = await rawSocket(ann, conversationId, 90);
    await once(socket, 'message');
    socket.pause();
    await using other = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
    const addedAt = performance.now();
    await addMany(ann, conversationId, 3);
    const seen = await other.take(4);
    expect(seen.map(({ messageAdded }) => messageAdded.sequence)).toEqual(upTo(4));
    expect(performance.now() - addedAt).toBeLessThan(4_000);
    const closed = once(socket, 'close');
    socket.resume();
    expect((await closed)[0]).toBe(4413);
    await using again = ann.follow(MessageAdded, { conversationId, afterSequence: 1 });
    expect((await again.take(3)).map(({ messageAdded }) => messageAdded.sequence)).toEqual([2, 3, 4]);
  });

  it('is waited for over server-sent events, and then sees everything, once and in order', async () => {
    const ann = await app.user();
    const conversationId = await conversationOf(ann, 1);
    const stream = await rawStream(ann, conversationId);
    await addMany(ann, conversationId, 100);
    const seen: number[] = [];
    for await (const { data } of eventsOf(stream)) {
      if (seen.push(JSON.parse(data).data.messageAdded.sequence) === 101) break;
    }
    expect(seen).toEqual(upTo(101));
  });
});

it('a reader that has stopped reading is let go within half a minute, whichever way it came', async () => {
  const ann = await app.user();
  const quiet = await openChannels(app.admin);
  const [first, second] = [await conversationOf(ann, 1), await conversationOf(ann, 1)];
  const socket = await rawSocket(ann, first);
  const stream = await rawStream(ann, second);
  await until(
    () => openChannels(app.admin),
    (channels) => channels === quiet + 2,
  );
  socket.pause();
  await addMany(ann, second, 100);
  const stalledAt = performance.now();
  await until(
    () => openChannels(app.admin),
    (channels) => channels === quiet,
  );
  expect(performance.now() - stalledAt).toBeLessThan(30_000);
  socket.terminate();
  stream.destroy();
});
