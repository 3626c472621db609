import assert from 'node:assert/strict';
import type pg from 'pg';
import type { Contestant } from './contestants.ts';
import { requestOf } from './measure.ts';
import type { Scenario } from './scenarios.ts';
import type { Target } from './seed.ts';
import type { Running } from './servers.ts';

/** How many users' answers are compared. */
const COMPARED = 5;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws where a contestant answers anything but what the database has, so that nobody is measured for something else. */
export async function checkAnswers(
  contestant: Contestant,
  server: Running,
  scenario: Scenario,
  targets: readonly Target[],
  pool: pg.Pool,
): Promise<void> {
  for (const target of targets.slice(0, COMPARED)) {
    const expected = await readExpected(scenario, target, pool);
    const answer = await ask(contestant, server, scenario, target);
    assert.deepEqual(answer, expected, `${contestant.name} answers something else to ${scenario.key}.`);
  }
}

async function ask({ operations, name }: Contestant, server: Running, { key }: Scenario, target: Target) {
  const operation = operations[key];
  if (!operation) throw new Error(`${name} has no ${key}.`);
  const request = requestOf(operation.query, operation.variables(target), target);
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', ...request });
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  if (errors) throw new Error(`${name} fails in ${key}: ${JSON.stringify(errors)}`);
  return plain(operation.read(data));
}

/** What the scenario's own statement returns; of a mutation, which number the next message gets. */
async function readExpected({ key, statement, parameters }: Scenario, target: Target, pool: pg.Pool) {
  if (key === 'M1 hot' || key === 'M1 distinct') {
    const next = 'SELECT last_sequence + 1 AS sequence FROM conversations WHERE id = $1';
    return (await pool.query(next, [target.conversationId])).rows[0];
  }
  if (statement === null) return { __typename: 'Query' };
  const { rows } = await pool.query(statement, parameters(target));
  const { data } = JSON.parse(rows[0].body);
  return plain(
    key === 'Q3'
      ? data.searchMemories.matches.map(({ memory }: { memory: unknown }) => memory)
      : Object.values(data)[0],
  );
}

/** Lists without edges and nodes, ids as the database has them, times as moments: what any API says of the same data. */
function plain(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => plain(entry));
  if (typeof value === 'string') return plainText(value, name);
  if (value === null || typeof value !== 'object') return value;
  if ('edges' in value) return (value.edges as { node: unknown }[]).map(({ node }) => plain(node));
  if ('nodes' in value) return plain(value.nodes);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry, key)]));
}

function plainText(text: string, name: string): string {
  if (name.endsWith('At')) return new Date(text).toISOString();
  if (name === 'id' && !UUID.test(text)) return Buffer.from(text, 'base64url').toString().split(':')[1] ?? text;
  return text;
}
