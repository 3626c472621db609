/** Marks that end sentences in the supported scripts, and closing quotes after them. */
const TERMINATOR = /[.!?…。！？؟։।](?=["'”’»)\]]*$)/u;

/** Titles precede a name: their full stop never ends a sentence. */
const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'dr',
  'prof',
  'gen',
  'sen',
  'rep',
  'rev',
  'hon',
  'gov',
  'capt',
  'sgt',
  'lt',
  'st',
]);

/** Abbreviations may end a sentence, unless the next word begins with a lower-case letter or a digit. */
const ABBREVIATIONS = new Set(
  `vs etc e.g i.e inc ltd co corp no vol fig approx dept est jr sr a.m p.m u.s u.k u.n e.u ph.d jan feb mar apr jun jul
  aug sep sept oct nov dec`.split(/\s+/),
);

/** Returns whether a sentence ends with `word`, given the word after it. Works for any script that ends sentences with a mark. */
export function endsSentence(word: string, next: string): boolean {
  const mark = TERMINATOR.exec(word);
  if (!mark) return false;
  if (/[^.…]/u.test(mark[0])) return true;
  const goesOn = /^[\p{Ll}\p{N}]/u.test(next);
  const stem = word.slice(0, mark.index).replace(/^["'“‘(«[]+/, '');
  const lowered = stem.toLowerCase();
  if (TITLES.has(lowered) || isInitial(stem) || goesOnAsOneWord(stem, next)) return false;
  if (mark[0] === '…' || stem.endsWith('.') || ABBREVIATIONS.has(lowered)) return !goesOn;
  return true;
}

/** Speech recognizers split "3.5" and "example.org" at the point. */
function goesOnAsOneWord(stem: string, next: string): boolean {
  return (/\d$/.test(stem) && /^\d/.test(next)) || /^(?:com|org|net|io|dev)\b/.test(next);
}

/** The "J." of "J. Smith"; "I." ends a sentence. */
function isInitial(stem: string): boolean {
  return /^\p{Lu}$/u.test(stem) && stem !== 'I';
}
