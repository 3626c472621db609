import type pg from 'pg';

/**
 * Runs `work` with one connection of a pool, which closes it where that fails. While a connection is out of its pool, nobody else
 * listens to it: a server that goes away between two statements would end the process.
 */
export async function withPooledClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const ignore = () => {}; // the statement that meets it says so
  client.on('error', ignore);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off('error', ignore);
    client.release(failed);
  }
}
