import { v7 as uuidv7 } from 'uuid';
import { createBatcher } from '#adapters/database/batching.ts';
import type { Database } from '#adapters/database/database.ts';
import { isLockTimeout, isStatementTimeout } from '#adapters/database/outages.ts';
import { isTaken, retryWriteConflicts } from '#adapters/database/write-conflicts.ts';
import type { Append, Appended, MessageLog, NewMessageRow } from '#domain/core/deps.ts';
import { createSemaphore } from '#domain/core/semaphore.ts';
import { AWAITED, explainFailedWrite } from '#domain/core/transaction.ts';
import { APPEND_MESSAGES, APPEND_UNNAMED_MESSAGES, CLIENT_IDS } from './message-log-statement.ts';

/**
 * What one statement stores at most: appends, and UTF-16 units of their texts, most of whose time goes into making them
 * searchable. One append may have more: it is a statement of its own.
 */
const LIMITS = { maxBatchSize: 64, maxSize: 200_000, sizeOf: ({ messages }: Append) => sumOf(messages, sizeOf) };
/** An append of more than this, in UTF-16 units, does not go with others of other conversations, which would wait for it. */
const LARGE = 20_000;
const isLarge = (append: Append) => LIMITS.sizeOf(append) > LARGE;
/** Statements with large appends that run at once: each takes a processor of the database for as long as it runs. */
const LARGE_AT_ONCE = 2;
/** How long the appends of one statement wait for a conversation that another request holds; then they go separately. */
const WAIT_TOGETHER_MS = 250;

/**
 * Returns the log that adds messages at the end of conversations. All that is added at about the same time, by any request of
 * this process and to any conversation, is one statement and so one commit: fifty writers of one conversation would otherwise
 * queue for its row's lock, a commit each. What takes long goes separately, conversation by conversation and one statement after
 * the other, and whatever else is added meanwhile to one of these joins it: large appends, and those of a statement that has taken
 * too long, or has waited for a conversation that somebody holds.
 */
export function createMessageLog(database: Pick<Database, 'sql'>, onAudited: () => void): MessageLog {
  const together = createBatcher(storeWithin(database, WAIT_TOGETHER_MS), LIMITS);
  const storeSeparately = refuseLocked(largeInTurn(storeWithin(database, AWAITED.lockWaitMs)));
  const separate = createSeparateAppends(storeSeparately);
  const appendTogether = async (append: Append) => {
    try {
      return await together.load(append);
    } catch (error) {
      if (isLockTimeout(error) || isStatementTimeout(error)) return separate.append(append);
      throw error;
    }
  };
  const isSeparate = (append: Append) => isLarge(append) || separate.has(append);
  const takeTurn = createClientIdTurns();
  return {
    async append(append) {
      try {
        const appended = await takeTurn(append, () =>
          isSeparate(append) ? separate.append(append) : appendTogether(append),
        );
        if (appended.outcome === 'stored') onAudited();
        return appended;
      } catch (error) {
        throw explainFailedWrite(error, true);
      }
    },
  };
}

/** Runs appends of one client id one after the other: each finds what the one before has stored. */
function createClientIdTurns() {
  const latest = new Map<string, Promise<Appended>>();
  return async ({ conversationId, clientId }: Append, run: () => Promise<Appended>): Promise<Appended> => {
    if (clientId === null) return run();
    const name = `${conversationId} ${clientId}`;
    const turn = (latest.get(name) ?? Promise.resolve()).then(run, run);
    latest.set(name, turn);
    try {
      return await turn;
    } finally {
      if (latest.get(name) === turn) latest.delete(name);
    }
  };
}

/** Appends in a lane for each conversation, which is there for as long as it has some. */
function createSeparateAppends(store: Store<Appended | Error>) {
  const lanes = new Map<string, Lane>();
  return {
    has: ({ conversationId }: Append) => lanes.has(conversationId),
    async append(append: Append): Promise<Appended> {
      const { conversationId } = append;
      const known = lanes.get(conversationId);
      const lane = known && !known.isLocked() ? known : createLane(store);
      lanes.set(conversationId, lane);
      lane.pending += 1;
      try {
        return await lane.append(append);
      } finally {
        lane.pending -= 1;
        if (lane.pending === 0 && lanes.get(conversationId) === lane) lanes.delete(conversationId);
      }
    },
  };
}

type Lane = {
  append(append: Append): Promise<Appended>;
  /** Whether somebody else has held the conversation for too long. */
  isLocked(): boolean;
  pending: number;
};

/**
 * One statement after the other: a large append is one, and those that come while one runs are the next. Once one has found the
 * conversation locked, those that have waited for it are refused with it, as they would wait as long again.
 */
function createLane(store: Store<Appended | Error>): Lane {
  let refusal: Error | undefined;
  const storeInTurn = inTurn(async (appends) => {
    if (refusal) return appends.map(() => refusal as Error);
    const outcomes = await store(appends);
    refusal = outcomes.find((outcome) => outcome instanceof Error);
    return outcomes;
  }, 1);
  const small = createBatcher(storeInTurn, LIMITS);
  return {
    async append(append) {
      if (!isLarge(append)) return small.load(append);
      const [outcome] = await storeInTurn([append]);
      if (!outcome || outcome instanceof Error) throw outcome;
      return outcome;
    },
    isLocked: () => refusal !== undefined,
    pending: 0,
  };
}

type Store<Outcome> = (appends: readonly Append[]) => Promise<Outcome[]>;

/** Has the statements wait for each other, so many that run at once. */
function inTurn<Outcome>(store: Store<Outcome>, atOnce: number): Store<Outcome> {
  const turns = createSemaphore(atOnce);
  return async (appends) => {
    const release = await turns.take();
    try {
      return await store(appends);
    } finally {
      release();
    }
  };
}

/** Has the statements with a large append wait for each other, so that they leave the database to those without. */
function largeInTurn(store: Store<Appended>): Store<Appended> {
  const storeInTurn = inTurn(store, LARGE_AT_ONCE);
  return (appends) => (appends.some(isLarge) ? storeInTurn(appends) : store(appends));
}

/** Refuses all appends to a conversation that stays locked, which would otherwise be repeated and wait again one by one. */
const refuseLocked =
  (store: Store<Appended>): Store<Appended | Error> =>
  async (appends) => {
    try {
      return await store(appends);
    } catch (error) {
      if (error instanceof Error && isLockTimeout(error)) return appends.map(() => error);
      throw error;
    }
  };

/**
 * Returns what stores appends by one statement, which waits for each lock for at most `lockWaitMs`. It runs again where another
 * process stores one of their client ids meanwhile: nothing was stored, and this time it sees that message.
 */
const storeWithin =
  ({ sql }: Pick<Database, 'sql'>, lockWaitMs: number): Store<Appended> =>
  async (appends) => {
    const isNamed = appends.some(({ clientId }) => clientId !== null);
    const statement = isNamed ? APPEND_MESSAGES : APPEND_UNNAMED_MESSAGES;
    const values = [...parameters(appends), String(lockWaitMs)];
    const rows = await retryWriteConflicts(
      () => sql<ResultRow>(statement, values),
      (error) => isTaken(error, CLIENT_IDS),
    );
    const byNumber = new Map(rows.map((row) => [row.n, row]));
    return appends.map((_, n) => outcomeOf(byNumber.get(n)));
  };

type ResultRow = { n: number; first_id: string | null; first_sequence: number | null; created_at: Date };

function outcomeOf(row: ResultRow | undefined): Appended {
  if (!row) return { outcome: 'missing' };
  if (row.first_sequence === null) return { outcome: 'repeated', messageId: row.first_id };
  return { outcome: 'stored', firstSequence: row.first_sequence, createdAt: row.created_at };
}

/** Returns two JSON arrays: the appends, and all their messages with the number of the append that each belongs to. */
function parameters(appends: readonly Append[]): [string, string] {
  const heads = appends.map(({ conversationId, actor, action, messages, clientId, once }, n) => ({
    n,
    conversation_id: conversationId,
    owner_id: actor.userId,
    size: messages.length,
    tokens_input: sumOf(messages, ({ tokensInput }) => tokensInput ?? 0),
    tokens_output: sumOf(messages, ({ tokensOutput }) => tokensOutput ?? 0),
    client_id: clientId,
    key: once?.key ?? null,
    input_hash: once ? Buffer.from(once.inputHash).toString('hex') : null,
    result: once ? JSON.stringify(messages.map((message) => message.id)) : null,
    audit_id: uuidv7(),
    action,
    api_key_id: actor.apiKeyId,
    request_id: actor.requestId,
    ip: actor.ip,
  }));
  const messages = appends.flatMap((append, n) => append.messages.map((message, index) => ({ n, index, ...message })));
  return [JSON.stringify(heads), JSON.stringify(messages)];
}

function sizeOf({ content, toolCalls, toolResult, metadata }: NewMessageRow): number {
  return content.length + (toolCalls?.length ?? 0) + (toolResult?.length ?? 0) + (metadata?.length ?? 0);
}

function sumOf(messages: readonly NewMessageRow[], figure: (message: NewMessageRow) => number): number {
  return messages.reduce((total, message) => total + figure(message), 0);
}
