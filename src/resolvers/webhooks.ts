import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import * as deliveriesDomain from '#domain/webhooks/deliveries.ts';
import { payloadOf } from '#domain/webhooks/payload.ts';
import type { PublicWebhook } from '#domain/webhooks/webhooks.ts';
import * as domain from '#domain/webhooks/webhooks.ts';
import type { WebhookDelivery } from '#generated/prisma/client.ts';
import type { WebhookDeliveryStatus } from '#generated/prisma/enums.ts';
import {
  ALL_STATUSES,
  deliveriesOfWebhook,
  deliveryOrder,
  webhookById,
  webhookOrder,
  webhooksOfUser,
} from '#loaders/webhooks.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { rowId } from './global-ids.ts';

/** Returns a webhook; null where it is missing or somebody else's. */
export const webhook = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(webhookById, rowId(id, 'Webhook', 'id'));

/** Returns a page of the viewer's webhooks, the newest first. */
export const webhooks = (_root: unknown, page: PageArgs, ctx: Context) =>
  connection(ctx, webhooksOfUser, { parentId: ctx.deps.actor.userId, filter: {} }, page);

type DeliveriesArgs = PageArgs & { statuses?: readonly WebhookDeliveryStatus[] | null | undefined };

/** Returns a page of a webhook's deliveries, the newest first. */
export const deliveries = ({ id }: PublicWebhook, { statuses, ...page }: DeliveriesArgs, ctx: Context) => {
  const filter = { statuses: statuses ? ALL_STATUSES.filter((status) => statuses.includes(status)) : ALL_STATUSES };
  return connection(ctx, deliveriesOfWebhook, { parentId: id, filter }, page);
};

/** Returns the webhook of a delivery. */
export const webhookOfDelivery = (row: WebhookDelivery, _args: unknown, { load }: Context) =>
  existing(load(webhookById, row.webhookId));

/** Returns what is sent of a delivery. */
export const payload = ({ event, createdAt, data }: WebhookDelivery) => payloadOf({ event, createdAt, data });

/** Returns the webhook of a payload at its position among the viewer's. */
export const webhookEdge = ({ webhook }: { webhook: PublicWebhook }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, webhookOrder, webhook);

/** Returns the delivery of a payload at its position among those of its webhook. */
export const deliveryEdge = ({ delivery }: { delivery: WebhookDelivery }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, deliveryOrder, delivery);

type Input<T> = { input: T };
type OfWebhook = WithIdempotencyKey & { webhookId: string };

const webhookIdOf = ({ webhookId }: { webhookId: string }) => rowId(webhookId, 'Webhook', 'input.webhookId');

/** Returns the new webhook with its secret. */
export const createWebhook = (_root: unknown, { input }: Input<domain.NewWebhook>, { deps }: Context) =>
  domain.createWebhook(deps, input);

/** Returns the webhook as the change left it. */
export async function updateWebhook(_root: unknown, { input }: Input<domain.WebhookChange>, { deps }: Context) {
  return { webhook: await domain.updateWebhook(deps, { ...input, webhookId: webhookIdOf(input) }) };
}

/** Returns the id of the webhook that is gone. */
export async function deleteWebhook(_root: unknown, { input }: Input<OfWebhook>, { deps }: Context) {
  await domain.deleteWebhook(deps, { ...input, webhookId: webhookIdOf(input) });
  return { deletedId: input.webhookId };
}

/** Returns the webhook with its new secret. */
export const rotateWebhookSecret = (_root: unknown, { input }: Input<OfWebhook>, { deps }: Context) =>
  domain.rotateWebhookSecret(deps, { webhookId: webhookIdOf(input) });

/** Returns the delivery of the test event. */
export async function sendTestEvent(_root: unknown, { input }: Input<OfWebhook>, { deps }: Context) {
  return { delivery: await deliveriesDomain.sendTestEvent(deps, { ...input, webhookId: webhookIdOf(input) }) };
}

type Redelivery = WithIdempotencyKey & { webhookDeliveryId: string };

/** Returns the delivery that is made again. */
export async function redeliver(_root: unknown, { input }: Input<Redelivery>, { deps }: Context) {
  const webhookDeliveryId = rowId(input.webhookDeliveryId, 'WebhookDelivery', 'input.webhookDeliveryId');
  return { delivery: await deliveriesDomain.redeliver(deps, { ...input, webhookDeliveryId }) };
}
