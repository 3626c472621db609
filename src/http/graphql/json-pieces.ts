/** UTF-16 units of a piece, as estimated by `roomAfter`: serializing them takes about half a millisecond. */
const MAX_PIECE_LENGTH = 64 * 1024;

/** Characters of a number, a boolean, null, or the punctuation around a value. */
const SHORT_VALUE = 4;

/** Yields the JSON of a value in pieces, which together equal that of `JSON.stringify`: none is longer than some 64 Ki letters take. */
export function* jsonPieces(value: unknown, long: Long = new Set()): Generator<string> {
  if (roomAfter(value, MAX_PIECE_LENGTH, long) >= 0) yield JSON.stringify(value) ?? 'null';
  else if (typeof value === 'string') yield* textPieces(value);
  else if (Array.isArray(value)) yield* listPieces(value, long);
  else if (isPlainObject(value)) yield* objectPieces(value, long);
  else yield JSON.stringify(value) ?? 'null';
}

/** Lists and objects that are known to be long: measuring one with many fields again at each level above costs more than serializing it. */
type Long = Set<object>;

/** Estimates what is left of `room` after a value; negative as soon as the value does not fit. */
export function roomAfter(value: unknown, room: number, long?: Long): number {
  if (typeof value === 'string') return room - value.length;
  if (typeof value !== 'object' || value === null) return room - SHORT_VALUE;
  if (long?.has(value)) return -1;
  const left = Array.isArray(value)
    ? roomAfterList(value, room, long)
    : roomAfterObject(value as Record<string, unknown>, room, long);
  if (left < 0 && room > MAX_PIECE_LENGTH / 2) long?.add(value);
  return left;
}

function roomAfterList(list: readonly unknown[], room: number, long: Long | undefined): number {
  let left = room - SHORT_VALUE;
  for (const item of list) {
    left = roomAfter(item, left, long);
    if (left < 0) break;
  }
  return left;
}

function roomAfterObject(object: Record<string, unknown>, room: number, long: Long | undefined): number {
  let left = room - SHORT_VALUE;
  for (const name in object) {
    const value = object[name];
    left -= name.length;
    left = typeof value === 'string' ? left - value.length : roomAfter(value, left, long);
    if (left < 0) break;
  }
  return left;
}

function* listPieces(list: readonly unknown[], long: Long): Generator<string> {
  let separator = '[';
  for (const items of groups(list, (item) => item, long)) {
    yield separator;
    if (items.length > 1) yield JSON.stringify(items).slice(1, -1);
    else yield* jsonPieces(items[0], long);
    separator = ',';
  }
  yield ']';
}

function* objectPieces(object: object, long: Long): Generator<string> {
  const fields = Object.entries(object).filter(([, inside]) => inside !== undefined);
  let separator = '{';
  for (const group of groups(fields, ([, inside]) => inside, long)) {
    yield separator;
    if (group.length > 1) yield JSON.stringify(Object.fromEntries(group)).slice(1, -1);
    else yield* fieldPieces(group[0] as [string, unknown], long);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* fieldPieces([name, inside]: [string, unknown], long: Long): Generator<string> {
  yield `${JSON.stringify(name)}:`;
  yield* jsonPieces(inside, long);
}

/**
 * Yields short items in groups, and each long one alone: with a piece for each of a hundred thousand numbers, it takes a hundred times as
 * long.
 */
function* groups<Item>(items: readonly Item[], insideOf: (item: Item) => unknown, long: Long): Generator<Item[]> {
  let group: Item[] = [];
  let left = MAX_PIECE_LENGTH;
  for (const item of items) {
    left = roomAfter(insideOf(item), left, long);
    if (left < 0 && group.length > 0) {
      yield group;
      group = [];
      left = roomAfter(insideOf(item), MAX_PIECE_LENGTH, long);
    }
    group.push(item);
  }
  if (group.length > 0) yield group;
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
