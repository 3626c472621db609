import { v7 as uuidv7 } from 'uuid';
import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { write, writeAndLoad } from '#domain/core/write.ts';
import type { Webhook } from '#generated/prisma/client.ts';
import type { WebhookEventType } from '#generated/prisma/enums.ts';
import { lockWebhook } from './lock-webhook.ts';
import { retireSecret } from './old-secrets.ts';
import { wakeDeliverers } from './wake-deliverers.ts';
import { checkDescription, checkEvents, checkUrl, newSigningSecret } from './webhook-fields.ts';

/** The maximum number of webhooks of a user. */
export const MAX_WEBHOOKS_PER_USER = 20;

/** A webhook without its secrets, which nobody reads after they were made. */
export type PublicWebhook = Omit<Webhook, 'secret' | 'previousSecret' | 'olderSecrets'>;

const BY_OWNER = 'Its owner switched it off.';

export type NewWebhook = { url: string; events: readonly WebhookEventType[]; description?: string | null | undefined };

/** A webhook with its secret, which is given out once. */
export type WebhookWithSecret = { webhook: Webhook; secret: string };

/** Creates a webhook of the actor. Throws BadUserInput, LIMIT_EXCEEDED. */
export async function createWebhook(deps: Deps, input: NewWebhook): Promise<WebhookWithSecret> {
  const ownerId = deps.actor.userId;
  const fields = {
    url: checkUrl(deps, input.url),
    events: checkEvents(input.events),
    description: checkDescription(input.description ?? null),
  };
  const secret = newSigningSecret();
  const webhook = await write(deps, {
    action: 'webhook.create',
    async run({ tx, about, changed }) {
      await reserveWebhook(tx, ownerId);
      const now = deps.now();
      const row = { id: uuidv7(), ownerId, ...fields, secret, createdAt: now, updatedAt: now };
      const created = await tx.webhook.create({ data: row });
      about({ type: 'Webhook', id: row.id }, { host: hostOf(fields.url), events: fields.events });
      changed({ ownerId, type: 'WEBHOOK', id: row.id });
      return created;
    },
  });
  return { webhook, secret };
}

/** A change of a webhook; omitted fields stay unchanged. */
export type WebhookChange = WithIdempotencyKey & {
  webhookId: string;
  url?: string | null | undefined;
  events?: readonly WebhookEventType[] | null | undefined;
  description?: string | null | undefined;
  enabled?: boolean | null | undefined;
};

/**
 * Changes a webhook, and switches it off, or on again with a clean record. Safe to repeat with the same idempotency key. Throws
 * BadUserInput, NotFound, IdempotencyConflict.
 */
export function updateWebhook(deps: Deps, { idempotencyKey, ...change }: WebhookChange): Promise<Webhook> {
  const { webhookId: id, url, events, description, enabled } = change;
  const fields = {
    ...(url == null ? {} : { url: checkUrl(deps, url) }),
    ...(events == null ? {} : { events: checkEvents(events) }),
    ...(description === undefined ? {} : { description: checkDescription(description) }),
  };
  return writeAndLoad(deps, {
    action: 'webhook.update',
    once: { key: idempotencyKey, input: change },
    async run({ tx, about, changed, publish }) {
      const webhook = await lockWebhook(tx, deps, id);
      const data = pickChangedColumns(webhook, { ...fields, ...switched(deps, webhook, enabled) });
      if (Object.keys(data).length === 0) return;
      const record = data.url === undefined ? {} : { failingSince: null };
      await tx.webhook.update({ where: { id }, data: { ...data, ...record, updatedAt: deps.now() } });
      about(
        { type: 'Webhook', id },
        { changed: Object.keys(data), ...(data.url === undefined ? {} : { host: hostOf(data.url) }) },
      );
      changed({ ownerId: webhook.ownerId, type: 'WEBHOOK', id });
      await wakeDeliverers({ tx, publish }, deps);
    },
    ...loadWebhook(deps, id),
  });
}

function switched({ now }: Deps, webhook: Webhook, enabled: boolean | null | undefined) {
  if (enabled == null || enabled === (webhook.disabledAt === null)) return {};
  return enabled
    ? { disabledAt: null, disabledReason: null, failingSince: null }
    : { disabledAt: now(), disabledReason: BY_OWNER };
}

/**
 * Deletes a webhook with its deliveries, also those that are not done. Safe to repeat with the same idempotency key. Throws NotFound,
 * IdempotencyConflict.
 */
export function deleteWebhook(
  deps: Deps,
  { webhookId: id, idempotencyKey }: WithIdempotencyKey & { webhookId: string },
): Promise<void> {
  return write(deps, {
    action: 'webhook.delete',
    once: { key: idempotencyKey, input: { webhookId: id } },
    async run({ tx, about, changed }) {
      const ownerId = deps.actor.userId;
      const { url } = await lockWebhook(tx, deps, id);
      await tx.webhook.delete({ where: { id }, select: { id: true } });
      about({ type: 'Webhook', id }, { host: hostOf(url) });
      changed({ ownerId, type: 'WEBHOOK', id, deleted: true });
    },
  });
}

/** Gives a webhook a new secret; every old one signs as well for ROTATION_HOURS. Throws NotFound, LIMIT_EXCEEDED. */
export async function rotateWebhookSecret(
  deps: Deps,
  { webhookId: id }: { webhookId: string },
): Promise<WebhookWithSecret> {
  const secret = newSigningSecret();
  const webhook = await write(deps, {
    action: 'webhook.rotate',
    async run({ tx, about, changed }) {
      const before = await lockWebhook(tx, deps, id);
      const { ownerId } = before;
      const now = deps.now();
      const old = { ...retireSecret(before, now), updatedAt: now };
      about({ type: 'Webhook', id });
      changed({ ownerId, type: 'WEBHOOK', id });
      return tx.webhook.update({ where: { id }, data: { secret, ...old } });
    },
  });
  return { webhook, secret };
}

const loadWebhook = ({ actor }: Deps, id: string) => ({
  what: 'webhook',
  load: (_: unknown, tx: Tx) => tx.webhook.findFirst({ where: { id, ownerId: actor.userId } }),
});

/** Locks the user against concurrent new webhooks, and checks that one more is allowed. Throws LIMIT_EXCEEDED. */
async function reserveWebhook(tx: Tx, ownerId: string): Promise<void> {
  await lockRow(tx, 'users', ownerId);
  const actual = await tx.webhook.count({ where: { ownerId } });
  if (actual < MAX_WEBHOOKS_PER_USER) return;
  throw new DomainError(
    'LIMIT_EXCEEDED',
    `A user has at most ${MAX_WEBHOOKS_PER_USER} webhooks; delete one that is not needed.`,
    { limit: MAX_WEBHOOKS_PER_USER, limited: 'webhooks', actual },
  );
}

/** For the audit: the rest of a URL may be a secret. */
const hostOf = (url: string) => new URL(url).host;
