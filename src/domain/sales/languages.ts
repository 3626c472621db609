const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** Primary language tags have two or three letters. Longer ones are reserved, so they are taken for names such as `klingon`. */
const KNOWN_TAG = /^[a-z]{2,3}(?:-|$)/;

/**
 * Returns a language as a canonical BCP 47 tag, by its tag or by its name in English, in Hebrew or in the language itself; null if it is
 * none.
 */
export function findLanguage(text: string): string | null {
  const tag = canonicalTag(text);
  if (tag) return tag;
  tagsByName ??= readNames();
  return tagsByName.get(keyOf(text)) ?? null;
}

function canonicalTag(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text).find((tag) => KNOWN_TAG.test(tag)) ?? null;
  } catch {
    return null;
  }
}

const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

let tagsByName: Map<string, string> | null = null;

/** Reads the names of all two-letter languages: some 70 ms, once per process. */
function readNames(): Map<string, string> {
  const tags = new Map<string, string>();
  const [english, hebrew] = [namesIn('en'), namesIn('he')];
  for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
    const tag = english.of(code) && canonicalTag(code);
    if (!tag) continue;
    for (const name of [english.of(code), hebrew.of(code), namesIn(code).of(code)]) {
      if (name && !tags.has(keyOf(name))) tags.set(keyOf(name), tag);
    }
  }
  return tags;
}

const namesIn = (locale: string) => new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' });
