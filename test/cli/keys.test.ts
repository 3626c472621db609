import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { runScript } from '../support/run-script.ts';
import { useProcesses } from '../support/use-parley.ts';

const CLI = join(import.meta.dirname, '../../bin/parley.js');
const ENV = { LOG_LEVEL: 'silent' };
const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });

const createKey = (env: Record<string, string>) => runScript(CLI, ['keys', 'create', '--admin'], { ...ENV, ...env });
const VIEWER = '{ viewer { username role } apiKeys { name scopes } }';

it('prints a key of an ADMIN while servers run, and the audit log tells', async () => {
  const parley = await postgres.start('server');
  const { code, output } = await createKey(postgres.database.env);
  const [, key = ''] = /^(prl_[\w-]{43})\nIt is shown only once\.\n$/.exec(output) ?? [];
  const client = clientOf(parley.url, key);
  const { viewer, apiKeys } = await client.ask(VIEWER);
  const { auditLog } = await client.ask('{ auditLog(first: 1) { edges { node { action } } } }');
  expect(code).toBe(0);
  expect(viewer).toEqual({ username: 'admin', role: 'ADMIN' });
  expect(apiKeys[0]).toEqual({ name: 'npm run keys', scopes: ['READ', 'WRITE', 'ADMIN', 'ACT_AS'] });
  expect(auditLog.edges).toEqual([{ node: { action: 'api-key.create' } }]);
});

it('makes one in a data directory that is free, and says who has one that is not', async () => {
  const { env } = embedded.database;
  const made = await createKey(env);
  const parley = await embedded.start(undefined, { BOOTSTRAP_ADMIN_KEY: '' });
  const refused = await createKey(env);
  expect((await clientOf(parley.url, made.output.slice(0, 47)).ask(VIEWER)).viewer.role).toBe('ADMIN');
  expect(parley.output).toEqual([]);
  expect(refused).toEqual({
    code: 1,
    output: expect.stringContaining(`${env.DATA_DIR} is in use by process ${parley.process.pid} `),
  });
});

it('explains itself when it is called in a way that it does not know', async () => {
  const calls = [[], ['create'], ['create', '--admin', 'more'], ['revoke'], ['create', '--all']];
  const env = { ...ENV, ...postgres.database.env };
  const ended = await Promise.all(calls.map((args) => runScript(CLI, ['keys', ...args], env)));
  expect(ended).toEqual(
    calls.map(() => ({ code: 2, output: expect.stringContaining('npx parley keys create --admin') })),
  );
});
