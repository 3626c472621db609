import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../support/event-stream.ts';
import { makeConversation } from '../support/fixtures.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { MessageAdded } from '../support/operations.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { addLargeMessages, openRawSocket, openRawStream } from '../support/raw-subscriptions.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

async function queuedBytes(): Promise<number> {
  const { text } = await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return Number(/^parley_send_queue_bytes (\d+)$/m.exec(text)?.[1]);
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
describe('a reader that does not keep up', () => {
  it('with many subscriptions on one socket is waited for, holds little memory, and disturbs no other reader', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 1);
    const socket = await openRawSocket(app.parley.url, ann, conversationId, 90);
    await once(socket, 'message');
    socket.pause();
    await using other = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
    const elapsedMs = startStopwatch(app.parley);
    await addLargeMessages(ann, conversationId, 40);
    const seen = await other.take(41);
    expect(seen.map(({ messageAdded }) => messageAdded.sequence)).toEqual(upTo(41));
    expect(elapsedMs()).toBeLessThan(8_000);
    expect(await queuedBytes()).toBeLessThan(4 * 2 ** 20); // 90 subscriptions × 6 MB are to be sent
    const sequences = new Map<string, number[]>();
    const complete = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const { id, payload } = JSON.parse(String(data));
        if (!payload?.data) return;
        const of = sequences.get(id) ?? [];
        sequences.set(id, of);
        of.push(payload.data.messageAdded.sequence);
        if ([...sequences.values()].filter(({ length }) => length === 41).length === 10) resolve();
      });
    });
    socket.resume();
    await complete;
    for (const of of sequences.values()) expect(of).toEqual(of.map((_, index) => (of[0] as number) + index));
    socket.terminate();
  });

  it('is waited for over server-sent events, and then sees everything, once and in order', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 1);
    const stream = await openRawStream(app.parley.url, ann, conversationId);
    await addLargeMessages(ann, conversationId, 100);
    const seen: number[] = [];
    for await (const { data } of readEvents(stream)) {
      if (seen.push(JSON.parse(data).data.messageAdded.sequence) === 101) break;
    }
    expect(seen).toEqual(upTo(101));
  });
});
