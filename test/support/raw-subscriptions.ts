import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import type { Client } from './client.ts';
import { AddMessage, MessageAdded } from './operations.ts';

/** A socket that follows a conversation `times` over, and knows nothing of reading on its own. */
export async function openRawSocket(
  url: string,
  reader: Client,
  conversationId: string,
  times = 1,
): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${reader.key}` } }));
  await once(socket, 'message');
  const payload = { query: MessageAdded.toString(), variables: { conversationId, afterSequence: 0 } };
  for (let id = 1; id <= times; id += 1) socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }));
  return socket;
}

/** The response to a subscription over server-sent events, of which nothing is read yet. */
export async function openRawStream(url: string, reader: Client, conversationId: string): Promise<IncomingMessage> {
  const headers = {
    authorization: `Bearer ${reader.key}`,
    'content-type': 'application/json',
    accept: 'text/event-stream',
  };
  const asked = request(`${url}/graphql`, { method: 'POST', headers });
  asked.on('error', () => {});
  asked.end(JSON.stringify({ query: MessageAdded.toString(), variables: { conversationId, afterSequence: 0 } }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response.pause();
}

/** One by one, `count` messages of a size that fills buffers, and without words, which cost time to index. */
export async function addLargeMessages(writer: Client, conversationId: string, count: number): Promise<void> {
  const input = { conversationId, role: 'USER' as const, content: '-'.repeat(150_000) };
  for (let time = 0; time < count; time += 1) await writer.ask(AddMessage, { input });
}
