import { BadUserInput } from '#domain/core/errors.ts';

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
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

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

/** Throws BadUserInput for anything that `globalId` did not make. */
export function parseGlobalId(text: string, field: string): { type: NodeType; id: string } {
  const [type, id, ...rest] = Buffer.from(text, 'base64url').toString().split(':');
  const known = NODE_TYPES.find((name) => name === type);
  if (!known || !id || !UUID.test(id) || rest.length > 0) {
    throw new BadUserInput(
      field,
      'This is not an id of this server; take it from the `id` field of the object that you mean.',
    );
  }
  return { type: known, id };
}

/**
 * The row's own id. `field` is the path of the argument, as `input.conversationId`. Throws BadUserInput for a broken id, or
 * one of another type.
 */
export function rowId(text: string, type: NodeType, field: string): string {
  const parsed = parseGlobalId(text, field);
  if (parsed.type === type) return parsed.id;
  throw new BadUserInput(field, `This is the id of ${withArticle(parsed.type)}; give that of ${withArticle(type)}.`);
}

/** `User` begins with a consonant, as one says it. */
const withArticle = (type: NodeType) => `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;

/** The same for an id that may be left out: null then. */
export function optionalRowId(text: string | null | undefined, type: NodeType, field: string): string | null {
  return text == null ? null : rowId(text, type, field);
}
