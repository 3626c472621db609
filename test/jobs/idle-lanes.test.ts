import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const SECONDS = 6;
/** Of which a look every two seconds takes three; seven lanes that poll as often would take 21. */
const MAX_STATEMENTS = 28;

/** On the embedded database, the statements of the queue are counted with the others. */
const app = useParley({ on: 'embedded' });

async function statements(): Promise<number> {
  const { text } = await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return Number(/^parley_sql_statements_total (\d+)$/m.exec(text)?.[1]);
}

async function countWhileIdle(): Promise<number> {
  const before = await statements();
  await sleep(SECONDS * 1_000);
  return (await statements()) - before;
}

it('one statement looks for due jobs of all lanes, and lanes without any cost none', async () => {
  const counted = await until(countWhileIdle, (count) => count < MAX_STATEMENTS);
  expect(counted).toBeGreaterThan(0);
});
