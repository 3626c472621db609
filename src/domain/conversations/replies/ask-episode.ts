import { v7 as uuidv7 } from 'uuid';
import { lockConversation } from '#domain/conversations/conversations.ts';
import { type ClientId, checkClientId, MAX_CONTENT } from '#domain/conversations/messages.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkReadableText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { assertHasTranscript, lockEpisode } from '#domain/episodes/episodes.ts';
import type { Conversation, Episode } from '#generated/prisma/client.ts';
import { loadStartedReply, type StartedReply, startReply } from './replies.ts';

/** A question about an episode. */
export type EpisodeQuestion = WithIdempotencyKey & {
  episodeId: string;
  question: string;
  /** A conversation about this episode; null for the user's newest one about it, or else a new one. */
  conversationId: string | null;
  metadata?: unknown;
} & ClientId;

/**
 * Adds a question to a conversation about an episode, and starts the reply. If the conversation already has a message with the
 * `clientId`, returns that message and its reply, and stores nothing. Safe to repeat with the same idempotency key. Throws BadUserInput,
 * NotFound, Conflict (no transcript; a reply is being written; the message with the `clientId` has no reply), IdempotencyConflict.
 */
export async function askEpisode(deps: Deps, { idempotencyKey, ...input }: EpisodeQuestion): Promise<StartedReply> {
  const message = {
    content: checkReadableText('input.question', input.question, { max: MAX_CONTENT }),
    metadata: input.metadata ?? undefined,
    clientId: checkClientId(input),
  };
  return writeAndLoad(deps, {
    action: 'episode.ask',
    once: { key: idempotencyKey, input },
    async run(change) {
      // A concurrent question about the same episode waits here, and then finds the conversation that this one has created.
      const episode = await lockEpisode(change.tx, deps, input.episodeId);
      await assertHasTranscript(change.tx, episode);
      const conversation = input.conversationId
        ? await lockNamedConversation(change.tx, deps, input.conversationId, episode)
        : await findOrCreateConversation(change.tx, deps, episode);
      return startReply(change, deps, conversation, message);
    },
    what: 'message',
    load: (ids, tx) => loadStartedReply(tx, deps, ids),
  });
}

/** Throws NotFound, BadUserInput (it is not about the episode). */
async function lockNamedConversation(tx: Tx, deps: Deps, id: string, episode: Episode): Promise<Conversation> {
  const conversation = await lockConversation(tx, deps, id);
  if (conversation.episodeId !== episode.id)
    throw new BadUserInput(
      'input.conversationId',
      'This conversation is not about this episode; leave it out, or name one of `Episode.conversations`.',
    );
  return conversation;
}

/** Locks the actor's newest conversation about an episode, or creates one. */
async function findOrCreateConversation(tx: Tx, deps: Deps, { id: episodeId }: Episode): Promise<Conversation> {
  const mine = { ownerId: deps.actor.userId, episodeId };
  const newest = await tx.conversation.findFirst({
    where: { ...mine, archived: false },
    orderBy: [{ lastActivityAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  });
  return newest ? lockConversation(tx, deps, newest.id) : tx.conversation.create({ data: { id: uuidv7(), ...mine } });
}
