import { v7 as uuidv7 } from 'uuid';
import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { withExactJsonOf, writeMetadata } from '#domain/core/json-columns.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { jsonColumn } from '#domain/core/transaction.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Channel } from '#generated/prisma/enums.ts';
import { type ModelSettings, modelColumns } from './model-settings.ts';

/** A conversation to create. */
export type NewConversation = WithIdempotencyKey & {
  title?: string | null | undefined;
  channel?: Channel | null | undefined;
  episodeId?: string | null | undefined;
  leadId?: string | null | undefined;
  metadata?: unknown;
} & ModelSettings;

/** A change of a conversation: what is left out stays. */
export type ConversationChange = WithIdempotencyKey & {
  conversationId: string;
  title?: string | null | undefined;
  pinned?: boolean | null | undefined;
  archived?: boolean | null | undefined;
  metadata?: unknown;
} & ModelSettings;

/** UTF-16 units of a title. */
export const MAX_TITLE_LENGTH = 500;

/**
 * Creates an empty conversation. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound (episode, lead),
 * IdempotencyConflict.
 */
export async function createConversation(
  deps: Deps,
  { idempotencyKey, ...input }: NewConversation,
): Promise<Conversation> {
  const columns = { ...conversationColumns(input), ...modelColumns(deps, input) };
  const data = { id: uuidv7(), ownerId: deps.actor.userId, ...columns };
  return writeAndLoad(deps, {
    action: 'conversation.create',
    once: { key: idempotencyKey, input },
    async run({ tx, about, changed }) {
      if (data.episodeId) await assertOwnEpisode(tx, deps, data.episodeId);
      if (data.leadId) await assertOwnLead(tx, deps, data.leadId);
      await tx.conversation.create({ data });
      await writeMetadata(tx, 'conversations', data.id, input.metadata ?? undefined);
      about({ type: 'Conversation', id: data.id });
      changed({ ...data, type: 'CONVERSATION' });
      return data.id;
    },
    what: 'conversation',
    load: (id, tx) => findOwnConversation(tx, deps, id),
  });
}

/**
 * Changes what is given; null clears what may be missing, and a value that it has already changes nothing. A title that is
 * given counts as set by hand. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export async function updateConversation(
  deps: Deps,
  { idempotencyKey, ...change }: ConversationChange,
): Promise<Conversation> {
  const { conversationId: id } = change;
  const columns = {
    ...(change.title === undefined
      ? {}
      : { title: checkOptionalText('input.title', change.title, { max: MAX_TITLE_LENGTH }), titleOrigin: null }),
    ...(change.pinned == null ? {} : { pinned: change.pinned }),
    ...(change.archived == null ? {} : { archived: change.archived }),
    ...(change.metadata === undefined ? {} : { metadata: jsonColumn(change.metadata) }),
    ...modelColumns(deps, change),
  };
  return writeAndLoad(deps, {
    action: 'conversation.update',
    once: { key: idempotencyKey, input: change },
    async run({ tx, about, changed }) {
      const data = pickChangedColumns(await lockConversation(tx, deps, id), columns);
      if (Object.keys(data).length === 0) return;
      const { metadata, ...others } = data;
      await tx.conversation.update({ where: { id }, data: { ...others, updatedAt: deps.now() } });
      await writeMetadata(tx, 'conversations', id, metadata);
      const names = Object.keys(data).map((name) => (name === 'titleOrigin' ? 'title' : name));
      about({ type: 'Conversation', id }, { changed: [...new Set(names)] });
      changed({ ownerId: deps.actor.userId, type: 'CONVERSATION', id });
    },
    what: 'conversation',
    load: (_, tx) => findOwnConversation(tx, deps, id),
  });
}

/** Sums over conversations. */
export type ConversationStats = {
  conversations: number;
  messages: number;
  archived: number;
  tokensInput: bigint;
  tokensOutput: bigint;
};

/** Counts and sums over the actor's conversations. */
export async function conversationStats({ database, actor }: Deps): Promise<ConversationStats> {
  const [row] = await database.sql<ConversationStats>(
    `SELECT count(*)::int AS conversations, coalesce(sum(last_sequence - discarded_numbers), 0)::int AS messages,
       (count(*) FILTER (WHERE archived))::int AS archived,
       coalesce(sum(tokens_input), 0)::bigint AS "tokensInput", coalesce(sum(tokens_output), 0)::bigint AS "tokensOutput"
     FROM conversations WHERE owner_id = $1`,
    [actor.userId],
  );
  return row as ConversationStats;
}

/** Returns the column values of a new conversation, but for its metadata. Throws BadUserInput. */
export function conversationColumns(input: Omit<NewConversation, 'idempotencyKey'>) {
  return {
    title: checkOptionalText('input.title', input.title, { max: MAX_TITLE_LENGTH }),
    channel: input.channel ?? 'TEXT',
    episodeId: input.episodeId ?? null,
    leadId: input.leadId ?? null,
  } as const;
}

/** Locks the actor's conversation, and returns it: nobody else adds to it before the commit. Throws NotFound. */
export async function lockConversation(tx: Tx, deps: Deps, id: string): Promise<Conversation> {
  await lockRow(tx, 'conversations', id);
  const row = await findOwnConversation(tx, deps, id);
  if (!row) throw new NotFound('conversation');
  return row;
}

/** Returns the actor's conversation; null where it is missing or somebody else's. */
export async function findOwnConversation(
  db: Pick<Tx, 'conversation' | '$queryRawUnsafe'>,
  { actor }: Deps,
  id: string,
): Promise<Conversation | null> {
  const row = await db.conversation.findFirst({ where: { id, ownerId: actor.userId } });
  return withExactJsonOf(db, 'conversations', row);
}

async function assertOwnEpisode(tx: Tx, { actor }: Deps, id: string): Promise<void> {
  const row = await tx.episode.findFirst({ where: { id, ownerId: actor.userId }, select: { id: true } });
  if (!row) throw new NotFound('episode');
}

async function assertOwnLead(tx: Tx, { actor }: Deps, id: string): Promise<void> {
  const lead = await tx.lead.findFirst({ where: { id, ownerId: actor.userId }, select: { id: true } });
  if (!lead) throw new NotFound('lead');
}
