import type { Sentence } from '#domain/episodes/transcripts/sentences.ts';
import { FUNCTION_WORDS } from '#domain/text/function-words.ts';
import { isContentWord } from '#domain/text/stop-words.ts';
import { computeTfIdf } from '#domain/text/tf-idf.ts';
import { tokenize } from '#domain/text/tokenizers.ts';
import { STRONG_WORDS } from '#domain/text/word-lists.ts';

/** Two words of which one is this much of the other are one: `wallet` and `wallets`, `פגישה` and `הפגישה`. */
const COMMON_PART = 0.75;

/** The words that tell most what is spoken of, best first, spelt as they mostly are. */
export async function keyWordsOf(
  sentences: readonly Sentence[],
  count: number,
  signal: AbortSignal,
): Promise<string[]> {
  const weights = await weighed(sentences, signal);
  const best = [...weights].filter(([, weight]) => weight > 0).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const chosen: string[] = [];
  for (const [word] of best) {
    if (chosen.length === count) break;
    if (!chosen.some((other) => areOne(word, other))) chosen.push(word);
  }
  return spelt(chosen, sentences);
}

/** What each word weighs in all the blocks that it comes in. */
async function weighed(sentences: readonly Sentence[], signal: AbortSignal): Promise<Map<string, number>> {
  const { blockOf, weightOf } = await computeTfIdf(sentences, { signal }, [0, 1]);
  const wordsOfBlocks = new Map<number, Set<string>>();
  for (const [index, { text }] of sentences.entries()) {
    const block = blockOf[index] ?? 0;
    const words = wordsOfBlocks.get(block) ?? new Set();
    for (const word of tokenize(text)) if (isTelling(word)) words.add(word);
    wordsOfBlocks.set(block, words);
  }
  const weights = new Map<string, number>();
  for (const [block, words] of wordsOfBlocks)
    for (const word of words) weights.set(word, (weights.get(word) ?? 0) + weightOf(word, block));
  return weights;
}

/** Also without the Hebrew "and" before it. */
function isTelling(word: string): boolean {
  const bare = word.replace(/^ו{1,2}(?=\p{L}{2})/u, '');
  return isContentWord(word) && isContentWord(bare) && !STRONG_WORDS.has(bare) && !FUNCTION_WORDS.has(bare);
}

function areOne(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.includes(short) && short.length >= long.length * COMMON_PART;
}

/** Names with their capitals. A sentence's first letter says nothing of them, so its first word does not count. */
function spelt(words: readonly string[], sentences: readonly Sentence[]): string[] {
  const formsOf = new Map(words.map((word) => [word, new Map<string, number>()]));
  for (const { text } of sentences) {
    for (const [form] of text.slice(1).matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'״׳-]*/gu)) {
      const forms = formsOf.get(form.toLowerCase());
      forms?.set(form, (forms.get(form) ?? 0) + 1);
    }
  }
  return words.map((word) => [...(formsOf.get(word) ?? [])].sort(([, x], [, y]) => y - x)[0]?.[0] ?? word);
}
