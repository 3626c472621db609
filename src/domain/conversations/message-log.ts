import { v7 as uuidv7 } from 'uuid';
import { createBatcher } from '#adapters/database/batching.ts';
import type { Database } from '#adapters/database/database.ts';
import type { Append, Appended, MessageLog, NewMessageRow } from '#domain/core/deps.ts';
import { APPEND_MESSAGES } from './message-log-statement.ts';

/** Appends that one statement stores at most; the others go into the next. */
const MAX_APPENDS_PER_STATEMENT = 64;

/**
 * Returns the log that adds messages at the end of conversations. All that is added at about the same time, by any request of
 * this process and to any conversation, is one statement and so one commit: fifty writers of one conversation would otherwise
 * queue for its row's lock, a commit each.
 */
export function createMessageLog({ sql }: Pick<Database, 'sql'>): MessageLog {
  const batcher = createBatcher(
    async (appends: readonly Append[]) => {
      const rows = await sql<ResultRow>(APPEND_MESSAGES, parameters(appends));
      const byNumber = new Map(rows.map((row) => [row.n, row]));
      return appends.map((_, n) => outcomeOf(byNumber.get(n)));
    },
    { maxBatchSize: MAX_APPENDS_PER_STATEMENT },
  );
  return { append: (append) => batcher.load(append) };
}

type ResultRow = { n: number; first_sequence: number | null; created_at: Date };

function outcomeOf(row: ResultRow | undefined): Appended {
  if (!row) return { outcome: 'missing' };
  if (row.first_sequence === null) return { outcome: 'repeated' };
  return { outcome: 'stored', firstSequence: row.first_sequence, createdAt: row.created_at };
}

/** Returns two JSON arrays: the appends, and all their messages with the number of the append that each belongs to. */
function parameters(appends: readonly Append[]): [string, string] {
  const heads = appends.map(({ conversationId, actor, action, messages, once }, n) => ({
    n,
    conversation_id: conversationId,
    owner_id: actor.userId,
    size: messages.length,
    tokens_input: sum(messages, 'tokensInput'),
    tokens_output: sum(messages, 'tokensOutput'),
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

function sum(messages: readonly NewMessageRow[], field: 'tokensInput' | 'tokensOutput'): number {
  return messages.reduce((total, message) => total + (message[field] ?? 0), 0);
}
