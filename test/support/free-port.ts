import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems choose themselves (Linux from 32,768, others from 49,152): one of those may go to the next process
 * that listens on port 0, or that connects to somebody, before whoever it was found for listens on it, or while that is down.
 */
const PORTS = { from: 16_000, to: 32_000 };
/** Workers of a test run take every sixteenth port, each worker its own: their files run at once. */
const STEP = 16;

let last =
  PORTS.from + STEP * randomInt((PORTS.to - PORTS.from) / STEP) + (Number(process.env.VITEST_POOL_ID ?? 0) % STEP);

/** A port of the loopback that nobody listens on, another each time; no system gives it to anybody else. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort();
    if (await isFree(port)) return port;
  }
}

/** Others may be looked for meanwhile: each gets a port of its own. */
function nextPort(): number {
  last = last + STEP < PORTS.to ? last + STEP : PORTS.from + (last % STEP);
  return last;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return false;
  server.close();
  await once(server, 'close');
  return true;
}
