import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertValidSchema, buildSchema, execute, executeSync, getIntrospectionQuery, parse } from 'graphql';
import { expect, it } from 'vitest';
import { paceIntrospection } from '#http/graphql/introspection.ts';

const FIELDS = Array.from({ length: 20 }, (_, index) => `"Number ${index}" f${index}(first: Int = 10): [String!]`);
const TYPES = Array.from({ length: 300 }, (_, index) => `type T${index} { ${FIELDS.join(' ')} }`);
const schema = buildSchema(
  `type Query { ${TYPES.map((_, index) => `t${index}: T${index}`).join(' ')} } ${TYPES.join(' ')}`,
);
const document = parse(getIntrospectionQuery());

it('leaves the event loop to others while it is answered, and has the same answer', async () => {
  assertValidSchema(schema); // as before any document is executed
  let isDone = false;
  let turns = 0;
  const answer = Promise.resolve(execute({ schema: paceIntrospection(schema), document })).finally(() => {
    isDone = true;
  });
  for (; !isDone; turns += 1) await nextTurn();
  expect(turns).toBeGreaterThan(5);
  expect(JSON.stringify(await answer)).toBe(JSON.stringify(executeSync({ schema, document })));
});
