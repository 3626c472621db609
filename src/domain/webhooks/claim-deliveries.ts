import type { Services } from '#domain/core/deps.ts';
import type { WebhookEventType } from '#generated/prisma/enums.ts';

/** A delivery for one attempt, of which `attempts` is the number. */
export type ClaimedDelivery = {
  id: string;
  webhookId: string;
  ownerId: string;
  event: WebhookEventType;
  data: Record<string, unknown>;
  createdAt: Date;
  attempts: number;
  url: string;
  secret: string;
  /** The earlier secrets that sign as well, the latest first. */
  oldSecrets: string[];
  /** Why nothing is sent; null if it is. */
  refusal: string | null;
};

/** `nextMs`: milliseconds until the next one is due; null if none waits. */
export type Claims = { claimed: ClaimedDelivery[]; nextMs: number | null };

/** How many attempts a process makes at once: in all, for one user, and for one webhook. */
const PLACES = { all: 64, perOwner: 16, perWebhook: 4 };
/** The same for a webhook whose last attempt failed: one that never answers would occupy the others for the whole of each timeout. */
const PLACES_OF_FAILING = 1;

/** For how long a claim holds: longer than an attempt may take, after which its process counts as dead. */
const CLAIM_SECONDS = 60;

/**
 * Claims deliveries that are due, as many as this process has places for beside `underWay`. Users take turns, and a webhook or user with
 * many gets no more than its places.
 */
export async function claimDeliveries(
  { database }: Services,
  underWay: Iterable<Pick<ClaimedDelivery, 'webhookId' | 'ownerId'>>,
): Promise<Claims> {
  const busy = Array.from(underWay, ({ webhookId, ownerId }) => ({ webhookId, ownerId }));
  type Row = { [Key in keyof ClaimedDelivery]: ClaimedDelivery[Key] | null } & Omit<Claims, 'claimed'>;
  const rows = await database.sql<Row>(CLAIM, [JSON.stringify(busy), PLACES.all - busy.length]);
  const { nextMs = null } = rows[0] ?? {};
  return { claimed: rows.filter(({ id }) => id !== null) as ClaimedDelivery[], nextMs };
}

/**
 * The step of a recursive statement that finds every webhook with pending deliveries, and when its first is due: by one look at the index
 * for each, however many it has.
 */
export const PENDING = /* sql */ `pending AS (
  (SELECT webhook_id, next_attempt_at FROM webhook_deliveries WHERE next_attempt_at IS NOT NULL
   ORDER BY webhook_id, next_attempt_at LIMIT 1)
  UNION ALL
  SELECT n.webhook_id, n.next_attempt_at FROM pending p CROSS JOIN LATERAL (
    SELECT webhook_id, next_attempt_at FROM webhook_deliveries
    WHERE next_attempt_at IS NOT NULL AND webhook_id > p.webhook_id ORDER BY webhook_id, next_attempt_at LIMIT 1) n
)`;

/** An owner's n-th delivery waits behind the (n - 1)-th of everybody else, those that are under way included. */
const CLAIM = /* sql */ `WITH RECURSIVE ${PENDING}, busy AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS b("webhookId" uuid, "ownerId" uuid)
), due AS (
  SELECT d.id, d.next_attempt_at, w.owner_id,
    row_number() OVER (PARTITION BY w.owner_id ORDER BY d.next_attempt_at, d.id)
      + (SELECT count(*) FROM busy WHERE "ownerId" = w.owner_id) AS turn
  FROM pending p JOIN webhooks w ON w.id = p.webhook_id
  CROSS JOIN LATERAL (
    SELECT id, next_attempt_at FROM webhook_deliveries
    WHERE webhook_id = p.webhook_id AND next_attempt_at <= now() ORDER BY next_attempt_at
    LIMIT greatest(0, CASE WHEN w.failing_since IS NULL THEN ${PLACES.perWebhook} ELSE ${PLACES_OF_FAILING} END
      - (SELECT count(*) FROM busy WHERE "webhookId" = w.id))
  ) d WHERE p.next_attempt_at <= now()
), chosen AS (
  SELECT id FROM webhook_deliveries WHERE next_attempt_at <= now() AND id IN (
    SELECT id FROM due WHERE turn <= ${PLACES.perOwner} ORDER BY turn, next_attempt_at LIMIT $2::int)
  FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE webhook_deliveries d
  SET attempts = attempts + 1, last_attempt_at = now(), next_attempt_at = now() + interval '${CLAIM_SECONDS} seconds'
  FROM webhooks w WHERE d.id IN (SELECT id FROM chosen) AND w.id = d.webhook_id
  RETURNING d.id, d.webhook_id AS "webhookId", w.owner_id AS "ownerId", d.event, d.data, d.created_at AS "createdAt", d.attempts,
    w.url, w.secret, ARRAY(
      SELECT w.previous_secret WHERE w.previous_secret_until > now() UNION ALL
      SELECT o.secret FROM jsonb_to_recordset(w.older_secrets) AS o(secret text, until timestamptz) WHERE o.until > now()
    ) AS "oldSecrets",
    CASE WHEN w.disabled_at IS NOT NULL THEN 'The webhook is off.'
      WHEN EXISTS (SELECT FROM users WHERE id = w.owner_id AND suspended_at IS NOT NULL) THEN 'The owner of the webhook is suspended.'
    END AS refusal
), next AS (
  SELECT extract(epoch FROM min(next_attempt_at) - now())::float8 * 1000 AS "nextMs"
  FROM webhook_deliveries WHERE next_attempt_at > now()
) SELECT next.*, claimed.* FROM next LEFT JOIN claimed ON true`;
