import { isContentWord } from './stop-words.ts';
import { tokenize } from './tokenizers.ts';

/** A sentence with its times in seconds. */
export type TimedSentence = { text: string; startSeconds: number; endSeconds: number };

/** The minimum length of a block of sentences, which is a document of TF-IDF: about one clip. */
const BLOCK_SECONDS = 30;

export type TfIdf = {
  /** The index of each sentence's block. */
  blockOf: Uint32Array;
  /** Returns the weight of a content word in the block with this index. */
  weightOf(word: string, block: number): number;
};

/**
 * Computes TF-IDF within one recording (Salton and Buckley 1988, with 1 + log tf), with blocks of 30 s as documents: a word has the highest
 * weight where it is frequent in one block and rare elsewhere. Words that occur once have none: they are mostly misheard names.
 */
export function computeTfIdf(sentences: readonly TimedSentence[]): TfIdf {
  const blockOf = blocksOf(sentences);
  const blocks = (blockOf.at(-1) ?? 0) + 1;
  const counts = new Map<string, Map<number, number>>();
  for (const [index, { text }] of sentences.entries())
    for (const word of tokenize(text).filter(isContentWord)) count(counts, word, blockOf[index] ?? 0);
  const weightOf = (word: string, block: number): number => {
    const inBlocks = counts.get(word);
    const inBlock = inBlocks?.get(block) ?? 0;
    if (!inBlocks || inBlock === 0 || (inBlocks.size === 1 && inBlock === 1)) return 0;
    return (1 + Math.log(inBlock)) * Math.log(1 + blocks / inBlocks.size);
  };
  return { blockOf, weightOf };
}

function blocksOf(sentences: readonly TimedSentence[]): Uint32Array {
  const blockOf = new Uint32Array(sentences.length);
  let block = 0;
  let blockStart = sentences[0]?.startSeconds ?? 0;
  for (const [index, sentence] of sentences.entries()) {
    blockOf[index] = block;
    const next = sentences[index + 1];
    if (next && sentence.endSeconds - blockStart >= BLOCK_SECONDS) {
      block += 1;
      blockStart = next.startSeconds;
    }
  }
  return blockOf;
}

function count(counts: Map<string, Map<number, number>>, word: string, block: number): void {
  const inBlocks = counts.get(word) ?? new Map<number, number>();
  inBlocks.set(block, (inBlocks.get(block) ?? 0) + 1);
  counts.set(word, inBlocks);
}
