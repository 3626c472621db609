import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { AttributedPool } from '#adapters/database/attributed-pool.ts';
import { isOutage, isOutcomeUnknown } from '#adapters/database/outages.ts';
import { explainError } from '../../src/cli/explain-error.ts';

it('a socket that is not there is an outage, and a file that is missing is none', async () => {
  const [socket] = await once(
    connect('/nowhere/parley.sock').on('error', () => {}),
    'error',
  ).catch((error) => [error]);
  expect(isOutage(socket)).toBe(true);
  expect(explainError(socket)).toContain('The database does not answer');
  const file = await readFile('/nowhere/file').catch((error: unknown) => error);
  expect(isOutage(file)).toBe(false);
  expect(isOutage(new Error('cannot start', { cause: file }))).toBe(false);
  expect(explainError(file)).not.toContain('The database');
});

it('the outcome of a statement is unknown once it was sent, and not where no connection could be opened', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = new AttributedPool({ host: '127.0.0.1', port, max: 1, connectionTimeoutMillis: 5_000 });
  const error = await pool.query('SELECT 1').catch((thrown: unknown) => thrown);
  expect([isOutage(error), isOutcomeUnknown(error)]).toEqual([true, false]);
  expect(isOutcomeUnknown(new Error((error as Error).message, { cause: error }))).toBe(true);
  await pool.end();
  server.close();
});
