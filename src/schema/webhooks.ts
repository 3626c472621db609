import { MAX_ERROR_LENGTH } from '#domain/webhooks/attempt-delivery.ts';
import { FAILING_DAYS, MAX_ATTEMPTS } from '#domain/webhooks/record-attempt.ts';
import { MAX_WEBHOOKS_PER_USER, type PublicWebhook } from '#domain/webhooks/webhooks.ts';
import * as resolvers from '#resolvers/webhooks.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { connectionType } from './connection.ts';

export const WebhookEventType = builder.enumType('WebhookEventType', {
  description: 'Something that a webhook is told. docs/webhooks.md has an example of each payload.',
  values: {
    REPLY_FINISHED: { description: 'A reply is COMPLETE, FAILED or CANCELLED.' },
    EPISODE_READY: { description: 'An episode was processed, and its clips are there.' },
    EPISODE_FAILED: { description: 'The processing of an episode has failed, and is not retried automatically.' },
    CLIP_RENDERED: { description: 'The file of a clip is there.' },
    JOB_FINISHED: { description: 'A job has SUCCEEDED or was CANCELLED, whatever its kind.' },
    JOB_FAILED: { description: 'A job has FAILED, and is not retried automatically.' },
    IMPORT_FINISHED: { description: 'A file of leads or conversations that was uploaded is imported.' },
    CALL_ENDED: { description: 'A call is over, whether or not it was answered.' },
    MEETING_BOOKED: { description: 'A meeting was booked, by the agent in a call or by `bookMeeting`.' },
    MEETING_MOVED: { description: 'The time of a meeting was changed.' },
    MEETING_CANCELLED: { description: 'A meeting was cancelled.' },
    LEAD_REFUSED: {
      description:
        'A lead became DO_NOT_CALL, in a call or by `updateLead`. Rows of an imported file are not reported.',
    },
    CAMPAIGN_FINISHED: { description: 'A campaign is COMPLETED.' },
    WEBHOOK_TEST: { description: 'An event without meaning, sent by `sendTestEvent`.' },
  },
});

const WebhookDeliveryStatus = builder.enumType('WebhookDeliveryStatus', {
  description: 'The status of a delivery.',
  values: {
    PENDING: { description: 'The first or another attempt is to come.' },
    SUCCEEDED: { description: 'The receiver answered with a status from 200 to 299.' },
    FAILED: {
      description:
        'All attempts have failed, or the receiver answered 410, or the webhook was off, or its owner suspended, when one was due.',
    },
  },
});

export const Webhook = builder.objectRef<PublicWebhook>('Webhook').implement({
  description: 'An address that is told over HTTP what happens to the things of its owner.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the webhook; it never changes.', resolve: idOf('Webhook') }),
    url: t.exposeString('url', { description: 'The URL that events are sent to.' }),
    description: t.exposeString('description', { nullable: true, description: 'What the webhook is for.' }),
    events: t.expose('events', { type: [WebhookEventType], description: 'The events that are sent.' }),
    enabled: t.boolean({
      description: 'Whether events are sent. Events that happen while a webhook is off are not sent later.',
      resolve: ({ disabledAt }) => disabledAt === null,
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the webhook was switched off; null while it is on.',
    }),
    disabledReason: t.exposeString('disabledReason', {
      nullable: true,
      description: 'Why the webhook is off; null while it is on.',
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: `Since when every attempt has failed; null if the last one succeeded. After ${FAILING_DAYS} days, the webhook is switched off; at once if its receiver answers 410.`,
    }),
    previousSecretUntil: t.expose('previousSecretUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when the secret before the last rotation signs as well, and thereby until when any old secret does; null if there was no rotation.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the webhook was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the webhook was last changed by its owner.',
    }),
  }),
});

export const WebhookDelivery = builder.prismaObject('WebhookDelivery', {
  description: 'The delivery of one event to one webhook.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the delivery; it never changes. Sent as `webhook-id` with every attempt.',
      resolve: idOf('WebhookDelivery'),
    }),
    webhook: t.field({
      type: Webhook,
      description: 'The webhook that the event is for.',
      resolve: resolvers.webhookOfDelivery,
    }),
    event: t.expose('event', { type: WebhookEventType, description: 'The type of the event.' }),
    payload: t.field({ type: 'JSON', description: 'The JSON that is sent.', resolve: resolvers.payload }),
    status: t.expose('status', { type: WebhookDeliveryStatus, description: 'The status of the delivery.' }),
    attempts: t.exposeInt('attempts', {
      description: `The number of attempts so far, of ${MAX_ATTEMPTS}. Begins again with \`redeliver\`.`,
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the next attempt is due; null if there is none, or if the delivery is held after a restore from a backup.',
    }),
    responseStatus: t.exposeInt('responseStatus', {
      nullable: true,
      description: 'The HTTP status of the last answer; null if the last attempt was not answered.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: `Why the last attempt failed, with the beginning of the answer, up to ${MAX_ERROR_LENGTH} characters; null if it succeeded.`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the event happened.' }),
    lastAttemptAt: t.expose('lastAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last attempt began; null before the first.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the delivery became SUCCEEDED or FAILED; null while it is PENDING.',
    }),
  }),
});

export const WebhookConnection = connectionType(Webhook, 'Webhook', 'webhooks');
export const WebhookDeliveryConnection = connectionType(WebhookDelivery, 'WebhookDelivery', 'deliveries');

builder.objectField(Webhook, 'deliveries', (t) =>
  t.field({
    type: WebhookDeliveryConnection,
    description: 'The deliveries of the last days (WEBHOOK_DELIVERIES_KEEP_DAYS), newest event first.',
    args: {
      statuses: t.arg({
        type: [WebhookDeliveryStatus],
        description: 'Only deliveries with one of these statuses.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: resolvers.deliveries,
  }),
);

builder.queryFields((t) => ({
  webhook: t.field({
    type: Webhook,
    nullable: true,
    description: 'A webhook by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of the webhook.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.webhook,
  }),
  webhooks: t.field({
    type: WebhookConnection,
    description: `The viewer's webhooks, newest first. A user has at most ${MAX_WEBHOOKS_PER_USER}.`,
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.webhooks,
  }),
}));
