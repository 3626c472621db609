import type { MemoryKind } from '#generated/prisma/enums.ts';

/** Something worth recalling that a user said: a self-contained sentence in their words. */
export type ExtractedMemory = {
  content: string;
  kind: MemoryKind;
  /** 0 to 1. */
  importance: number;
  tags: string[];
  /** The topic, such as `home` or `pet:dog`, if it can have only one true answer at a time: a newer memory supersedes an older one. */
  topic: string | null;
};

/** How many memories are extracted from one message at most. */
export const MAX_EXTRACTED = 10;
