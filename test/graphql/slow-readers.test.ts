import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../support/event-stream.ts';
import { makeConversation } from '../support/fixtures.ts';
import { MessageAdded } from '../support/operations.ts';
import { addLargeMessages, openRawSocket, openRawStream } from '../support/raw-subscriptions.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
describe('a reader that does not keep up', () => {
  it('with many subscriptions on one socket is cut with 4413, disturbs no other reader, and can resume', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 1);
    const socket = await openRawSocket(app.parley.url, ann, conversationId, 90);
    await once(socket, 'message');
    socket.pause();
    await using other = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
    const addedAt = performance.now();
    await addLargeMessages(ann, conversationId, 3);
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
