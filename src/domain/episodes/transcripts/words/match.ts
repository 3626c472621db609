/** Pairs of words that are compared at most: 10 ms. */
const MAX_PAIRS = 1_000_000;

/** Returns a word as it is compared: its letters and digits, without marks, in small letters; all of it where it has none. */
export function bareWord(word: string): string {
  const bare = word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return bare === '' ? word : bare;
}

/**
 * Returns for each word of a text its place in another one of the same, -1 where it is not there any more: a longest common subsequence
 * of what is between the beginning and the end that both share. Where that is too long to compare, its words are all others.
 */
export function matchWords(before: readonly string[], after: readonly string[]): Int32Array {
  const [from, to] = [before.map(bareWord), after.map(bareWord)];
  const places = new Int32Array(from.length).fill(-1);
  let head = 0;
  while (head < from.length && head < to.length && from[head] === to[head]) {
    places[head] = head;
    head += 1;
  }
  let tail = 0;
  while (tail < Math.min(from.length, to.length) - head && from.at(-1 - tail) === to.at(-1 - tail)) {
    tail += 1;
    places[from.length - tail] = to.length - tail;
  }
  const [own, other] = [from.slice(head, from.length - tail), to.slice(head, to.length - tail)];
  if (own.length * other.length > MAX_PAIRS) return places;
  for (const [index, place] of commonSubsequence(own, other)) places[head + index] = head + place;
  return places;
}

/** Yields the places of the words of a longest common subsequence in both lists. */
function* commonSubsequence(a: readonly string[], b: readonly string[]): Generator<[number, number]> {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) yield [i++, j++];
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
}
