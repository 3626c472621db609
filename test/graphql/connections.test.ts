import { expect, it } from 'vitest';
import { connect, openSocket } from '../support/graphql-socket.ts';
import { bearer } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';

const MAX = 20;
const app = useParley({ env: { MAX_CONNECTIONS_PER_USER: String(MAX) } });

it('a user has so many connections at a time, and another user as many', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const sockets = await Promise.all(Array.from({ length: MAX }, () => connect(app.parley.url, bearer(ann.key))));
  const refused = await openSocket(app.parley.url);
  refused.send({ type: 'connection_init', payload: bearer(ann.key) });
  expect((await refused.closed).code).toBe(1013);
  const stream = await fetch(`${app.parley.url}/graphql?query={viewer{id}}`, {
    headers: { ...bearer(ann.key), accept: 'text/event-stream' },
  });
  expect(stream.status).toBe(429);
  await (await connect(app.parley.url, bearer(bob.key))).close();
  await sockets[0]?.close();
  await (await connect(app.parley.url, bearer(ann.key))).close();
  await Promise.all(sockets.slice(1).map((socket) => socket.close()));
});
