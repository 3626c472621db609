import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { endWithOwner } from '#http/end-with-key.ts';
import type { KeyWatch } from '#http/key-watch.ts';

/** Longer than what most requests take, which are not watched. */
const WATCHED_BY_MS = 1_300;

/** Sends a request, and has its owner watched once `prepare` is done. Resolves with how many are watched then, and once it is over. */
async function countWatched(prepare: (leave: () => void, response: ServerResponse) => Promise<unknown>) {
  let watched = 0;
  const keyWatch = {
    watchUser() {
      watched += 1;
      return () => (watched -= 1);
    },
  } as unknown as KeyWatch;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sent = get({ port: (server.address() as AddressInfo).port, agent: false }).on('error', () => {});
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  await prepare(() => sent.destroy(), response);
  endWithOwner(keyWatch, 'ann', response);
  await sleep(WATCHED_BY_MS);
  const meanwhile = watched;
  if (!response.closed) {
    sent.destroy();
    await once(response, 'close');
  }
  server.close();
  return { meanwhile, afterwards: watched };
}

it('watches the owner of a file while it is sent', async () => {
  expect(await countWatched(async () => {})).toEqual({ meanwhile: 1, afterwards: 0 });
});

it('does not go on watching for a client who had left before the file was found', async () => {
  const watched = await countWatched(async (leave, response) => {
    leave();
    await once(response, 'close');
  });
  expect(watched).toEqual({ meanwhile: 0, afterwards: 0 });
});
