import { RECORD_STEPS } from '#domain/core/changes.ts';

/** The appends, numbered `n` (parameter $1, JSON), each with what its messages add up to. */
const APPENDS = /* sql */ `appends AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS a(
    n int, conversation_id uuid, owner_id uuid, size int, tokens_input bigint, tokens_output bigint,
    client_id text, key text, input_hash text, result text, audit_id uuid, action text, api_key_id uuid, request_id text, ip text)
)`;

/** How long the statement waits for each lock (parameter $3, milliseconds): it has to be read before anything is locked. */
const LIMITED = /* sql */ `limited AS MATERIALIZED (SELECT set_config('lock_timeout', $3, true))`;

/**
 * The appends whose conversations are their actors'; `turn` is 1 for the first of those that share an idempotency key, `first_id`
 * the message that has the client id already.
 */
const ownWith = (firstId: string) => /* sql */ `own AS MATERIALIZED (
  SELECT a.*, row_number() OVER (PARTITION BY a.owner_id, a.key ORDER BY a.n) AS turn,
    ${firstId} AS first_id
  FROM limited, appends a JOIN conversations c ON c.id = a.conversation_id AND c.owner_id = a.owner_id
)`;

/** The idempotency keys that nobody had claimed before, claimed in their order, so that statements that share some never deadlock. */
const CLAIMED = /* sql */ `claimed AS (
  INSERT INTO idempotency_keys (user_id, key, action, input_hash, result)
  SELECT owner_id, key, action, decode(input_hash, 'hex'),
    CASE WHEN first_id IS NULL THEN result::jsonb ELSE jsonb_build_array(first_id) END
  FROM own WHERE key IS NOT NULL AND turn = 1 ORDER BY owner_id, key
  ON CONFLICT DO NOTHING
  RETURNING user_id, key
)`;

/** The conversations, locked in the order of their ids, and after all keys, as `write` does it. */
const LOCKED = /* sql */ `locked AS MATERIALIZED (
  SELECT id FROM conversations
  WHERE (SELECT count(*) FROM claimed) >= 0 AND id IN (SELECT conversation_id FROM own)
  ORDER BY id FOR NO KEY UPDATE
)`;

/** The appends that are carried out, and how many messages others of them put into the same conversation before theirs. */
const ACCEPTED = /* sql */ `accepted AS MATERIALIZED (
  SELECT o.*, sum(o.size) OVER (PARTITION BY o.conversation_id ORDER BY o.n) - o.size AS before
  FROM own o JOIN locked l ON l.id = o.conversation_id
  WHERE o.first_id IS NULL
    AND (o.key IS NULL OR (o.turn = 1 AND EXISTS (SELECT FROM claimed c WHERE c.user_id = o.owner_id AND c.key = o.key)))
)`;

/**
 * The messages (parameter $2, JSON), each with the number of its append and its place in it. Their own JSON fields travel as text
 * and are cast, because PostgreSQL would refuse \u0000 inside nested JSON that it has to unescape.
 */
const NEW_MESSAGES = /* sql */ `new_messages AS MATERIALIZED (
  SELECT * FROM json_to_recordset($2::json) AS m(
    n int, index int, id uuid, role message_role, content text, "toolCalls" text, "toolCallId" text, "toolResult" text,
    model text, "tokensInput" int, "tokensOutput" int, metadata text, "sentAt" timestamptz)
)`;

/** The conversations with their counters raised; `base` is how many messages each had before. */
const EXTENDED = /* sql */ `extended AS (
  UPDATE conversations c SET
    last_sequence = c.last_sequence + grown.size,
    tokens_input = c.tokens_input + grown.tokens_input,
    tokens_output = c.tokens_output + grown.tokens_output,
    last_activity_at = CASE WHEN c.last_sequence = 0 THEN grown.sent_at ELSE greatest(c.last_activity_at, grown.sent_at) END,
    updated_at = now()
  FROM (
    SELECT a.conversation_id, sum(a.size)::int AS size, sum(a.tokens_input) AS tokens_input,
      sum(a.tokens_output) AS tokens_output, max(s.sent_at) AS sent_at
    FROM accepted a
    JOIN LATERAL (
      SELECT max(coalesce(new_messages."sentAt", now())) AS sent_at FROM new_messages WHERE new_messages.n = a.n
    ) s ON true
    GROUP BY a.conversation_id
  ) grown
  WHERE c.id = grown.conversation_id
  RETURNING c.id, c.last_sequence - grown.size AS base
)`;

/** The messages in their table, numbered on from the base of their conversation. */
const STORED = /* sql */ `stored AS (
  INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content, tool_calls, tool_call_id, tool_result,
    model, tokens_input, tokens_output, metadata, client_id, sent_at)
  SELECT s.id, a.conversation_id, a.owner_id, extended.base + a.before + s.index + 1, s.role, s.content, s."toolCalls"::json,
    s."toolCallId", s."toolResult"::json, s.model, s."tokensInput", s."tokensOutput", s.metadata::json,
    a.client_id, coalesce(s."sentAt", now())
  FROM new_messages s JOIN accepted a ON a.n = s.n JOIN extended ON extended.id = a.conversation_id
  ORDER BY a.conversation_id, 4
  RETURNING id
)`;

/** An audit entry for each append. */
const AUDITED = /* sql */ `audited AS (
  INSERT INTO audit_entries (id, actor_id, api_key_id, action, subject_type, subject_id, request_id, ip, detail)
  SELECT a.audit_id, a.owner_id, a.api_key_id, a.action, 'Conversation', a.conversation_id, a.request_id, a.ip,
    json_build_object('messages', a.size, 'firstSequence', extended.base + a.before + 1)
  FROM accepted a JOIN extended ON extended.id = a.conversation_id
)`;

/** The conversations as changed: once the messages are stored, as the revisions of their owners are locked from then on. */
const CHANGED = /* sql */ `changed AS MATERIALIZED (
  SELECT DISTINCT a.owner_id, 'CONVERSATION'::change_type AS type, a.conversation_id AS id, false AS deleted
  FROM accepted a JOIN extended ON extended.id = a.conversation_id
  WHERE (SELECT count(*) FROM stored) >= 0
)`;

const ctesWith = (firstId: string) => [
  APPENDS,
  LIMITED,
  ownWith(firstId),
  CLAIMED,
  LOCKED,
  ACCEPTED,
  NEW_MESSAGES,
  EXTENDED,
  STORED,
  AUDITED,
  CHANGED,
  RECORD_STEPS.revised,
  `recorded AS (${RECORD_STEPS.recorded})`,
];

/** The unique index of client ids. */
export const CLIENT_IDS = 'messages_client_id';

const appendWith = (firstId: string) => /* sql */ `WITH ${ctesWith(firstId).join(',\n')}
SELECT o.n, o.first_id, (extended.base + a.before + 1)::int AS first_sequence, now()::timestamptz(3) AS created_at
FROM own o JOIN locked l ON l.id = o.conversation_id
LEFT JOIN accepted a ON a.n = o.n
LEFT JOIN extended ON extended.id = a.conversation_id`;

/**
 * Appends messages to conversations, all that its parameters hold. Returns one row for each append whose conversation is the
 * actor's: its number, the sequence of its first message, and when it was stored, to the millisecond as Prisma keeps it. The
 * sequence is null where the append's idempotency key was claimed before, or its client id is taken, by `first_id`. Two statements
 * that store one client id at once do not see each other: one of them fails by the index that CLIENT_IDS names.
 */
export const APPEND_MESSAGES = appendWith(/* sql */ `CASE WHEN a.client_id IS NOT NULL THEN (
      SELECT m.id FROM messages m WHERE m.conversation_id = a.conversation_id AND m.client_id = a.client_id
    ) END`);

/** The same for appends without client ids, as most are: to plan the lookup takes 0.3 ms. */
export const APPEND_UNNAMED_MESSAGES = appendWith('NULL::uuid');
