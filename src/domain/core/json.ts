export { parseNumber } from '#adapters/exact-json.ts';

/** Levels of nesting. Far beyond what people nest, and far from where reading it recursively ends a stack. */
export const MAX_JSON_DEPTH = 100;

/**
 * Returns the value, where it can be stored and come back as it was sent. Throws TypeError for one that is nested so deeply that
 * reading it again could exhaust the stack, here or in PostgreSQL.
 */
export function assertStorableJson(json: unknown): unknown {
  const open: [unknown, number][] = [[json, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) continue;
    if (depth === MAX_JSON_DEPTH) throw new TypeError(`JSON may be at most ${MAX_JSON_DEPTH} levels deep.`);
    for (const inside of Object.values(value)) open.push([inside, depth + 1]);
  }
  return json;
}
