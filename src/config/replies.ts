import { z } from 'zod';
import { flag, wholeNumber } from './variables.ts';

/** The context of replies, and the extraction of memories. */
export const replySettings = z
  .object({
    MAX_CONTEXT_MESSAGES: wholeNumber(1, 100).default(6),
    MAX_CONTEXT_TOKENS: wholeNumber(500, 2_000_000).default(8_000),
    EXTRACT_MEMORIES: flag.default(true),
    MAX_CONCURRENT_REPLIES: wholeNumber(1, 1_000).default(32),
  })
  .transform((vars) => ({
    maxContextMessages: vars.MAX_CONTEXT_MESSAGES,
    maxContextTokens: vars.MAX_CONTEXT_TOKENS,
    extractMemories: vars.EXTRACT_MEMORIES,
    maxConcurrentReplies: vars.MAX_CONCURRENT_REPLIES,
  }));
