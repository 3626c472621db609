export { parseNumber } from '#adapters/exact-json.ts';

/** Maximum nesting: far deeper than people nest, and far from exhausting the stack of a recursive reader. */
export const MAX_JSON_DEPTH = 100;

/**
 * Returns the value if it can be stored and read back unchanged. Throws TypeError if it is nested so deeply that reading it could
 * exhaust the stack, here or in PostgreSQL.
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
