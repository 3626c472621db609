/** What people write is long only where they paste; the question stands at the beginning then. */
const MAX_CHARACTERS = 2_000;

/** Marks within a word or a date, as in `dog's`, `צה״ל`, `e-cash`, `3/5/2026`. */
const WORD = /[\p{L}\p{N}](?:(?:['"״׳-]|(?<=\d)[./:](?=\d)|[\p{L}\p{N}])*[\p{L}\p{N}])?/gu;
const NIQQUD = /[\u0591-\u05bd\u05bf-\u05c7]/g;

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^(what|who|where|when|how|it|that|there|here)'s$/, '$1 is'],
  [/^(.+)n't$/, '$1 not'],
  [/^(.+)'re$/, '$1 are'],
  [/^(.+)'ve$/, '$1 have'],
  [/^(.+)'ll$/, '$1 will'],
  [/^i'm$/, 'i am'],
];

/** The words of a text as rules compare them: small letters, contractions spelt out, without niqqud and punctuation. */
export function normalizedWords(text: string): string[] {
  const plain = text.slice(0, MAX_CHARACTERS).normalize('NFC').toLowerCase().replaceAll('’', "'").replace(NIQQUD, '');
  return (plain.match(WORD) ?? []).flatMap(speltOut);
}

function speltOut(word: string): string[] {
  const contraction = CONTRACTIONS.find(([form]) => form.test(word));
  return contraction ? word.replace(...contraction).split(' ') : [word];
}

/**
 * The words that stand where a pattern has `…`, null where it does not fit. A pattern is words in a row: `a|b` is one of
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

/** The first row of a table that has a pattern for these words, and what its `…` stands for. */
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
