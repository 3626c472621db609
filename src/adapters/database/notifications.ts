import { addAbortListener } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Listens to a channel of NOTIFY. Returns a function that stops it. */
export type Listen = (channel: string, onNotice: () => void) => Promise<() => Promise<void>>;

/** How long the server may take to open the connection, and to answer LISTEN. */
const TIMEOUT_MS = 5_000;
/** How long to wait until the next connection. */
const RECONNECT_MS = 2_000;

/**
 * Creates `listen` for PostgreSQL, with a connection of its own for each channel. PostgreSQL notifies of what was committed, whatever
 * becomes of the process that has committed it. `onNotice` is called for each notice, and whenever a connection begins to listen: nobody
 * was notified of what came before. It may be called for nothing. Resolves without waiting for the first connection.
 */
export const createListen =
  (connection: pg.ClientConfig): Listen =>
  async (channel, onNotice) => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const listening = listenUntil(signal, connection, channel, onNotice);
    return async () => {
      stopping.abort();
      await listening;
    };
  };

async function listenUntil(
  signal: AbortSignal,
  connection: pg.ClientConfig,
  channel: string,
  onNotice: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await listenOnce(signal, connection, channel, onNotice).catch(() => {}); // other statements meet the same, and are logged
    await sleep(RECONNECT_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Resolves when the connection has ended. */
async function listenOnce(
  signal: AbortSignal,
  connection: pg.ClientConfig,
  channel: string,
  onNotice: () => void,
): Promise<void> {
  const timeouts = { connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS };
  const socket = new Socket();
  const client = new pg.Client({
    ...connection,
    ...timeouts,
    application_name: 'parley notices',
    keepAlive: true,
    stream: () => socket,
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  client.on('error', () => end());
  client.once('end', end);
  client.on('notification', onNotice);
  const stop = addAbortListener(signal, () => socket.destroy());
  try {
    await client.connect();
    await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    onNotice();
    await ended;
  } finally {
    stop[Symbol.dispose]();
    socket.destroy(); // a database that hangs would not close it
  }
}
