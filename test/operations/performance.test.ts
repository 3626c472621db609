import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

/** Every statement is slow, so that there is something to tell. */
const app = useParley({ env: { SLOW_QUERY_MS: '1', METRICS_RETENTION_HOURS: '2' } });
const REPORT = /* GraphQL */ `query Report {
  performanceReport {
    since queries slowQueries totalMs averageMs p95Ms pool cache warnings
    slowest { at durationMs sql operationName } newest { at durationMs sql operationName }
  }
}`;
const MARKER = 'a very private sentence';
const report = async () => (await app.admin.ask(REPORT)).performanceReport;

it('tells of slow statements with the operation, and without what was sent', async () => {
  const user = await app.user();
  const search = 'query FindIt($query: String!) { searchMessages(query: $query) { found } }';
  await user.ask(
    'mutation Begin($title: String) { createConversation(input: { title: $title }) { conversation { id } } }',
    {
      title: MARKER,
    },
  );
  const told = await until(
    async () => {
      await user.ask(search, { query: MARKER });
      return report();
    },
    // The counts and the lists are read side by side: one may be stored between the two.
    ({ slowest, slowQueries }) =>
      slowQueries > 0 &&
      slowest.some(({ operationName }: { operationName: string | null }) => operationName === 'FindIt'),
  );
  expect(told.queries).toBeGreaterThanOrEqual(told.slowQueries);
  expect(told.averageMs).toBeCloseTo(told.totalMs / told.queries, 3);
  expect(told.pool).toMatchObject({ size: expect.any(Number), open: expect.any(Number), waiting: 0 });
  expect(told.pool.open).toBe(told.pool.inUse + told.pool.idle);
  const durations = told.slowest.map(({ durationMs }: { durationMs: number }) => durationMs);
  expect(durations).toEqual(durations.toSorted((one: number, other: number) => other - one));
  const times = told.newest.map(({ at }: { at: string }) => at);
  expect(times).toEqual(times.toSorted().reverse());
  expect(JSON.stringify(told)).not.toContain(MARKER);
}, 60_000);

it('tells of all processes, those that have ended, too', async () => {
  const before = await report();
  const other = await app.start('server');
  const user = await other.user();
  await Promise.all(
    Array.from({ length: 50 }, () => user.ask('{ viewer { username } conversationStats { conversations } }')),
  );
  await other.stop();
  const after = await report();
  expect(after.queries).toBeGreaterThan(before.queries);
}, 60_000);

it('warns of a response cache that finds little', async () => {
  const server = await app.start('server', { RESPONSE_CACHE_MB: '8' });
  const ask = async () => (await server.admin.ask('{ performanceReport { warnings } }')).performanceReport.warnings;
  const ann = await server.user();
  const look = () =>
    Promise.all(Array.from({ length: 100 }, (_, index) => ann.ask(`{ viewer { id } a${index}: __typename }`)));
  await look();
  expect(await ask()).not.toContainEqual(expect.stringMatching(/^cache: /));
  await look();
  expect(await ask()).toContainEqual(expect.stringMatching(/^cache: \d+ % of the queries/));
});

it('is for ADMINs', async () => {
  const user = await app.user({ scopes: ['READ', 'ADMIN'] });
  expect((await user.send(REPORT)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
