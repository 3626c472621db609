import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { scratchPrefix, withScratchDatabase } from '#adapters/database/dump/scratch-databases.ts';

const role = `parley_scratch_${randomBytes(4).toString('hex')}`;
const leftover = `${scratchPrefix(role)}ffffffffffffffff`;
const admin = new pg.Client({ connectionString: inject('adminUrl') });

beforeAll(async () => {
  await admin.connect();
  await admin.query(`CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'secret'`);
  await admin.query(`CREATE DATABASE ${leftover}`);
});
afterAll(async () => {
  await admin.query(`DROP DATABASE ${leftover}`);
  await admin.query(`DROP ROLE ${role}`);
  await admin.end();
});

it('what another user has left there is left, and hinders nobody', async () => {
  const url = Object.assign(new URL(inject('adminUrl')), { username: role, password: 'secret', pathname: `/${role}` });
  const isThere = async (name: string) =>
    (await admin.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount === 1;
  const used = await withScratchDatabase(url.href, async (scratch) => {
    const name = new URL(scratch).pathname.slice(1);
    expect(await isThere(name)).toBe(true);
    return name;
  });
  expect([await isThere(used), await isThere(leftover)]).toEqual([false, true]);
});
