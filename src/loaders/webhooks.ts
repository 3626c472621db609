import type { PublicWebhook } from '#domain/webhooks/webhooks.ts';
import { Prisma, type WebhookDelivery } from '#generated/prisma/client.ts';
import { WebhookDeliveryStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';

const {
  secret: _secret,
  previousSecret: _previous,
  olderSecrets: _older,
  events: _events,
  ...FIELDS
} = Prisma.WebhookScalarFieldEnum;

const columns = columnsOf('w', FIELDS);

const webhooks = {
  // As text: the driver does not know the types of enums, which have other numbers in every database.
  columns: { ...columns, list: `${columns.list}, w.events::text[] AS events` },
  from: 'webhooks w',
  id: 'w.id',
};

export const webhookById = rowById<PublicWebhook>({ ...webhooks, visible: 'w.owner_id = k.viewer_id' });

/** The newest first. */
export const webhookOrder: Order<PublicWebhook> = {
  name: 'webhooks',
  descending: true,
  keys: [
    { sql: 'w.created_at', type: 'timestamptz', of: (row) => row.createdAt },
    { sql: 'w.id', type: 'uuid', of: (row) => row.id },
  ],
};

export const webhooksOfUser = defineList<PublicWebhook>({
  ...webhooks,
  parent: 'w.owner_id',
  order: () => webhookOrder,
});

const deliveries = {
  columns: columnsOf('d', Prisma.WebhookDeliveryScalarFieldEnum),
  from: 'webhook_deliveries d',
  id: 'd.id',
};

export const deliveryById = rowById<WebhookDelivery>({
  ...deliveries,
  visible: 'EXISTS (SELECT FROM webhooks w WHERE w.id = d.webhook_id AND w.owner_id = k.viewer_id)',
});

/** The newest first. */
export const deliveryOrder: Order<WebhookDelivery> = {
  name: 'webhooks.deliveries',
  descending: true,
  keys: [
    { sql: 'd.created_at', type: 'timestamptz', of: (row) => row.createdAt },
    { sql: 'd.id', type: 'uuid', of: (row) => row.id },
  ],
};

export type DeliveryFilter = { statuses: readonly WebhookDeliveryStatus[] };

/** Every status is in order in the index. */
export const deliveriesOfWebhook = defineList<WebhookDelivery, DeliveryFilter>({
  ...deliveries,
  parent: 'd.webhook_id',
  order: () => deliveryOrder,
  where: ({ statuses }, bind: Bind) => [
    statuses.length === 1
      ? `d.status = ${bind(statuses[0], 'webhook_delivery_status')}`
      : `d.status = ANY(${bind(statuses, 'webhook_delivery_status[]')})`,
  ],
  unionOf: (filter) =>
    filter.statuses.length > 1 ? filter.statuses.map((status) => ({ statuses: [status] })) : [filter],
});

/** All statuses, which match every delivery. */
export const ALL_STATUSES: readonly WebhookDeliveryStatus[] = Object.values(WebhookDeliveryStatus);
