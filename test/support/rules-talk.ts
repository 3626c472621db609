import { v7 as uuidv7 } from 'uuid';
import { createConversation } from '#domain/conversations/conversations.ts';
import { draftByRules } from '#domain/conversations/replies/drafting/by-rules/draft-by-rules.ts';
import type { Draft } from '#domain/conversations/replies/drafting/draft.ts';
import type { Deps } from '#domain/core/deps.ts';
import { IN_BACKGROUND, runTransaction } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { extractMemories } from '#domain/memories/extraction/extract-memories.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Listed } from './memory-talk.ts';

/**
 * Says one thing after the other in a conversation of its own, and returns the last reply: the rules draft each reply and learn from
 * each message as the jobs of a worker do, without the way through a server and a queue.
 */
export async function talkToRules(deps: Deps, ...turns: string[]): Promise<string> {
  const conversation = await createConversation(deps, {});
  let reply = '';
  for (const turn of turns) reply = await sayToRules(deps, conversation, turn);
  return reply;
}

async function sayToRules(deps: Deps, conversation: Conversation, content: string): Promise<string> {
  const { message } = deps.database.prisma;
  const place = { conversationId: conversation.id, ownerId: deps.actor.userId };
  const earlier = await message.findMany({ where: place, orderBy: { sequence: 'asc' } });
  const sequence = earlier.length + 1;
  const question = await message.create({ data: { ...place, id: uuidv7(), sequence, role: 'USER', content } });
  const { signal } = new AbortController();
  const text = await readDraft(await draftByRules(deps, { conversation, question, earlier, signal }));
  await message.create({
    data: { ...place, id: uuidv7(), sequence: sequence + 1, role: 'ASSISTANT', content: text },
  });
  await extractMemories(deps, { messageId: question.id }, runningIn(deps, signal));
  return text;
}

async function readDraft({ text }: Draft): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of { [Symbol.asyncIterator]: () => text }) pieces.push(piece);
  return pieces.join('');
}

/** A job of which nothing is kept but what it changes. */
function runningIn(deps: Deps, signal: AbortSignal): RunningJob {
  const finish: RunningJob['finish'] = async (run) => {
    await runTransaction(deps, IN_BACKGROUND, (change) => run({ ...change, now: deps.now() }));
  };
  return { signal, finish } as RunningJob;
}

/** Lists what is remembered of a user, the newest first. */
export function memoriesHeldOf(
  { database, actor, now }: Deps,
  { includeExpired = false, includeSuperseded = false } = {},
): Promise<Listed[]> {
  return database.prisma.memory.findMany({
    where: {
      ownerId: actor.userId,
      ...(includeExpired ? {} : { OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] }),
      ...(includeSuperseded ? {} : { supersededById: null }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, content: true, endedReason: true, supersededBy: { select: { content: true } } },
  });
}

export const contentsHeldOf = async (deps: Deps, filter = {}) =>
  (await memoriesHeldOf(deps, filter)).map(({ content }) => content);
