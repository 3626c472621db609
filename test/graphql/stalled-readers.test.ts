import { once } from 'node:events';
import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { countOpenChannels } from '../support/open-channels.ts';
import { MessageAdded } from '../support/operations.ts';
import { addLargeMessages, openRawSocket, openRawStream } from '../support/raw-subscriptions.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
/** How a socket ends whose reader has stalled: by the close code, where there was time to read it. */
const [SLOW_READER, CUT_OFF] = [4413, 1006];

it('a reader that has stopped reading is let go within half a minute, whichever way it came', async () => {
  const ann = await app.user();
  const quiet = await countOpenChannels(app.admin);
  const [first, second] = [await makeConversation(ann, 1), await makeConversation(ann, 1)];
  const socket = await openRawSocket(app.parley.url, ann, first);
  const stream = await openRawStream(app.parley.url, ann, second);
  await until(
    () => countOpenChannels(app.admin),
    (channels) => channels === quiet + 2,
  );
  socket.pause();
  await addLargeMessages(ann, second, 100);
  const elapsedMs = startStopwatch(app.parley);
  await until(
    () => countOpenChannels(app.admin),
    (channels) => channels === quiet,
  );
  expect(elapsedMs()).toBeLessThan(30_000);
  const closed = once(socket, 'close');
  socket.resume();
  expect([SLOW_READER, CUT_OFF]).toContain((await closed)[0]);
  await using resumed = ann.follow(MessageAdded, { conversationId: second, afterSequence: 1 });
  expect(await resumed.take(100)).toHaveLength(100);
  stream.destroy();
});
