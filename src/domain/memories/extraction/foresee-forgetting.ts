import type { Deps } from '#domain/core/deps.ts';
import type { Message } from '#generated/prisma/client.ts';
import { findMemoriesAbout, findMessagesAbout } from './apply-statements.ts';
import { extractByRules } from './extract-by-rules.ts';
import { MAX_READ } from './opt-out.ts';
import { findLastSaid } from './related.ts';
import { isForgetting, type Statement } from './statement.ts';

/** What becomes of a request to forget something, or not to remember it. */
export type Forgetting = 'FORGETS' | 'FORGETS_ALL' | 'WITHHOLDS' | 'FINDS_NOTHING';

/**
 * Returns what will become of what a message asks to forget, before it is read for memories; null where it asks nothing of the
 * kind.
 */
export async function foreseeForgetting(deps: Deps, message: Message): Promise<Forgetting | null> {
  const statements = extractByRules(message.content.slice(0, MAX_READ), message.sentAt).filter(isForgetting);
  if (statements.length === 0) return null;
  const asks = (type: Statement['type']) => statements.some((statement) => statement.type === type);
  if (asks('FORGET_ALL')) return 'FORGETS_ALL';
  for (const statement of statements) if (await findsSomething(deps, message, statement)) return 'FORGETS';
  return asks('WITHHOLD') ? 'WITHHOLDS' : 'FINDS_NOTHING';
}

async function findsSomething(deps: Deps, message: Message, statement: Statement): Promise<boolean> {
  const { prisma } = deps.database;
  if (statement.type === 'FORGET_LAST') return (await findLastSaid(prisma, deps, message)) !== null;
  if (statement.type !== 'FORGET') return false;
  const memories = await findMemoriesAbout(prisma, deps, statement.fact);
  return memories.length > 0 || (await findMessagesAbout(prisma, deps, message, statement.fact)).length > 0;
}
