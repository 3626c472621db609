/** The appends, numbered `n` (parameter $1, JSON), each with what its messages add up to. */
const APPENDS = /* sql */ `appends AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS a(
    n int, conversation_id uuid, owner_id uuid, size int, tokens_input bigint, tokens_output bigint,
    key text, input_hash text, result text, audit_id uuid, action text, api_key_id uuid, request_id text, ip text)
)`;

/** Their conversations, locked in the order of their ids: statements that share some wait for each other, and never deadlock. */
const LOCKED = /* sql */ `locked AS MATERIALIZED (
  SELECT id, owner_id FROM conversations
  WHERE id IN (SELECT conversation_id FROM appends)
  ORDER BY id FOR NO KEY UPDATE
)`;

/** The appends whose conversations are their actors'; `turn` is 1 for the first of those that share an idempotency key. */
const VISIBLE = /* sql */ `visible AS MATERIALIZED (
  SELECT a.*, row_number() OVER (PARTITION BY a.owner_id, a.key ORDER BY a.n) AS turn
  FROM appends a JOIN locked l ON l.id = a.conversation_id AND l.owner_id = a.owner_id
)`;

/** The idempotency keys that nobody had claimed before, claimed in their order, for the reason that conversations are locked in theirs. */
const CLAIMED = /* sql */ `claimed AS (
  INSERT INTO idempotency_keys (user_id, key, action, input_hash, result)
  SELECT owner_id, key, action, decode(input_hash, 'hex'), result::jsonb
  FROM visible WHERE key IS NOT NULL AND turn = 1 ORDER BY owner_id, key
  ON CONFLICT DO NOTHING
  RETURNING user_id, key
)`;

/** The appends that are carried out, and how many messages others of them put into the same conversation before theirs. */
const ACCEPTED = /* sql */ `accepted AS MATERIALIZED (
  SELECT v.*, sum(v.size) OVER (PARTITION BY v.conversation_id ORDER BY v.n) - v.size AS before
  FROM visible v
  WHERE v.key IS NULL OR (v.turn = 1 AND EXISTS (SELECT FROM claimed c WHERE c.user_id = v.owner_id AND c.key = v.key))
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
    model, tokens_input, tokens_output, metadata, sent_at)
  SELECT s.id, a.conversation_id, a.owner_id, extended.base + a.before + s.index + 1, s.role, s.content, s."toolCalls"::json,
    s."toolCallId", s."toolResult"::json, s.model, s."tokensInput", s."tokensOutput", s.metadata::json, coalesce(s."sentAt", now())
  FROM new_messages s JOIN accepted a ON a.n = s.n JOIN extended ON extended.id = a.conversation_id
  ORDER BY a.conversation_id, 4
)`;

/** An audit entry for each append. */
const AUDITED = /* sql */ `audited AS (
  INSERT INTO audit_entries (id, actor_id, api_key_id, action, subject_type, subject_id, request_id, ip, detail)
  SELECT a.audit_id, a.owner_id, a.api_key_id, a.action, 'Conversation', a.conversation_id, a.request_id, a.ip,
    json_build_object('messages', a.size, 'firstSequence', extended.base + a.before + 1)
  FROM accepted a JOIN extended ON extended.id = a.conversation_id
)`;

const CTES = [APPENDS, LOCKED, VISIBLE, CLAIMED, ACCEPTED, NEW_MESSAGES, EXTENDED, STORED, AUDITED];

/**
 * Appends messages to conversations, all that its parameters hold. Returns one row for each append whose conversation is the
 * actor's: its number, the sequence of its first message, and when it was stored, to the millisecond as Prisma keeps it. The
 * sequence is null where the append's idempotency key was claimed before.
 */
export const APPEND_MESSAGES = /* sql */ `WITH ${CTES.join(',\n')}
SELECT v.n, (extended.base + a.before + 1)::int AS first_sequence, now()::timestamptz(3) AS created_at
FROM visible v
LEFT JOIN accepted a ON a.n = v.n
LEFT JOIN extended ON extended.id = a.conversation_id`;
