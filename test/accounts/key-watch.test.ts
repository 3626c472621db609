import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const CREATE = 'mutation { createApiKey(input: { name: "passing" }) { apiKey { id } } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id } } }';

async function statements(): Promise<number> {
  const { text } = await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return Number(/^parley_sql_statements_total (\d+)$/m.exec(text)?.[1]);
}

async function during(work: () => Promise<unknown>): Promise<number> {
  const before = await statements();
  await work();
  return (await statements()) - before;
}

it('idle sockets cost no statements of their own, and changes of keys few', async () => {
  const users = await Promise.all(Array.from({ length: 40 }, () => app.user()));
  const idle = () => during(() => sleep(3_000));
  const alone = await idle();
  const sockets = await Promise.all(users.map(({ key }) => connect(app.parley.url, bearer(key))));
  // On PostgreSQL without Redis other processes are not heard, so the keys are checked every 1.5 s, by one statement.
  expect((await idle()) - alone).toBeLessThan(20);

  const ann = users[0] as (typeof users)[0];
  const made = await Promise.all(Array.from({ length: 30 }, () => ann.ask(CREATE)));
  const revocations = await during(async () => {
    for (const { createApiKey } of made) await ann.ask(REVOKE, { id: createApiKey.apiKey.id });
    await sleep(1_000);
  });
  expect(revocations).toBeLessThan(30 * 20);
  for (const socket of sockets) await socket.close();
});
