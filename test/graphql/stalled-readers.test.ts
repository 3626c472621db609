import { expect, it } from 'vitest';
import { openChannels } from '../support/channels.ts';
import { conversationOf } from '../support/fixtures.ts';
import { addLargeMessages, rawSocket, rawStream } from '../support/raw-readers.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

it('a reader that has stopped reading is let go within half a minute, whichever way it came', async () => {
  const ann = await app.user();
  const quiet = await openChannels(app.admin);
  const [first, second] = [await conversationOf(ann, 1), await conversationOf(ann, 1)];
  const socket = await rawSocket(app.parley.url, ann, first);
  const stream = await rawStream(app.parley.url, ann, second);
  await until(
    () => openChannels(app.admin),
    (channels) => channels === quiet + 2,
  );
  socket.pause();
  await addLargeMessages(ann, second, 100);
  const stalledAt = performance.now();
  await until(
    () => openChannels(app.admin),
    (channels) => channels === quiet,
  );
  expect(performance.now() - stalledAt).toBeLessThan(30_000);
  socket.terminate();
  stream.destroy();
});
