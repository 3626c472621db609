import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, OperationTypeNode } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, makeLead, makeMeeting, processToEnd } from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { encodeBody, listRootFields, type RootField } from '../support/hostile-requests.ts';
import { bearer, postGraphql } from '../support/http.ts';
import { listTextPlaces, type TextPlace } from '../support/text-places.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { MAX_QUEUE_SIZE: '100000' } });
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const SEED = 20_260_131;
const CALLS_PER_FIELD = 60;

/** design: the codes that an error may have. */
const CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'SLOT_TAKEN',
  'NOT_ELIGIBLE',
  'QUEUE_FULL',
  'QUOTA_EXCEEDED',
  'FILE_TOO_LARGE',
  'UNSUPPORTED_MEDIA',
  'LIMIT_EXCEEDED',
];

let ann: Client & { id: string };
let fields: RootField[];
let texts: TextPlace[];

/** Things of Ann's, things of Bob's, by type. */
beforeAll(async () => {
  ann = await app.user({ role: 'ADMIN', scopes: ['READ', 'WRITE', 'ADMIN'] });
  const bob = await app.user();
  const worlds = await Promise.all([worldOf(ann), worldOf(bob)]);
  const types = [
    'Conversation',
    'Message',
    'Memory',
    'Episode',
    'Clip',
    'Job',
    'User',
    'ApiKey',
    'Lead',
    'Meeting',
  ] as const;
  const ids = Object.fromEntries(types.map((type) => [type, worlds.map((world) => world[type])]));
  // Whom eraseUser may erase: the others go on.
  ids.User = [(await app.user()).id, (await app.user()).id];
  fields = listRootFields(schema, ids).sort((a, b) => Number(ends(a)) - Number(ends(b)));
  texts = listTextPlaces(schema, ids);
});

const ends = ({ name }: RootField) => /delete|archive|revoke|rotate/.test(name);

async function worldOf(owner: Client & { id: string }) {
  const [conversation, episode] = await Promise.all([makeConversation(owner, 3), makeEpisode(owner)]);
  const { id: job } = await processToEnd(owner, episode);
  const {
    viewer,
    conversation: said,
    episode: heard,
  } = await owner.ask(
    `query ($conversation: ID!, $episode: ID!) {
      viewer { id }
      conversation(id: $conversation) { messages { edges { node { id } } } }
      episode(id: $episode) { clips { edges { node { id } } } }
    }`,
    { conversation, episode },
  );
  const { createApiKey } = await owner.ask('mutation { createApiKey(input: { name: "spare" }) { apiKey { id } } }');
  const { saveMemory } = await owner.ask('mutation { saveMemory(input: { content: "A fact." }) { memory { id } } }');
  const [message, clip] = [said.messages.edges[0].node.id, heard.clips.edges[0].node.id];
  return {
    Conversation: conversation,
    Message: message,
    Memory: saveMemory.memory.id,
    Episode: episode,
    Clip: clip,
    Job: job,
    User: viewer.id,
    ApiKey: createApiKey.apiKey.id,
    Lead: await makeLead(owner),
    Meeting: await makeMeeting(owner),
  };
}

const samplesOf = ({ variables }: RootField) => fc.sample(variables, { seed: SEED, numRuns: CALLS_PER_FIELD });

/** What went wrong in a way that is ours, with what was sent. */
const oursIn = (name: string, variables: unknown, errors: { extensions: { code: string } }[] | undefined) =>
  (errors ?? [])
    .filter(({ extensions }) => !CODES.includes(extensions?.code))
    .map((error) => ({ name, variables, error }));

/** The errors of a request that brings a text to a place. */
async function errorsAt({ type, request }: TextPlace, text: string) {
  if (type !== OperationTypeNode.SUBSCRIPTION)
    return (await postGraphql(app.parley.url, request(text), bearer(ann.key))).json?.errors;
  const socket = await connect(app.parley.url, bearer(ann.key));
  socket.send(encodeBody({ type: 'subscribe', id: '1', payload: request(text) }));
  await socket.run({ query: '{ __typename }' });
  const answers = socket.messages();
  await socket.close();
  return answers.flatMap(({ type: kind, payload }) => (kind === 'error' ? payload : (payload?.errors ?? [])));
}

describe('no input', () => {
  it.each([OperationTypeNode.QUERY, OperationTypeNode.MUTATION])(
    'makes a %s fail for a reason that is ours',
    async (type) => {
      const ours: unknown[] = [];
      let answered = 0;
      for (const field of fields.filter((each) => each.type === type)) {
        for (const variables of samplesOf(field)) {
          const { json } = await postGraphql(
            app.parley.url,
            encodeBody({ query: field.query, variables }),
            bearer(ann.key),
          );
          ours.push(...oursIn(field.name, variables, json.errors));
          if (json.data?.[field.name]) answered += 1;
        }
      }
      expect(ours).toEqual([]);
      expect(answered, 'how many got past their arguments').toBeGreaterThan(40);
    },
    120_000,
  );

  it.each([
    ['NUL', 'a\0b'],
    ['half of a character', 'a\ud800b'],
    ['10 kB', 'word '.repeat(2_000)],
    ['only operators', '" OR - ( ) & | ! : * <-> %_\\ \' ;'],
    ['joiners', '👩\u200d👩\u200d👧\u200d👦\u200d\u200d'],
    ['text from right to left', '\u202e\u2067שלום עולם\u2069\u202c'],
  ])('of %s makes any place that takes a text fail for a reason that is ours', async (_what, text) => {
    expect(texts.length).toBeGreaterThan(70);
    const ours: unknown[] = [];
    for (const place of texts) ours.push(...oursIn(place.name, text, await errorsAt(place, text)));
    expect(ours).toEqual([]);
  });

  it('makes a subscription fail for a reason that is ours, or ends the socket', async () => {
    const ours: unknown[] = [];
    for (const field of fields.filter((each) => each.type === OperationTypeNode.SUBSCRIPTION)) {
      const socket = await connect(app.parley.url, bearer(ann.key));
      const samples = samplesOf(field);
      for (const [index, variables] of samples.entries()) {
        socket.send(encodeBody({ type: 'subscribe', id: String(index), payload: { query: field.query, variables } }));
      }
      expect(await socket.run({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
      for (const { id, type, payload } of socket.messages()) {
        const errors = type === 'error' ? payload : payload?.errors;
        ours.push(...oursIn(field.name, samples[Number(id)], errors));
      }
      await socket.close();
    }
    expect(ours).toEqual([]);
  });

  it('is logged as an unexpected error', async () => {
    await app.parley.stop();
    expect(app.parley.log.filter(({ level }) => level >= 50)).toEqual([]);
    expect(app.parley.output).toEqual([]);
  });
});
