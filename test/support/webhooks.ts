import type { WebhookEventType } from '#generated/prisma/enums.ts';
import type { Client } from './client.ts';

/** A host that answers nothing: no test sends anything there. */
const NOWHERE = 'https://webhooks.example.com/parley';

const CREATE = /* GraphQL */ `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } secret } }`;

/** Makes a webhook, for all events unless some are named. */
export async function makeWebhook(
  owner: Client,
  url: string = NOWHERE,
  events: readonly WebhookEventType[] = ['REPLY_FINISHED'],
): Promise<{ id: string; secret: string }> {
  const { webhook, secret } = (await owner.ask(CREATE, { input: { url, events } })).createWebhook;
  return { id: webhook.id, secret };
}

/** Makes a webhook and sends it a test event; returns the id of the delivery. */
export async function makeDelivery(owner: Client): Promise<string> {
  const { id } = await makeWebhook(owner);
  const test = 'mutation ($id: ID!) { sendTestEvent(input: { webhookId: $id }) { delivery { id } } }';
  return (await owner.ask(test, { id })).sendTestEvent.delivery.id;
}
