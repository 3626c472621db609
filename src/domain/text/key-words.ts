import { FUNCTION_WORDS } from './function-words.ts';
import { isContentWord } from './stop-words.ts';
import { computeTfIdf, type TimedSentence } from './tf-idf.ts';
import { tokenize } from './tokenizers.ts';
import { STRONG_WORDS } from './word-lists.ts';

/**
 * The minimum fraction of a word's letters that another word within it has to have to count as the same word: `wallet` in `wallets`,
 * `פגישה` in `הפגישה`.
 */
const MIN_SHARED_FRACTION = 0.75;

/** The maximum length of a word: anything longer is no word of any language, and slow to compare. */
const MAX_WORD_LENGTH = 40;

/** Returns the words with the highest TF-IDF in the sentences, best first, in their most frequent spelling. */
export function findKeyWords(sentences: readonly TimedSentence[], count: number): string[] {
  const weights = weighWords(sentences);
  const best = [...weights].filter(([, weight]) => weight > 0).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const chosen: string[] = [];
  for (const [word] of best) {
    if (chosen.length === count) break;
    if (!chosen.some((other) => areVariants(word, other))) chosen.push(word);
  }
  return restoreSpelling(chosen, sentences);
}

/** Sums each word's TF-IDF over all blocks that contain it. */
function weighWords(sentences: readonly TimedSentence[]): Map<string, number> {
  const { blockOf, weightOf } = computeTfIdf(sentences);
  const wordsByBlock = new Map<number, Set<string>>();
  for (const [index, { text }] of sentences.entries()) {
    const block = blockOf[index] ?? 0;
    const words = wordsByBlock.get(block) ?? new Set();
    for (const word of tokenize(text)) if (isDiscriminative(word)) words.add(word);
    wordsByBlock.set(block, words);
  }
  const weights = new Map<string, number>();
  for (const [block, words] of wordsByBlock)
    for (const word of words) weights.set(word, (weights.get(word) ?? 0) + weightOf(word, block));
  return weights;
}

/** Whether a word says something about the subject, with or without the Hebrew "and" as a prefix. */
function isDiscriminative(word: string): boolean {
  const bare = word.replace(/^ו{1,2}(?=\p{L}{2})/u, '');
  if (word.length > MAX_WORD_LENGTH) return false;
  return isContentWord(word) && isContentWord(bare) && !STRONG_WORDS.has(bare) && !FUNCTION_WORDS.has(bare);
}

function areVariants(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.includes(short) && short.length >= long.length * MIN_SHARED_FRACTION;
}

/** Restores the capitals of names. The first word of a sentence does not count, because it is always capitalized. */
function restoreSpelling(words: readonly string[], sentences: readonly TimedSentence[]): string[] {
  const formCounts = new Map(words.map((word) => [word, new Map<string, number>()]));
  for (const { text } of sentences) {
    for (const [form] of text.slice(1).matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'״׳-]*/gu)) {
      const forms = formCounts.get(form.toLowerCase());
      forms?.set(form, (forms.get(form) ?? 0) + 1);
    }
  }
  return words.map((word) => [...(formCounts.get(word) ?? [])].sort(([, x], [, y]) => y - x)[0]?.[0] ?? word);
}
