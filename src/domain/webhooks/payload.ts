import type { WebhookEventType } from '#generated/prisma/enums.ts';

/** Returns what is sent of an event, the same in every attempt. */
export const payloadOf = ({ event, createdAt, data }: { event: WebhookEventType; createdAt: Date; data: unknown }) => ({
  type: event,
  timestamp: createdAt.toISOString(),
  data,
});
