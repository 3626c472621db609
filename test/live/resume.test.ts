import { describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { startWriters, type Writers } from '../support/message-writers.ts';
import { MessageAdded } from '../support/operations.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { useProcesses } from '../support/use-parley.ts';

const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });

/** Every message that was acknowledged was seen once, at its number, and no number is missing. */
function expectSeen({ seen }: ReturnType<typeof startResumingReader>, { acknowledged }: Writers, last: number): void {
  expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(seen.map(({ content }) => content)).toEqual(seen.map(({ sequence }) => acknowledged.get(sequence)));
}

describe('a reader who resumes after the last number it has seen', () => {
  it.each([
    ['WebSocket', 'follow'],
    ['server-sent events', 'stream'],
  ] as const)(
    'misses nothing and sees nothing twice over %s when its server is killed and another goes on',
    async (_transport, follow) => {
      let server = await postgres.start('server');
      const other = await postgres.start('server');
      const ann = await server.user();
      const conversationId = await makeConversation(ann);
      const writers = startWriters(() => server.as(ann), conversationId);
      const reader = startResumingReader((afterSequence) =>
        server.as(ann)[follow](MessageAdded, { conversationId, afterSequence }),
      );
      await reader.waitForSequence(50);
      server.kill('SIGKILL');
      server = other;
      await reader.waitForSequence(150);
      const last = await writers.stop();
      await reader.waitForSequence(last);
      await reader.stop();
      expectSeen(reader, writers, last);
    },
  );

  it('misses nothing and sees nothing twice when the embedded server is killed and started again', async () => {
    const env = { PORT: String(await freePort()) };
    const parley = await embedded.start(undefined, env);
    const ann = await parley.user();
    const conversationId = await makeConversation(ann);
    const writers = startWriters(() => ann, conversationId);
    const reader = startResumingReader((afterSequence) => ann.follow(MessageAdded, { conversationId, afterSequence }));
    await reader.waitForSequence(50);
    parley.kill('SIGKILL');
    await embedded.start(undefined, env);
    await reader.waitForSequence(100);
    const last = await writers.stop();
    await reader.waitForSequence(last);
    await reader.stop();
    expectSeen(reader, writers, last);
  });
});
