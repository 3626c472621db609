import { estimateTokenCount, sliceByTokens } from 'tokenx';

/** Hebrew's own rate. Without it, Hebrew would be taken for 0.6 of what it is; with it, for 1.1: measured against o200k_base on 8,200 tokens. */
const OPTIONS = { languageConfigs: [{ pattern: /[\u0590-\u05ff]/, averageCharsPerToken: 2.8 }] };

/**
 * What a chat format adds to each message besides its text, in tokens:
 * https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken
 */
export const TOKENS_PER_MESSAGE = 4;

/**
 * The pieces of a longer text that stand for all of it, each of so many characters: to count 200,000 characters takes 70 ms, and a
 * context has a hundred such messages.
 */
const SAMPLE = { pieces: 8, length: 500 };

/** Characters of one token at most, about: what is beyond so many for each token is not read. */
const MAX_TOKEN_LENGTH = 20;

/**
 * Returns about how many tokens a text has, within a few percent of the tokenizers in use; of more than 4,000 characters, by eight
 * pieces of it.
 */
export function estimateTokens(text: string): number {
  const size = SAMPLE.pieces * SAMPLE.length;
  if (text.length <= size) return estimateTokenCount(text, OPTIONS);
  const step = (text.length - SAMPLE.length) / (SAMPLE.pieces - 1);
  let tokens = 0;
  for (let piece = 0; piece < SAMPLE.pieces; piece += 1) {
    const from = Math.floor(piece * step);
    tokens += estimateTokenCount(keepWholeWords(text.slice(from, from + SAMPLE.length)), OPTIONS);
  }
  return Math.floor((tokens * text.length) / size);
}

/** Leaves out the beginning and the end, which may be cut through and count for more then; of a text without spaces nothing. */
function keepWholeWords(text: string): string {
  const [from, to] = [text.indexOf(' ') + 1, text.lastIndexOf(' ')];
  return to > from ? text.slice(from, to) : text;
}

/** Returns the beginning of a text, of about that many tokens. */
export function firstTokens(text: string, count: number): string {
  return sliceByTokens(text.slice(0, count * MAX_TOKEN_LENGTH), 0, count, OPTIONS).toWellFormed();
}
