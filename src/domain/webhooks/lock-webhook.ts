import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Webhook } from '#generated/prisma/client.ts';

/** Locks the actor's webhook until the commit, and returns it. Throws NotFound. */
export async function lockWebhook(tx: Tx, { actor }: Deps, id: string): Promise<Webhook> {
  await lockRevision(tx, actor.userId);
  await lockRow(tx, 'webhooks', id);
  const webhook = await tx.webhook.findFirst({ where: { id, ownerId: actor.userId } });
  if (!webhook) throw new NotFound('webhook');
  return webhook;
}

/** Locks a user's revision before their webhooks, as an event does: its delivery refers to the webhook. */
export async function lockRevision(tx: Tx, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT number FROM revisions WHERE user_id = ${userId}::uuid FOR UPDATE`;
}
