/**
 * Returns the words that stand where a pattern has `…`, null where it does not fit. A pattern is words in a row: `a|b` is one of
 * several, a `?` at the end makes it optional, `…` is any words or none.
 */
export function match(pattern: string, words: readonly string[]): string[] | null {
  return matchParts(pattern.split(' '), words);
}

function matchParts([part, ...parts]: readonly string[], words: readonly string[]): string[] | null {
  if (part === undefined) return words.length === 0 ? [] : null;
  if (part === '…') return matchAnything(parts, words);
  const optional = part.endsWith('?');
  const choices = (optional ? part.slice(0, -1) : part).split('|');
  const [word, ...following] = words;
  const taken = word !== undefined && choices.includes(word) ? matchParts(parts, following) : null;
  return taken ?? (optional ? matchParts(parts, words) : null);
}

/** As much as possible goes to the first `…` that can have it. */
function matchAnything(parts: readonly string[], words: readonly string[]): string[] | null {
  for (let taken = words.length; taken >= 0; taken -= 1) {
    const others = matchParts(parts, words.slice(taken));
    if (others) return [...words.slice(0, taken), ...others];
  }
  return null;
}

/** Returns the first row of a table that has a pattern for these words, and what its `…` stands for. */
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
