import type { DraftRequest } from '#domain/conversations/replies/drafting/draft.ts';
import { detectPastQuestion } from '#domain/conversations/replies/drafting/intents/personal-questions.ts';
import { isInformative } from '#domain/conversations/replies/drafting/intents/statements.ts';
import type { Deps } from '#domain/core/deps.ts';
import { findCurrentMemories } from '#domain/memories/current-memories.ts';
import { saysWhatEnded } from '#domain/memories/extraction/sentences.ts';
import { ACTIVE_MEMORIES, type MemoryFilter } from '#domain/memories/filter.ts';
import { findOutdatedMessages } from '#domain/memories/forgetting.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import type { Highlight } from '#domain/search/search-result.ts';
import { normalizedWords } from '#domain/text/tokenizers.ts';
import type { Memory, Message } from '#generated/prisma/client.ts';
import { findPassages } from './passages.ts';
import { findRevision, keepCurrentSentences, type Revision, readRevisions, removeStatements } from './revisions.ts';
import { buildSearchQuery } from './search-query.ts';
import type { Passage } from './sentence-ranges.ts';

/** What was found to bear on a question, each kind best first and empty where nothing is close enough. */
export type RecallResult = {
  memories: RecalledMemory[];
  passages: Passage[];
  messages: RecalledMessage[];
};

/** What search says of a row that it found. */
type Match = Pick<Highlight, 'matchedWords'> & { score: number };
/** A memory that was found. */
export type RecalledMemory = Match & { memory: Memory };
/** A message that was found; of a long one, `content` is the part around what was found. */
export type RecalledMessage = Match & {
  message: Pick<Message, 'id' | 'conversationId' | 'role' | 'sentAt' | 'content'>;
};

/** Memories that a reply may draw on. */
const MAX_MEMORIES = 5;
/** Memories that are searched for: more than are kept, as some lead to the same one. */
const MEMORIES_SEARCHED = 10;
/** Messages that a reply may draw on. */
const MAX_MESSAGES = 3;
/** Messages that are searched for: more than are kept, as replies and questions are among them. */
const MESSAGES_SEARCHED = 24;

/** Searches the actor's memories, messages and, where the conversation is about one, their episode for what bears on a question. */
export async function recall(deps: Deps, request: DraftRequest): Promise<RecallResult> {
  const { conversation, question, earlier } = request;
  const query = await buildSearchQuery(deps, request);
  const knownIds = new Set([question, ...earlier].map(({ id }) => id));
  const [recalled, passages] = await Promise.all([
    recallMemoriesAndMessages(deps, request, query, knownIds),
    conversation.episodeId ? findPassages(deps, { query, episodeId: conversation.episodeId }) : [],
  ]);
  return { ...recalled, passages };
}

/**
 * Searches what the actor's memories, and messages other than those with a known id, say that holds now: of what was taken back,
 * superseded or forgotten nothing, but what took its place. A question about the past is answered by what held then.
 */
export async function recallMemoriesAndMessages(
  deps: Deps,
  { question, earlier }: DraftRequest,
  query: string,
  knownIds: ReadonlySet<string>,
): Promise<Pick<RecallResult, 'memories' | 'messages'>> {
  const past = detectPastQuestion(normalizedWords(question.content));
  if (past) {
    const memories = await recallPastMemories(deps, past.join(' '));
    if (memories.length > 0) return { memories, messages: [] };
  }
  const [found, remembered] = await Promise.all([findMessages(deps, query, question.id), recallMemories(deps, query)]);
  const outdated = await findOutdatedMessages(
    deps,
    found.map(({ message }) => message.id),
  );
  const revisions = await readRevisions([question, ...earlier, ...found.map(({ message }) => message)]);
  const memories = remembered.filter(({ memory, saidAt }) => !findRevision(revisions, memory, saidAt));
  const revised: RecalledMessage[] = [];
  for (const { message, ...match } of found) {
    const { isForgotten, ended = [] } = outdated.get(message.id) ?? {};
    if (isForgotten) continue;
    const content = removeStatements(message.content, ended);
    revised.push(...(await reviseMessage({ ...match, message: { ...message, content } }, revisions)));
  }
  const unique = uniqueById(revised);
  // What has ended is told where nothing is known that holds instead.
  const current = memories.length === 0 ? unique : unique.filter(({ message }) => !saysWhatEnded(message.content));
  return { memories, messages: selectMessages(current, knownIds) };
}

/** Leaves out of a message what does not hold any more, and adds what took its place. */
async function reviseMessage(
  { message, ...match }: RecalledMessage,
  revisions: readonly Revision[],
): Promise<RecalledMessage[]> {
  const { content, by } = await keepCurrentSentences(message, revisions);
  const replacements = by.flatMap(({ statement, message: later }) =>
    statement.type === 'LEARN' ? [{ ...match, message: { ...later, content: statement.memory.content } }] : [],
  );
  return [{ ...match, message: { ...message, content } }, ...replacements];
}

/** The first of each message. */
function uniqueById(recalled: readonly RecalledMessage[]): RecalledMessage[] {
  const unique = new Map<string, RecalledMessage>();
  for (const one of recalled) if (!unique.has(one.message.id)) unique.set(one.message.id, one);
  return [...unique.values()];
}

const selectMessages = (found: readonly RecalledMessage[], knownIds: ReadonlySet<string>): RecalledMessage[] =>
  found.filter(({ message }) => !knownIds.has(message.id) && isInformative(message.content)).slice(0, MAX_MESSAGES);

/** Searches the actor's memories, best first, and follows those that were superseded to what took their place. */
async function recallMemories(deps: Deps, query: string): Promise<(RecalledMemory & { saidAt: Date })[]> {
  const filter = { ...ACTIVE_MEMORIES, includeSuperseded: true };
  const hits = await findMemories(deps, query, filter);
  const current = await findCurrentMemories(
    deps,
    hits.map(({ memoryId }) => memoryId),
  );
  const recalled = new Map<string, RecalledMemory & { saidAt: Date }>();
  for (const { memoryId, matchedWords, score } of hits) {
    const found = current.get(memoryId);
    if (found && !recalled.has(found.memory.id)) recalled.set(found.memory.id, { ...found, matchedWords, score });
  }
  return [...recalled.values()].slice(0, MAX_MEMORIES);
}

/** Searches what the actor's memories told that holds no longer, best first. */
async function recallPastMemories(deps: Deps, query: string): Promise<RecalledMemory[]> {
  const filter = { ...ACTIVE_MEMORIES, includeSuperseded: true, includeExpired: true };
  const hits = await findMemories(deps, query, filter);
  const where = {
    id: { in: hits.map(({ memoryId }) => memoryId) },
    ownerId: deps.actor.userId,
    OR: [{ supersededById: { not: null } }, { endedReason: { not: null } }],
  };
  const rows = new Map((await deps.database.prisma.memory.findMany({ where })).map((row) => [row.id, row]));
  return hits
    .flatMap(({ memoryId, matchedWords, score }) => {
      const memory = rows.get(memoryId);
      return memory ? [{ memory, matchedWords, score }] : [];
    })
    .slice(0, MAX_MEMORIES);
}

async function findMemories(deps: Deps, query: string, filter: MemoryFilter) {
  const { hits, found } = await searchMemories(deps, { query, filter, mode: 'HYBRID', limit: MEMORIES_SEARCHED });
  return found ? hits : [];
}

/** Searches what the actor has said, best first; of a long message, the part around what was found. */
async function findMessages(deps: Deps, query: string, exceptId: string): Promise<RecalledMessage[]> {
  const search = { query, conversationId: null, archived: null, exceptId, limit: MESSAGES_SEARCHED };
  const { hits, found } = await searchMessages(deps, search);
  if (!found) return [];
  const where = {
    id: { in: hits.map(({ messageId }) => messageId) },
    ownerId: deps.actor.userId,
    role: 'USER',
  } as const;
  const select = { id: true, conversationId: true, role: true, sentAt: true } as const;
  const rows = new Map((await deps.database.prisma.message.findMany({ where, select })).map((row) => [row.id, row]));
  return hits.flatMap(({ messageId, matchedWords, score, excerpt: content }) => {
    const message = rows.get(messageId);
    return message ? [{ message: { ...message, content }, matchedWords, score }] : [];
  });
}
