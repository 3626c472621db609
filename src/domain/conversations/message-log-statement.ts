/**
 * $1: the appends, $2: their messages, both JSON. One row for each append whose conversation is the actor's;
 * `first_sequence` is null where its idempotency key was claimed before.
 *
 * The conversations are locked in the order of their ids, and the keys claimed in theirs, so that statements that
 * share some of either wait for each other instead of deadlocking. JSON fields travel as text and are cast, because
 * PostgreSQL would refuse \u0000 inside nested JSON that it has to unescape.
 */
export const APPEND_MESSAGES = /* sql */ `
WITH appends AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS a(
    n int, conversation_id uuid, owner_id uuid, size int, tokens_input bigint, tokens_output bigint,
    key text, input_hash text, result text, audit_id uuid, action text, api_key_id uuid, request_id text, ip text)
),
locked AS MATERIALIZED (
  SELECT id, owner_id FROM conversations
  WHERE id IN (SELECT conversation_id FROM appends)
  ORDER BY id FOR NO KEY UPDATE
),
visible AS MATERIALIZED (
  SELECT a.*, row_number() OVER (PARTITION BY a.owner_id, a.key ORDER BY a.n) AS turn
  FROM appends a JOIN locked l ON l.id = a.conversation_id AND l.owner_id = a.owner_id
),
claimed AS (
  INSERT INTO idempotency_keys (user_id, key, action, input_hash, result)
  SELECT owner_id, key, action, decode(input_hash, 'hex'), result::jsonb
  FROM visible WHERE key IS NOT NULL AND turn = 1 ORDER BY owner_id, key
  ON CONFLICT DO NOTHING
  RETURNING user_id, key
),
accepted AS MATERIALIZED (
  SELECT v.*, sum(v.size) OVER (PARTITION BY v.conversation_id ORDER BY v.n) - v.size AS before
  FROM visible v
  WHERE v.key IS NULL OR (v.turn = 1 AND EXISTS (SELECT FROM claimed c WHERE c.user_id = v.owner_id AND c.key = v.key))
),
said AS MATERIALIZED (
  SELECT * FROM json_to_recordset($2::json) AS m(
    n int, index int, id uuid, role message_role, content text, "toolCalls" text, "toolCallId" text, "toolResult" text,
    model text, "tokensInput" int, "tokensOutput" int, metadata text, "sentAt" timestamptz)
),
counted AS (
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
    JOIN LATERAL (SELECT max(coalesce(said."sentAt", now())) AS sent_at FROM said WHERE said.n = a.n) s ON true
    GROUP BY a.conversation_id
  ) grown
  WHERE c.id = grown.conversation_id
  RETURNING c.id, c.last_sequence - grown.size AS base
),
stored AS (
  INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content, tool_calls, tool_call_id, tool_result,
    model, tokens_input, tokens_output, metadata, sent_at)
  SELECT s.id, a.conversation_id, a.owner_id, counted.base + a.before + s.index + 1, s.role, s.content, s."toolCalls"::json,
    s."toolCallId", s."toolResult"::json, s.model, s."tokensInput", s."tokensOutput", s.metadata::json, coalesce(s."sentAt", now())
  FROM said s JOIN accepted a ON a.n = s.n JOIN counted ON counted.id = a.conversation_id
  ORDER BY a.conversation_id, 4
),
audited AS (
  INSERT INTO audit_entries (id, actor_id, api_key_id, action, subject_type, subject_id, request_id, ip, detail)
  SELECT a.audit_id, a.owner_id, a.api_key_id, a.action, 'Conversation', a.conversation_id, a.request_id, a.ip,
    json_build_object('messages', a.size, 'firstSequence', counted.base + a.before + 1)
  FROM accepted a JOIN counted ON counted.id = a.conversation_id
)
SELECT v.n, (counted.base + a.before + 1)::int AS first_sequence, now()::timestamptz(3) AS created_at
FROM visible v
LEFT JOIN accepted a ON a.n = v.n
LEFT JOIN counted ON counted.id = a.conversation_id`;
