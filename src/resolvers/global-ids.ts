import { BadUserInput } from '#domain/core/errors.ts';
import { NODE_TYPES, type NodeType } from '#domain/core/global-ids.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

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
