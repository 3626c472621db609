const [QUOTE, COLON, BACKSLASH] = Buffer.from('":\\');

/**
 * Counts the duplicate fields in the objects of a JSON document, of which parsing only keeps the last: the fields in the text minus those
 * in `value`, the parsed document. Takes linear time.
 */
export const countRepeatedFields = (json: string, value: unknown): number => countWritten(json) - countFields(value);

/** Counts the colons outside strings. */
function countWritten(json: string): number {
  let [count, isString] = [0, false];
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) isString = !isString;
    else if (isString && unit === BACKSLASH) at += 1;
    else if (!isString && unit === COLON) count += 1;
  }
  return count;
}

/** Iterative, because a document may be nested too deeply for the stack. */
function countFields(value: unknown): number {
  const open: unknown[] = [value];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null || JSON.isRawJSON(next)) continue;
    const values = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const inner of values) if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
  return count;
}
