import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import type { Operation } from '../support/transports.ts';
import { useParley } from '../support/use-parley.ts';

/** Queries that recur run compiled (from the third time on); nobody may notice. */
const RUNS = 10;

const app = useParley();
let ann: Client;
/** A conversation. */
let id: string;
/** Its captions cannot be read. */
let clip: string;

beforeAll(async () => {
  ann = await app.user();
  id = await makeConversation(ann, 5);
  const episodeId = await makeEpisode(ann);
  await processToEnd(ann, episodeId);
  const { episode } = await ann.ask(
    'query ($id: ID!) { episode(id: $id) { clips(first: 1) { edges { node { id } } } } }',
    { id: episodeId },
  );
  clip = episode.clips.edges[0].node.id;
  await sql(app.database, 'ALTER TABLE transcript_segments RENAME TO gone');
});

const run = async (operation: Operation) => {
  const { status, json } = await postGraphql(app.parley.url, operation, { ...bearer(ann.key), 'x-request-id': 'same' });
  return { status, json };
};

const NODE =
  'query ($id: ID!) { node(id: $id) { __typename id ...Said } } fragment Said on Conversation { title owner { ...Who } messages(last: 2) { edges { node { sequence } } } } fragment Who on User { username }';
const SKIPPED =
  'query ($id: ID!, $no: Boolean!) { conversation(id: $id) { id @skip(if: $no) title @include(if: $no) ... @include(if: $no) { messageCount } } }';
const INCLUDED =
  'query ($id: ID!, $yes: Boolean = true) { viewer { username } node(id: $id) { id ... on Conversation { title @include(if: $yes) } } }';
const ALIASED =
  'query ($id: ID!) { one: conversation(id: $id) { n: messageCount first: messages(first: 1) { edges { node { content } } } last: messages(last: 1) { edges { node { content } } } } two: conversation(id: $id) { n: id } }';
const NESTED = `query ($id: ID!) { conversation(id: $id) { id messages(first: 101) { totalCount } } }`;
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Clip { title captions } } viewer { username } }`;
const PAGED =
  'query ($id: ID!, $first: Int = 2, $roles: [MessageRole!]) { conversation(id: $id) { messages(first: $first, roles: $roles) { totalCount edges { node { content role sentAt } } } } }';

/** It cannot be read. */
const segment = Buffer.from('TranscriptSegment:01234567-89ab-7def-8123-456789abcdef').toString('base64url');

const DOCUMENTS: [what: string, operation: () => Operation][] = [
  ['fragments on an interface', () => ({ query: NODE, variables: { id } })],
  ['@skip and @include', () => ({ query: SKIPPED, variables: { id, no: true } })],
  ['@skip and @include the other way round', () => ({ query: SKIPPED, variables: { id, no: false } })],
  ['aliases', () => ({ query: ALIASED, variables: { id } })],
  ['the default of a variable', () => ({ query: PAGED, variables: { id } })],
  ['an enum in a list', () => ({ query: PAGED, variables: { id, first: 1, roles: ['USER'] } })],
  ['one value for a list', () => ({ query: PAGED, variables: { id, roles: 'USER' } })],
  ['null for what has a default', () => ({ query: PAGED, variables: { id, first: null } })],
  ['a whole number written as a fraction', () => ({ query: PAGED, variables: { id, first: 1.0 } })],
  ['a number for an id', () => ({ query: PAGED, variables: { id: 7 } })],
  ['an error of a rule, inside', () => ({ query: NESTED, variables: { id } })],
  ['an error of ours, for the last in a list', () => ({ query: NODES, variables: { ids: [id, segment] } })],
  ['an error of ours, for the first in a list', () => ({ query: NODES, variables: { ids: [segment, id] } })],
  ['an error of ours that takes what is around it along', () => ({ query: NODES, variables: { ids: [id, clip] } })],

  ['null for what is included by default', () => ({ query: INCLUDED, variables: { id, yes: null } })],
  ['what is included by default', () => ({ query: INCLUDED, variables: { id } })],
  ['a missing variable', () => ({ query: PAGED })],
  ['null for a required variable', () => ({ query: PAGED, variables: { id: null } })],
  ['a variable of a wrong type', () => ({ query: PAGED, variables: { id, first: 'x' } })],
  ['a variable of a wrong type in a list', () => ({ query: PAGED, variables: { id, roles: ['USER', 'NOBODY'] } })],
  ['an object for an id', () => ({ query: PAGED, variables: { id: {} } })],
  ['a variable beyond 32 bits', () => ({ query: PAGED, variables: { id, first: 2 ** 31 } })],
  [
    'introspection',
    () => ({
      query: '{ __schema { queryType { name fields { name } } } __type(name: "Role") { enumValues { name } } }',
    }),
  ],
  ['the name of the type', () => ({ query: '{ __typename viewer { __typename } }' })],
];

describe('the tenth answer is the first', () => {
  it.each(DOCUMENTS)('for %s', async (_what, operation) => {
    const answers = [];
    for (let round = 0; round < RUNS; round += 1) answers.push(await run(operation()));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('for one document with variables now good, now bad', async () => {
    const answersOf = async (first: unknown) => (await run({ query: PAGED, variables: { id, first } })).json;
    for (let round = 0; round < RUNS; round += 1) {
      expect((await answersOf(2)).data.conversation.messages.edges).toHaveLength(2);
      expect((await answersOf('2')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect((await answersOf(101)).errors).toMatchObject([
        { path: ['conversation', 'messages'], extensions: { field: 'first' } },
      ]);
    }
  });
});

it('of two operations in a document, the one that is named is answered, however often', async () => {
  const query =
    'query A { viewer { username } } query B { __typename } query C($id: ID!) { conversation(id: $id) { messageCount } }';
  for (let round = 0; round < RUNS; round += 1) {
    expect((await run({ query, operationName: 'A' })).json.data).toEqual({ viewer: { username: expect.any(String) } });
    expect((await run({ query, operationName: 'B' })).json.data).toEqual({ __typename: 'Query' });
    expect((await run({ query, operationName: 'C', variables: { id } })).json.data).toEqual({
      conversation: { messageCount: 5 },
    });
    expect((await run({ query, operationName: 'D' })).json.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect((await run({ query })).json.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});

it('one user’s compiled query shows another only their own', async () => {
  const bob = await app.user();
  const query = 'query ($id: ID!) { viewer { username } conversation(id: $id) { id } }';
  for (let round = 0; round < RUNS; round += 1) {
    expect((await ann.ask(query, { id })).conversation).toEqual({ id });
    expect(await bob.ask(query, { id })).toEqual({ viewer: { username: bob.username }, conversation: null });
  }
});

it('are compiled, once each', async () => {
  const compiled = async () =>
    Number(
      /^parley_queries_compiled_total (\d+)$/m.exec(
        (await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) })).text,
      )?.[1],
    );
  const before = await compiled();
  for (let time = 0; time < RUNS; time += 1) await run({ query: 'query Once { viewer { id } }' });
  expect(await compiled()).toBe(before + 1);
});
