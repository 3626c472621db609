import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeClips, makeConversation, makeEpisode, makeVtt } from '../support/fixtures.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: Client;

beforeAll(async () => {
  ann = await app.user();
});

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const payloads = Object.values(schema.getMutationType()?.getFields() ?? {}).map(
  ({ type }) => getNamedType(type) as GraphQLObjectType,
);

it('stand beside every node of a payload that a connection lists', () => {
  for (const payload of payloads) {
    const fields = Object.values(payload.getFields());
    for (const { name, type } of fields) {
      const edge = schema.getType(`${getNamedType(type).name}Edge`);
      if (!isObjectType(edge) || ['superseded', 'restored', 'viewer'].includes(name)) continue;
      const edges = fields.filter((field) => getNamedType(field.type) === edge).map((field) => field.name);
      expect(edges, `${payload.name}.${name}`).toContain(
        name.endsWith('s') ? `${name.slice(0, -1)}Edges` : `${name}Edge`,
      );
    }
  }
});

const EDGE = '{ cursor node { id } }';
const PAGE = `{ edges ${EDGE} }`;

/** A mutation, what it returns, and the list that has it. */
const EDGES: [field: string, mutation: () => Promise<string>, list: (id: string) => string][] = [
  ['conversationEdge', async () => 'createConversation(input: { title: "שיחה" })', () => `conversations ${PAGE}`],
  ['memoryEdge', async () => 'saveMemory(input: { content: "The key is under the mat." })', () => `memories ${PAGE}`],
  [
    'episodeEdge',
    async () => `importTranscript(input: { title: "פרק", format: VTT, content: ${JSON.stringify(makeVtt(3))} })`,
    () => `episodes ${PAGE}`,
  ],
  ['jobEdge', async () => `processEpisode(input: { episodeId: "${await makeEpisode(ann)}" })`, () => `jobs ${PAGE}`],
  [
    'clipEdge',
    async () => `setClipStatus(input: { clipId: "${(await makeClips(ann)).at(-1)}", status: APPROVED })`,
    () => `clips(first: 100) ${PAGE}`,
  ],
  [
    'messageEdge',
    async () => `addMessage(input: { conversationId: "${await makeConversation(ann, 3)}", role: USER, content: "hi" })`,
    (id) => `node(id: "${id}") { ... on Message { conversation { messages ${PAGE} } } }`,
  ],
];

describe('an edge of a payload', () => {
  it.each(EDGES)('%s has the cursor that its list has', async (field, mutation, list) => {
    const text = await mutation();
    const [name] = text.split('(');
    const payload = (await ann.ask(`mutation { ${text} { ${field} ${EDGE} } }`))[name as string];
    const edge = payload[field];
    const answer = JSON.stringify(await ann.ask(`{ ${list(edge.node.id)} }`));
    expect(answer).toContain(JSON.stringify({ cursor: edge.cursor, node: { id: edge.node.id } }));
  });

  it('is where the list goes on after it', async () => {
    const bob = await app.user();
    const older = await makeConversation(bob);
    const { createConversation } = await bob.ask(
      `mutation { createConversation(input: {}) { conversationEdge ${EDGE} } }`,
    );
    const next = await bob.ask(`query ($after: String) { conversations(after: $after) ${PAGE} }`, {
      after: createConversation.conversationEdge.cursor,
    });
    expect(next.conversations.edges.map(({ node }: any) => node.id)).toEqual([older]);
  });

  it('is there for each message that was sent, its reply, and the conversation', async () => {
    const { sendMessage } = await ann.ask(`mutation { sendMessage(input: { content: "שלום" }) {
      conversation { id } userMessage { id } reply { id } job { id }
      conversationEdge ${EDGE} userMessageEdge ${EDGE} replyEdge ${EDGE} jobEdge ${EDGE} } }`);
    for (const name of ['conversation', 'userMessage', 'reply', 'job'])
      expect(sendMessage[`${name}Edge`].node).toEqual(sendMessage[name]);
    const { conversation } = await ann.ask(`query ($id: ID!) { conversation(id: $id) { messages ${PAGE} } }`, {
      id: sendMessage.conversation.id,
    });
    expect(conversation.messages.edges).toEqual([sendMessage.userMessageEdge, sendMessage.replyEdge]);
  });
});
