import { describe, expect, it } from 'vitest';
import { conversationOf } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { MessageAdded } from '../support/operations.ts';
import { resumingReader } from '../support/resuming-reader.ts';
import { useProcesses } from '../support/use-parley.ts';
import { type Writers, writersOf } from '../support/writers.ts';

const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });

/** Every message that was acknowledged was seen once, at its number, and no number is missing. */
function expectSeen({ seen }: ReturnType<typeof resumingReader>, { acknowledged }: Writers, last: number): void {
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
      const conversationId = await conversationOf(ann);
      const writers = writersOf(() => server.as(ann), conversationId);
      const reader = resumingReader((afterSequence) =>
        server.as(ann)[follow](MessageAdded, { conversationId, afterSequence }),
      );
      await reader.hasSeen(50);
      server.kill('SIGKILL');
      server = other;
      await reader.hasSeen(150);
      const last = await writers.stop();
      await reader.hasSeen(last);
      await reader.stop();
      expectSeen(reader, writers, last);
    },
  );

  it('misses nothing and sees nothing twice when the embedded server is killed and started again', async () => {
    const env = { PORT: String(await freePort()) };
    const parley = await embedded.start(undefined, env);
    const ann = await parley.user();
    const conversationId = await conversationOf(ann);
    const writers = writersOf(() => ann, conversationId);
    const reader = resumingReader((afterSequence) => ann.follow(MessageAdded, { conversationId, afterSequence }));
    await reader.hasSeen(50);
    parley.kill('SIGKILL');
    await embedded.start(undefined, env);
    await reader.hasSeen(100);
    const last = await writers.stop();
    await reader.hasSeen(last);
    await reader.stop();
    expectSeen(reader, writers, last);
  });
});
