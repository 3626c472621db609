import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { isOutage } from '#adapters/database/outages.ts';
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
