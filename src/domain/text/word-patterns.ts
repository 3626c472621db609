/** One element of a pattern: a set of words, one of which has to match, or any words. */
type Part = { words: ReadonlySet<string>; optional: boolean } | typeof ANYTHING;

const ANYTHING = '…';

/** Patterns are constants of the program, so each is parsed once. */
const partsByPattern = new Map<string, readonly Part[]>();

/**
 * Returns the words that the `…` of a pattern matches; null if the pattern does not match. A pattern is a sequence of words: `a|b` is one
 * of several, a `?` at the end makes it optional, `…` is any number of words. The first `…` is greedy. Takes time linear in the words.
 */
export function match(pattern: string, words: readonly string[]): string[] | null {
  let parts = partsByPattern.get(pattern);
  if (!parts) {
    parts = pattern.split(' ').map(readPart);
    partsByPattern.set(pattern, parts);
  }
  return matchFrom({ parts, words, failed: new Set() }, 0, 0);
}

function readPart(text: string): Part {
  if (text === ANYTHING) return ANYTHING;
  const optional = text.endsWith('?');
  return { words: new Set((optional ? text.slice(0, -1) : text).split('|')), optional };
}

/**
 * `failed` holds the positions at which the rest of the pattern is known not to match the rest of the words, both encoded in one number.
 */
type Matching = { parts: readonly Part[]; words: readonly string[]; failed: Set<number> };

function matchFrom(matching: Matching, part: number, word: number): string[] | null {
  const { parts, words, failed } = matching;
  const wanted = parts[part];
  if (wanted === undefined) return word === words.length ? [] : null;
  if (wanted === ANYTHING && part === parts.length - 1) return words.slice(word);
  const place = part * (words.length + 1) + word;
  if (failed.has(place)) return null;
  const rest = wanted === ANYTHING ? matchAnything(matching, part, word) : matchWord(matching, wanted, part, word);
  if (rest === null) failed.add(place);
  return rest;
}

function matchAnything(matching: Matching, part: number, from: number): string[] | null {
  for (let to = matching.words.length; to >= from; to -= 1) {
    const others = matchFrom(matching, part + 1, to);
    if (others) return [...matching.words.slice(from, to), ...others];
  }
  return null;
}

function matchWord(
  matching: Matching,
  { words, optional }: Exclude<Part, string>,
  part: number,
  at: number,
): string[] | null {
  const word = matching.words[at];
  const taken = word !== undefined && words.has(word) ? matchFrom(matching, part + 1, at + 1) : null;
  return taken ?? (optional ? matchFrom(matching, part + 1, at) : null);
}

/** Returns the first entry of a table with a pattern that matches these words, and what its `…` matches. */
export function firstMatch<Name extends string>(
  table: Record<Name, readonly string[]>,
  words: readonly string[],
): { name: Name; rest: string[] } | null {
  for (const name of Object.keys(table) as Name[]) {
    for (const pattern of table[name]) {
      const rest = match(pattern, words);
      if (rest) return { name, rest };
    }
  }
  return null;
}
