import type { Deps } from '#domain/core/deps.ts';
import type { Message } from '#generated/prisma/client.ts';
import { extractByRules } from './extract-by-rules.ts';
import { findForgotten } from './find-forgotten.ts';
import { beginningOf } from './requests.ts';
import { isForgetting } from './statement.ts';

/**
 * The outcome of a request to forget something, or not to remember it. If it is ambiguous, nothing happens, and `choices` lists its
 * possible meanings.
 */
export type Forgetting = 'FORGETS' | 'FORGETS_ALL' | 'WITHHOLDS' | 'FINDS_NOTHING' | { choices: string[] };

/** Predicts the outcome of a message's requests to forget, before memories are extracted from it; null if it has none. */
export async function foreseeForgetting(deps: Deps, message: Message): Promise<Forgetting | null> {
  const statements = extractByRules(beginningOf(message.content), message.sentAt).filter(isForgetting);
  if (statements.length === 0) return null;
  let withholds = false;
  const choices: string[] = [];
  for (const statement of statements) {
    if (statement.type === 'FORGET_ALL') return 'FORGETS_ALL';
    if (statement.type === 'WITHHOLD') withholds = true;
    if (statement.type !== 'FORGET' && statement.type !== 'FORGET_LAST' && statement.type !== 'WITHHOLD_LAST') continue;
    const found = await findForgotten(deps.database.prisma, deps, message, statement);
    const isWithheld = statement.type === 'WITHHOLD_LAST' && found.messageIds.length > 0;
    if (found.memories.length > 0 || (found.messageIds.length > 0 && !isWithheld)) return 'FORGETS';
    withholds ||= isWithheld;
    choices.push(...found.choices);
  }
  if (choices.length > 0) return { choices };
  return withholds ? 'WITHHOLDS' : 'FINDS_NOTHING';
}
