import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { startParley } from '../support/parley.ts';
import { createDatabase } from '../support/postgres.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';

const VIEWER = '{ viewer { username } }';

describe('the first key', () => {
  const LINK =
    /^Open (http:\/\/127\.0\.0\.1:\d+)\/graphql#key=(prl_[A-Za-z0-9_-]{43}) \(this key is shown this once\)\.$/;
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-first-key-'));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('is made where none is given, and printed once, inside a link', async () => {
    const first = await startParley({ DATA_DIR: dataDir, BOOTSTRAP_ADMIN_KEY: '' });
    const [line] = await until(
      async () => first.output,
      ({ length }) => length > 0,
    );
    const [, url, secret] = LINK.exec(line as string) ?? [];
    expect(url).toBe(first.url);
    const { viewer, apiKeys } = await clientOf(first.url, secret as string).ask(
      '{ viewer { username role } apiKeys { scopes } }',
    );
    expect(viewer).toEqual({ username: 'admin', role: 'ADMIN' });
    expect(apiKeys).toEqual([{ scopes: ['READ', 'WRITE', 'ADMIN', 'ACT_AS'] }]);
    await first.stop();
    expect(first.output).toHaveLength(1);
    expect(JSON.stringify(first.log)).not.toContain(secret);

    const second = await startParley({ DATA_DIR: dataDir, BOOTSTRAP_ADMIN_KEY: '' });
    expect((await clientOf(second.url, secret as string).ask(VIEWER)).viewer.username).toBe('admin');
    await second.stop();
    expect(second.output).toEqual([]);
  });

  it('is the given one, which is not printed, and others given later are added', async () => {
    const [one, two] = [`prl_${'1'.repeat(43)}`, `prl_${'2'.repeat(43)}`];
    const database = await createDatabase();
    for (const secret of [one, two, one]) {
      const parley = await startParley({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_KEY: secret }, 'server');
      expect((await clientOf(parley.url, secret).ask(VIEWER)).viewer.username).toBe('admin');
      await parley.stop();
      expect(parley.output).toEqual([]);
    }
    expect(await sql(database, 'SELECT name FROM api_keys ORDER BY name')).toEqual([
      { name: 'BOOTSTRAP_ADMIN_KEY prl_11111111' },
      { name: 'BOOTSTRAP_ADMIN_KEY prl_22222222' },
    ]);
    await database.drop();
  });

  it('is made once by three servers that start at the same time', async () => {
    const database = await createDatabase();
    const servers = await Promise.all(
      [1, 2, 3].map(() => startParley({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_KEY: '' }, 'server')),
    );
    await Promise.all(servers.map((server) => server.stop()));
    expect(servers.flatMap(({ output }) => output)).toEqual([expect.stringMatching(LINK)]);
    await database.drop();
  });
});
