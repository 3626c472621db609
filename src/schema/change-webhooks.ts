import { MAX_PENDING_FOR_TEST } from '#domain/webhooks/deliveries.ts';
import { MAX_OLD_SECRETS, ROTATION_HOURS } from '#domain/webhooks/old-secrets.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_URL_LENGTH } from '#domain/webhooks/webhook-fields.ts';
import { MAX_WEBHOOKS_PER_USER } from '#domain/webhooks/webhooks.ts';
import * as resolvers from '#resolvers/webhooks.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import {
  Webhook,
  WebhookConnection,
  WebhookDelivery,
  WebhookDeliveryConnection,
  WebhookEventType,
} from './webhooks.ts';

const URL_FORM = `at most ${digits(MAX_URL_LENGTH)} characters: https, a host with a public address, no user or password`;
const DESCRIPTION = `What the webhook is for, 1 to ${MAX_DESCRIPTION_LENGTH} characters`;

const webhookId = (t: InputFields, description: string) => t.id({ required: true, description });

builder.relayMutationField(
  'createWebhook',
  {
    description: 'The webhook to create.',
    inputFields: (t: InputFields) => ({
      url: t.string({ required: true, description: `The URL that events are sent to, ${URL_FORM}.` }),
      events: t.field({
        type: [WebhookEventType],
        required: true,
        description: 'The events to send, at least one.',
      }),
      description: t.string({ description: `${DESCRIPTION}.` }),
    }),
  },
  {
    description: `Creates a webhook: from now on, events of the viewer's are sent to it. A user can have at most ${MAX_WEBHOOKS_PER_USER}. The secret is returned only once, so this mutation has no idempotency key. Errors: LIMIT_EXCEEDED (too many webhooks).`,
    resolve: resolvers.createWebhook,
  },
  {
    description: 'A webhook with its secret, which is returned only once.',
    outputFields: (t) => ({
      webhook: t.expose('webhook', { type: Webhook, description: 'The new webhook.' }),
      webhookEdge: payloadEdge(t, WebhookConnection.edge, 'webhooks', resolvers.webhookEdge),
      secret: t.exposeString('secret', {
        description:
          'The secret that signs what is sent to the webhook: `whsec_` and 32 bytes in base64. It cannot be retrieved again.',
      }),
    }),
  },
);

builder.relayMutationField(
  'updateWebhook',
  {
    description: 'Changes to a webhook; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      webhookId: webhookId(t, 'The id of the webhook to change.'),
      url: t.string({ description: `The URL that events are sent to, ${URL_FORM}.` }),
      events: t.field({ type: [WebhookEventType], description: 'The events to send, at least one.' }),
      description: t.string({ description: `${DESCRIPTION}; null removes it.` }),
      enabled: t.boolean({
        description: 'Whether events are sent. Also switches on a webhook that the server has switched off.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes a webhook. Deliveries that are PENDING go to the new URL, and fail if the webhook is off when they are due. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateWebhook,
  },
  {
    description: 'The webhook that was changed.',
    outputFields: (t) => ({
      webhook: t.expose('webhook', { type: Webhook, description: 'The webhook after the change.' }),
      webhookEdge: payloadEdge(t, WebhookConnection.edge, 'webhooks', resolvers.webhookEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteWebhook',
  {
    description: 'The webhook to delete.',
    inputFields: (t: InputFields) => ({
      webhookId: webhookId(t, 'The id of the webhook to delete.'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a webhook with its deliveries; those that are PENDING are not sent any more. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteWebhook,
  },
  {
    description: 'The webhook that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the webhook that was deleted.' }),
    }),
  },
);

builder.relayMutationField(
  'rotateWebhookSecret',
  {
    description: 'The webhook that gets a new secret.',
    inputFields: (t: InputFields) => ({
      webhookId: webhookId(t, 'The id of the webhook that gets a new secret.'),
    }),
  },
  {
    description: `Gives a webhook a new secret. For ${ROTATION_HOURS} hours, everything that is sent carries a signature with the old one, too, also after further rotations. The secret is returned only once, so this mutation has no idempotency key. Errors: NOT_FOUND, LIMIT_EXCEEDED (${MAX_OLD_SECRETS} old secrets sign already).`,
    resolve: resolvers.rotateWebhookSecret,
  },
  {
    description: 'A webhook with its new secret, which is returned only once.',
    outputFields: (t) => ({
      webhook: t.expose('webhook', { type: Webhook, description: 'The webhook after the change.' }),
      webhookEdge: payloadEdge(t, WebhookConnection.edge, 'webhooks', resolvers.webhookEdge),
      secret: t.exposeString('secret', {
        description: 'The new secret: `whsec_` and 32 bytes in base64. It cannot be retrieved again.',
      }),
    }),
  },
);

builder.relayMutationField(
  'sendTestEvent',
  {
    description: 'The webhook to test.',
    inputFields: (t: InputFields) => ({
      webhookId: webhookId(t, 'The id of the webhook to test.'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: `Sends a WEBHOOK_TEST event to a webhook, whatever events it asks for. Read the \`delivery\` again to see what its receiver answered. Errors: NOT_FOUND, CONFLICT (the webhook is off), LIMIT_EXCEEDED (${MAX_PENDING_FOR_TEST} of its deliveries are pending), IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.sendTestEvent,
  },
  {
    description: 'The test event that is sent.',
    outputFields: (t) => ({
      delivery: t.expose('delivery', { type: WebhookDelivery, description: 'The delivery of the event.' }),
      deliveryEdge: payloadEdge(t, WebhookDeliveryConnection.edge, 'deliveries', resolvers.deliveryEdge),
    }),
  },
);

builder.relayMutationField(
  'redeliver',
  {
    description: 'The delivery to make again.',
    inputFields: (t: InputFields) => ({
      webhookDeliveryId: t.id({ required: true, description: 'The id of the delivery to make again.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Sends the event of a delivery again, under the same `webhook-id`, with all attempts; for a delivery that is PENDING, makes its next attempt now. Errors: NOT_FOUND, CONFLICT (the webhook is off), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.redeliver,
  },
  {
    description: 'The delivery that is made again.',
    outputFields: (t) => ({
      delivery: t.expose('delivery', { type: WebhookDelivery, description: 'The delivery, PENDING again.' }),
      deliveryEdge: payloadEdge(t, WebhookDeliveryConnection.edge, 'deliveries', resolvers.deliveryEdge),
    }),
  },
);
