import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Message } from '#generated/prisma/client.ts';
import { findMemoriesAbout, findMessagesAbout } from './apply-statements.ts';
import type { Fact } from './fact.ts';
import { findEarlierStatement, findLastStatement, type RelatedMemory } from './related.ts';
import type { Statement } from './statement.ts';

/** What a request deletes. If it is ambiguous, it deletes nothing, and `choices` lists its possible meanings. */
export type Forgotten = { memories: RelatedMemory[]; messageIds: string[]; choices: string[] };

type Request = Extract<Statement<unknown>, { type: 'FORGET' | 'FORGET_LAST' | 'WITHHOLD_LAST' }>;

const NOTHING: Forgotten = { memories: [], messageIds: [], choices: [] };

/** Returns what a request in a message refers to: memories and messages of the actor that are older than the message. */
export async function findForgotten(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  deps: Deps,
  message: Message,
  request: Request,
): Promise<Forgotten> {
  if (request.type === 'FORGET_LAST') return { ...NOTHING, ...(await findLastStatement(tx, deps, message)) };
  if (request.type === 'WITHHOLD_LAST') return { ...NOTHING, ...(await findEarlierStatement(tx, deps, message)) };
  const about = await findMemoriesAbout(tx, deps, request.fact);
  const memories = about.filter(({ saidAt }) => saidAt <= message.sentAt);
  const choices = request.isOne ? chooseCurrent(memories) : [];
  if (choices.length > 1) return { ...NOTHING, choices: choices.map(({ content }) => content) };
  const fact = choices[0] ? narrow(request.fact, choices[0].content) : request.fact;
  return {
    memories: memories.filter(
      ({ content }) => content === choices[0]?.content || !fact.memories || fact.memories.test(content),
    ),
    messageIds: await findMessagesAbout(tx, deps, message, fact),
    choices: [],
  };
}

/** Returns the active memories; if there are none, all. */
function chooseCurrent(memories: readonly RelatedMemory[]): readonly RelatedMemory[] {
  const current = memories.filter(({ isActive }) => isActive);
  return current.length > 0 ? current : memories;
}

/** Narrows a pattern to the full name that the memory has for the thing: "the code" to "the gate code". */
function narrow(fact: Fact, content: string): Fact {
  if (fact.scope !== 'PATTERN') return fact;
  const at = content.toLowerCase().indexOf(fact.statement.toLowerCase());
  const name = content.slice(0, at + fact.statement.length).replace(/^(?:my|our|the) /i, '');
  return {
    ...fact,
    memories: new RegExp(`^(?:(?:my|our|the) )?${name.replace(/[^\p{L}\p{N} ]/gu, '.')}(?!\\p{L})`, 'iu'),
  };
}
