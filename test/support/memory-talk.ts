import type { Client } from './client.ts';
import { readReply, send } from './replies.ts';
import { until } from './until.ts';

const JOBS = /* GraphQL */ `
  query ($id: ID!) {
    jobs(filter: { kinds: [EXTRACT_MEMORIES], subjectId: $id }) { edges { node { status } } }
  }
`;
const MEMORIES = /* GraphQL */ `
  query ($filter: MemoryFilter) {
    memories(first: 50, filter: $filter) { edges { node { id content endedReason supersededBy { content } } } }
  }
`;
/** A filter that leaves nothing out. */
export const EVERYTHING = { includeExpired: true, includeSuperseded: true };

export type Listed = {
  id: string;
  content: string;
  endedReason: string | null;
  supersededBy: { content: string } | null;
};

/** Lists what is remembered of a user. */
export async function memoriesOf(owner: Client, filter = {}): Promise<Listed[]> {
  const { memories } = await owner.ask(MEMORIES, { filter });
  return memories.edges.map(({ node }: { node: Listed }) => node);
}
export const contentsOf = async (owner: Client, filter = {}) =>
  (await memoriesOf(owner, filter)).map(({ content }) => content);

/** Says something in a conversation, and returns the reply, and what it rests on, when it is learned from. */
export async function say(speaker: Client, content: string, conversationId?: string) {
  const sent = await send(speaker, content, conversationId);
  const { text } = await readReply(speaker, sent.reply.id);
  await until(
    async () => (await speaker.ask(JOBS, { id: sent.userMessage.id })).jobs.edges[0]?.node.status as string | undefined,
    (status) => status === 'SUCCEEDED' || status === 'FAILED',
  );
  return { text, conversationId: sent.conversation.id };
}

/** Says one thing after the other in one conversation, and returns the last reply. */
export async function talk(speaker: Client, ...turns: string[]): Promise<string> {
  let last: Awaited<ReturnType<typeof say>> | undefined;
  for (const turn of turns) last = await say(speaker, turn, last?.conversationId);
  return last?.text ?? '';
}
