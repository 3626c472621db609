import { Socket } from 'node:net';
import type pg from 'pg';
import { REQUEST_OPTIONS } from '#adapters/database/pools.ts';
import { withSessionOptions } from '#adapters/database/session-settings.ts';

/** A pool that ends without waiting: what it is running fails. */
export type EndablePool = { pool: pg.Pool; end(): Promise<void> };

/** Opens a pool to a database that may hang, in which case a connection that is ended in the ordinary way would stay open. */
export function openEndablePool(databaseUrl: string, open: (connection: pg.PoolConfig) => pg.Pool): EndablePool {
  const sockets = new Set<Socket>();
  const stream = () => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = open({ connectionString: withSessionOptions(databaseUrl, REQUEST_OPTIONS), stream });
  return {
    pool,
    async end() {
      const ended = pool.end();
      for (const socket of sockets) socket.destroy();
      await ended;
    },
  };
}
