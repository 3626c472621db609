import type { MemoryKind } from '#generated/prisma/enums.ts';

/** Something worth recalling that a user said: a sentence that stands on its own, in their words. */
export type ExtractedMemory = {
  content: string;
  kind: MemoryKind;
  /** 0 to 1. */
  importance: number;
  tags: string[];
  /** What it is about, where only one answer can be true at a time, as `home` or `pet:dog`: a newer one supersedes it. */
  topic: string | null;
};

/** How many memories are extracted from one message at most. */
export const MAX_EXTRACTED = 10;
