import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOf } from '../support/client.ts';
import { createDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const VIEWER = '{ viewer { username } }';

describe('the first key', () => {
  const embedded = useProcesses({ on: 'embedded' });
  const postgres = useProcesses();
  const LINK =
    /^Open (http:\/\/127\.0\.0\.1:\d+)\/graphql#key=(prl_[A-Za-z0-9_-]{43}) \(the key is shown only once; `npm run keys -- create --admin` makes another\)\.$/;

  it('is made where none is given, by a start that succeeds, after one that did not, and printed once, inside a link', async () => {
    const port = await freePort();
    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    const env = { BOOTSTRAP_ADMIN_KEY: '', PORT: String(port) };
    const refused = embedded.spawn(undefined, env);
    expect(await refused.ended).toBe(1);
    expect(refused.output).toEqual([expect.stringContaining('Another program listens there')]);
    taken.close();

    const first = await embedded.start(undefined, env);
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

    const second = await embedded.start(undefined, { BOOTSTRAP_ADMIN_KEY: '' });
    expect((await clientOf(second.url, secret as string).ask(VIEWER)).viewer.username).toBe('admin');
    await second.stop();
    expect(second.output).toEqual([]);
  });

  it('is the given one, which is not printed, and others given later are added', async () => {
    const [one, two] = [`prl_${'1'.repeat(43)}`, `prl_${'2'.repeat(43)}`];
    for (const secret of [one, two, one]) {
      const parley = await postgres.start('server', { BOOTSTRAP_ADMIN_KEY: secret });
      expect((await clientOf(parley.url, secret).ask(VIEWER)).viewer.username).toBe('admin');
      await parley.stop();
      expect(parley.output).toEqual([]);
    }
    expect(await sql(postgres.database, 'SELECT name FROM api_keys ORDER BY name')).toEqual([
      { name: 'BOOTSTRAP_ADMIN_KEY prl_11111111' },
      { name: 'BOOTSTRAP_ADMIN_KEY prl_22222222' },
    ]);
  });

  it('is made once by servers that start at the same time', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    const env = { ...database.env, BOOTSTRAP_ADMIN_KEY: '' };
    const servers = await Promise.all([1, 2].map(() => postgres.start('server', env)));
    await Promise.all(servers.map((server) => server.stop()));
    expect(servers.flatMap(({ output }) => output)).toEqual([expect.stringMatching(LINK)]);
  });
});
