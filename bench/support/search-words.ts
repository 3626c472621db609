/** Made-up English: which word comes how often follows Zipf's law, and the commonest are real, as half of what is said. */
const COMMON =
  'the to and of a in that it is you for on with this have not are be as they but we at from or by what all there can if so about would like just know think people right time because going really want then good when get how out up some them more other'.split(
    ' ',
  );
const SYLLABLES =
  'ba re to mi la ner sti con pro ver ton ling der mar ka shi wel ter ran gol pin ex ul qui zor fen'.split(' ');
const ENDINGS = ['', 's', 'ing', 'ed', 'er', 'ly', 'ment', 'ness'];
const VOCABULARY = 60_000;

/** The same numbers every time, between 0 and 1 (xorshift, Marsaglia 2003). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function vocabulary(random: () => number): string[] {
  const one = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const words = new Set(COMMON);
  while (words.size < VOCABULARY) {
    const syllables = Array.from({ length: 2 + Math.floor(random() * 3) }, () => one(SYLLABLES));
    words.add(syllables.join('') + one(ENDINGS));
  }
  return [...words];
}

export type Speech = { word(): string; text(least: number, most: number): string; query(): string };

export function speechOf(words: readonly string[], random: () => number): Speech {
  const word = () => words[Math.floor(words.length ** random()) - 1] as string;
  const text = (least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, word).join(' ');
  const mistype = (right: string) =>
    right.length < 5 ? right : `${right.slice(0, 2)}${right[3]}${right[2]}${right.slice(4)}`;
  const query = () =>
    Array.from({ length: 1 + Math.floor(random() * 8) }, () => (random() < 0.04 ? mistype(word()) : word())).join(' ');
  return { word, text, query };
}
