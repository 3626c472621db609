import pg from 'pg';
import { startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';

// Run as a process: adds pairs of rows to the embedded database in argv[2] over 8 connections, without end. Writes
// "ready" when it begins, then the number of every pair whose transaction the database has acknowledged.

const dataDir = process.argv[2];
if (!dataDir) throw new Error('Which data directory?');
const database = await startEmbeddedDatabase({
  dataDir,
  onLost: (error) => {
    throw error;
  },
});
const pool = new pg.Pool({ ...database.connection, max: 8 });
await pool.query('CREATE TABLE IF NOT EXISTS pairs (id INT, half INT, filling TEXT)');
const { rows } = await pool.query<{ next: number }>('SELECT coalesce(max(id), 0) + 1 AS next FROM pairs');
let next = rows[0]?.next ?? 1;
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: 8 }, writePairs));

async function writePairs(): Promise<never> {
  for (;;) {
    const id = next++;
    const client = await pool.connect();
    await client.query('BEGIN');
    for (const half of [1, 2]) {
      await client.query('INSERT INTO pairs VALUES ($1, $2, $3)', [id, half, 'x'.repeat(id % 7 === 0 ? 100_000 : 100)]);
    }
    await client.query('COMMIT');
    client.release();
    process.stdout.write(`${id}\n`);
  }
}
