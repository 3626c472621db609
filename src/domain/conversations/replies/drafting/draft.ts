import type { TextStream } from '#domain/text/text-stream.ts';
import type { Conversation, Message } from '#generated/prisma/client.ts';

/** What a reply is drafted from. */
export type DraftRequest = {
  conversation: Conversation;
  /** The user's message. */
  question: Message;
  /** The newest messages before it, oldest first: those that are whole, and what was written of stopped replies. */
  earlier: readonly Message[];
  signal: AbortSignal;
};

/** What a part of a reply rests on, as `messages.citations` holds it. */
export type StoredCitation = {
  quote: string;
  segmentId: string | null;
  memoryId: string | null;
  startSeconds: number | null;
  endSeconds: number | null;
};

/** What is known of a reply when its text has ended. */
export type DraftEnd = {
  citations: StoredCitation[];
  /** Null where rules wrote it. */
  model: string | null;
  /** What a model thought before it wrote, where it tells. */
  reasoning?: string | null;
  tokensInput: number | null;
  tokensOutput: number | null;
};

/** A reply as it is being made. */
export type Draft = {
  /** Whether the same question gets the same text again: then another attempt goes on where the last one stopped. */
  repeatable: boolean;
  text: TextStream<DraftEnd>;
};
