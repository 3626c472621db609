import type { WebhookEventType } from '#generated/prisma/enums.ts';
import { WEBHOOKS_CHANNEL } from './channels.ts';

/**
 * Something that the webhooks of a user may be told (src/domain/webhooks/events.ts). The data are the global ids of what it is about, and a
 * few facts.
 */
export type WebhookEvent = {
  ownerId: string;
  type: WebhookEventType;
  data: Record<string, string | number | null>;
};

/**
 * An expression by which a transaction wakes those who deliver once it is committed, whatever becomes of its process: a wake by pub/sub
 * would be lost with it. On the embedded database it does nothing.
 */
export const NOTIFY_DELIVERERS = `pg_notify('${WEBHOOKS_CHANNEL}', '')`;

/** The step of a statement that writes a delivery of each event in $2 for each webhook of its owner that asks for it. */
export const EMIT_STEP = /* sql */ `emitted AS (
  INSERT INTO webhook_deliveries (id, webhook_id, event, data, next_attempt_at)
  SELECT gen_random_uuid(), w.id, e.type, e.data, now()
  FROM json_to_recordset($2::json) AS e("ownerId" uuid, type webhook_event_type, data jsonb)
  JOIN webhooks w ON w.owner_id = e."ownerId" AND w.disabled_at IS NULL AND e.type = ANY(w.events)
  RETURNING id
)`;
