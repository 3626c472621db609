import { parseJson } from '#adapters/exact-json.ts';

/** Returns the value of a text that is a JSON object or list; undefined for anything else. */
export function parseEmbedded(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  const isObject = trimmed.startsWith('{') && trimmed.endsWith('}');
  const isList = trimmed.startsWith('[') && trimmed.endsWith(']');
  if (!isObject && !isList) return undefined;
  try {
    return parseJson(trimmed);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
