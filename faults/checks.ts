import type { Client } from '../test/support/client.ts';
import { until } from '../test/support/until.ts';
import type { WebhookReceiver } from '../test/support/webhook-receiver.ts';
import type { Load } from './load.ts';

const MESSAGES = /* GraphQL */ `query ($id: ID!, $after: String) {
  conversation(id: $id) {
    messages(first: 100, after: $after) { edges { node { sequence content } } pageInfo { hasNextPage endCursor } }
  }
}`;
const REPLIES = /* GraphQL */ `query ($id: ID!) {
  conversation(id: $id) { messages(first: 10) { edges { node { role status } } } } }`;

/** What is not as it was acknowledged, in sentences; nothing where all is well. */
export async function findLosses(client: Client, load: Load, last: number): Promise<string[]> {
  const stored = await readMessages(client, load.conversationId);
  await load.reader.waitForSequence(last);
  await load.reader.stop();
  return [
    ...compare('the conversation', stored, load.writers.acknowledged, last),
    ...compare('its subscriber', load.reader.seen, load.writers.acknowledged, last),
    ...(await findMissingReplies(client, load.asked)),
  ];
}

type Message = { sequence: number; content: string };
type Said = { role: string; status: string };
type Page<Node> = { edges: { node: Node }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };

const nodesOf = <Node>({ edges }: Page<Node>) => edges.map(({ node }) => node);

/** Numbers without a gap, each with what was acknowledged under it. */
function compare(who: string, messages: readonly Message[], acknowledged: ReadonlyMap<number, string>, last: number) {
  const losses: string[] = [];
  if (messages.length !== last) losses.push(`${who} has ${messages.length} messages of ${last}`);
  for (const [index, { sequence, content }] of messages.entries()) {
    if (sequence !== index + 1) losses.push(`${who} has number ${sequence} at place ${index + 1}`);
    if (acknowledged.get(sequence) !== content) losses.push(`${who} has another message under number ${sequence}`);
  }
  return losses.slice(0, 5);
}

async function readMessages(client: Client, id: string): Promise<Message[]> {
  const stored: Message[] = [];
  let after: string | null = null;
  do {
    const messages: Page<Message> = (await client.ask(MESSAGES, { id, after })).conversation.messages;
    stored.push(...nodesOf(messages));
    after = messages.pageInfo.hasNextPage ? messages.pageInfo.endCursor : null;
  } while (after);
  return stored;
}

/** Each question has one reply, complete, by one job. */
async function findMissingReplies(client: Client, asked: readonly string[]): Promise<string[]> {
  const losses: string[] = [];
  for (const id of asked) {
    const said = await until(
      async () => nodesOf<Said>((await client.ask(REPLIES, { id })).conversation.messages),
      (messages) => messages.every(({ status }) => status === 'COMPLETE' || status === 'FAILED'),
    );
    const shape = said.map(({ role, status }) => `${role} ${status}`).join(', ');
    if (shape !== 'USER COMPLETE, ASSISTANT COMPLETE') losses.push(`a question has: ${shape}`);
  }
  return losses;
}

/** A message may come again under its id, and is the same then; each backup that failed has one. */
export function findWrongWebhooks({ deliveries, forged, taken }: WebhookReceiver): string[] {
  const said = new Map<string, string>();
  const losses = forged > 0 ? [`${forged} webhooks were not signed well`] : [];
  for (const { id, type, data } of deliveries) {
    const words = JSON.stringify([type, data]);
    if ((said.get(id) ?? words) !== words) losses.push(`webhook ${id} said ${said.get(id)}, then ${words}`);
    said.set(id, words);
  }
  const failed = taken().flatMap(({ type, data }) => (type === 'backup.failed' ? [data.jobId] : []));
  if (new Set(failed).size !== failed.length)
    losses.push(`failed backups were told more than once: ${failed.join(', ')}`);
  return losses;
}
