import type { GraphQLField } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { schema } from '#schema/index.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

/** Of a row that is asked for little, not all is read: nobody may notice. */

const app = useParley();
let ann: Client;

beforeAll(async () => {
  ann = await app.user();
  const conversationId = await makeConversation(ann, 3);
  const said = { role: 'ASSISTANT' as const, content: 'x'.repeat(5_000), metadata: { a: 1 }, model: 'm' };
  await ann.ask(AddMessage, { input: { conversationId, ...said } });
  await makeConversation(ann, 1);
});

const conversations = (asked: string) => `{ conversations { edges { node { ${asked} } } } }`;
const messages = (asked: string) => conversations(`messages { edges { node { ${asked} } } }`);

it.each([
  { type: 'Conversation', pageOf: conversations },
  { type: 'Message', pageOf: messages },
])('each field of a $type in a page is the same, whatever is asked beside it', async ({ type, pageOf }) => {
  const selections = fieldsOf(type).map(select);
  const whole = rowsIn(await ann.ask(pageOf(selections.join(' '))));
  expect(whole.length).toBeGreaterThan(1);
  for (const selection of selections) {
    const name = /^\w+/.exec(selection)?.[0] as string;
    const alone = rowsIn(await ann.ask(pageOf(selection)));
    expect(alone).toEqual(whole.map((row) => ({ [name]: row[name] })));
  }
});

type Row = Record<string, unknown>;
type Page = { edges: { node: Row & { messages?: Page } }[] };

/** The rows of the innermost pages. */
const rowsIn = ({ conversations: page }: { conversations: Page }): Row[] =>
  page.edges.flatMap(({ node }) =>
    Object.keys(node).length === 1 && node.messages && 'edges' in node.messages
      ? node.messages.edges.map((edge) => edge.node)
      : [node],
  );

/** Of a type that has any. Whose classes they are differs with how a test loads them, so they are told by what they have. */
function fieldsOf(name: string): GraphQLField<unknown, unknown>[] {
  const type = schema.getType(name);
  return type && 'getFields' in type ? (Object.values(type.getFields()) as GraphQLField<unknown, unknown>[]) : [];
}

/** A field, with a little of what is in it. */
function select({ name, type }: GraphQLField<unknown, unknown>): string {
  const inside = fieldsOf(String(type).replace(/[[\]!]/g, '')).map((field) => field.name);
  if (inside.length === 0) return name;
  if (inside.includes('edges')) return `${name} { totalCount pageInfo { startCursor } }`;
  return `${name} { ${inside.includes('id') ? 'id' : '__typename'} }`;
}
