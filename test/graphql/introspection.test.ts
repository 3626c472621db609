import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertValidSchema, buildSchema, execute, executeSync, getIntrospectionQuery, parse } from 'graphql';
import { expect, it } from 'vitest';
import { countIntrospectedFields, paceIntrospection } from '#http/graphql/introspection.ts';

const FIELDS = Array.from({ length: 20 }, (_, index) => `"Number ${index}" f${index}(first: Int = 10): [String!]`);
const TYPES = Array.from({ length: 300 }, (_, index) => `type T${index} { ${FIELDS.join(' ')} }`);
const schema = buildSchema(
  `type Query { ${TYPES.map((_, index) => `t${index}: T${index}`).join(' ')} } ${TYPES.join(' ')}`,
);
const document = parse(getIntrospectionQuery());

/** Returns in how many turns of the event loop a promise is not settled yet. */
async function countTurns(promise: unknown): Promise<number> {
  let isDone = false;
  let turns = 0;
  const done = Promise.resolve(promise).finally(() => (isDone = true));
  for (; !isDone; turns += 1) await nextTurn();
  await done;
  return turns;
}

it('leaves the event loop to others while it is answered, and has the same answer', async () => {
  assertValidSchema(schema); // as before any document is executed
  const answer = execute({ schema: paceIntrospection(schema), document });
  expect(await countTurns(answer)).toBeGreaterThan(5);
  expect(JSON.stringify(await answer)).toBe(JSON.stringify(executeSync({ schema, document })));
});

it('leaves the event loop to others while its fields are counted, of all types and of the largest piece', async () => {
  const operation = { document, variables: {}, operationName: null };
  const told: number[] = [];
  const max = { all: 1_000_000, atOnce: 1_000_000 };
  const counting = countIntrospectedFields(schema, operation, {
    max,
    onCounted: async (fields) => void told.push(fields),
  });
  expect(await countTurns(counting)).toBeGreaterThan(5);
  const { all, atOnce } = await counting;
  expect(all).toBeGreaterThan(10 * atOnce);
  expect(told.length).toBeGreaterThan(5);
  expect(told).toEqual(told.toSorted((one, other) => one - other));
});
