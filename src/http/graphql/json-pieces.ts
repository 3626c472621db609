/** UTF-16 units of a text that are written at once. */
const MAX_PIECE_LENGTH = 64 * 1024;

/** Returns the JSON of a value in pieces, as `JSON.stringify` has it in one: none is longer than what 64 Ki letters take. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (typeof value === 'string' && value.length > MAX_PIECE_LENGTH) yield* textPieces(value);
  else if (Array.isArray(value)) yield* listPieces(value);
  else if (isPlainObject(value)) yield* objectPieces(value);
  else yield JSON.stringify(value) ?? 'null';
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [index, item] of list.entries()) {
    if (index > 0) yield ',';
    yield* jsonPieces(item);
  }
  yield ']';
}

function* objectPieces(object: object): Generator<string> {
  let isFirst = true;
  yield '{';
  for (const [name, inside] of Object.entries(object)) {
    if (inside === undefined) continue;
    yield `${isFirst ? '' : ','}${JSON.stringify(name)}:`;
    isFirst = false;
    yield* jsonPieces(inside);
  }
  yield '}';
}

function* textPieces(text: string): Generator<string> {
  yield '"';
  for (let start = 0; start < text.length; ) {
    const end = start + MAX_PIECE_LENGTH;
    const next = isHighSurrogate(text.charCodeAt(end - 1)) ? end + 1 : end;
    yield JSON.stringify(text.slice(start, next)).slice(1, -1);
    start = next;
  }
  yield '"';
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value) && !JSON.isRawJSON(value);
}
