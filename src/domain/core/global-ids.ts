/** The types that have a `node(id:)`. */
export const NODE_TYPES = [
  'User',
  'ApiKey',
  'AuditEntry',
  'Conversation',
  'Message',
  'Memory',
  'Episode',
  'TranscriptSegment',
  'Clip',
  'Feedback',
  'Job',
  'Lead',
  'Backup',
  'Campaign',
  'Call',
  'Meeting',
  'Webhook',
  'WebhookDelivery',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** Of each type the text that its ids are made of: its name, and room for a UUID. */
const TEXTS = Object.fromEntries(
  NODE_TYPES.map((type) => [type, Buffer.from(`${type}:00000000-0000-0000-0000-000000000000`)]),
) as Record<NodeType, Buffer>;

/**
 * The opaque id of a row, the same everywhere: `Conversation:<uuid>` in base64url. Every row has an id, so it is made without a text
 * or buffer of its own.
 */
export function globalId(type: NodeType, id: string): string {
  const text = TEXTS[type];
  text.write(id, type.length + 1, 'latin1');
  return text.toString('base64url');
}
