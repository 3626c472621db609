import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { useProcesses } from '../support/use-parley.ts';

const app = useProcesses();
const REQUEST = 'GET /health/live HTTP/1.1\r\nhost: parley\r\n\r\n';

it('an idle connection is answered on for HTTP_KEEP_ALIVE_SECONDS, and then closed', async () => {
  const parley = await app.start('server', { HTTP_KEEP_ALIVE_SECONDS: '1' });
  const socket = connect(Number(new URL(parley.url).port), '127.0.0.1').setEncoding('utf8');
  let askedAt = 0;
  for (let requests = 0; requests < 2; requests += 1) {
    askedAt = performance.now();
    socket.write(REQUEST);
    const [answer] = await once(socket, 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/^keep-alive: timeout=1\r$/im);
  }
  await once(socket, 'close');
  expect(performance.now() - askedAt).toBeGreaterThan(950);
});
