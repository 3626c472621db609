import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { RecallResult } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import type { Forgetting } from '#domain/memories/extraction/foresee-forgetting.ts';
import { excerpt } from '#domain/text/excerpt.ts';

/** Something recalled: as the model is sent it, and what a reply that rests on it cites; null where it cannot be cited. */
export type Source = { data: object; citation: StoredCitation | null };

/** Characters of a citation's quotation. */
const MAX_QUOTE = 300;
/** Characters of a memory or message: one may be as long as a chapter. */
const MAX_EXCERPT = 600;

/**
 * Turns what was recalled into sources, in the order of their worth: the episode's passages, memories, what was said
 * elsewhere.
 */
export function toSources({ passages, memories, messages }: RecallResult): Source[] {
  return [
    ...passages.map(({ segment, text, startSeconds, endSeconds }) => ({
      data: { kind: 'passage', startSeconds, endSeconds, speaker: segment.speaker, text },
      citation: { quote: shorten(text), segmentId: segment.id, memoryId: null, startSeconds, endSeconds },
    })),
    ...memories.map(({ memory, matchedWords }) => ({
      data: {
        kind: 'memory',
        noted: memory.createdAt.toISOString().slice(0, 10),
        text: excerpt(memory.content, matchedWords, MAX_EXCERPT),
      },
      citation: {
        quote: shorten(memory.content),
        segmentId: null,
        memoryId: memory.id,
        startSeconds: null,
        endSeconds: null,
      },
    })),
    ...messages.map(({ message, matchedWords }) => ({
      data: {
        kind: 'message',
        said: message.sentAt.toISOString().slice(0, 10),
        by: message.role.toLowerCase(),
        text: excerpt(message.content, matchedWords, MAX_EXCERPT),
      },
      citation: null,
    })),
  ];
}

/** What a request to forget may mean, at most. */
const MAX_CHOICES = 5;

/** Turns the memories that a request to forget may mean into sources; none where it is no such request. */
export const toChoices = (forgetting: Forgetting | null): Source[] =>
  forgetting === null || typeof forgetting === 'string'
    ? []
    : forgetting.choices
        .slice(0, MAX_CHOICES)
        .map((text) => ({ data: { kind: 'choice', text: shorten(text) }, citation: null }));

const shorten = (text: string) => excerpt(text, new Set(), MAX_QUOTE);

/** Returns what a text cites by numbers in brackets, as `[1]`, `[2, 3]`: each source once, in the order of the text. */
export function findCitations(text: string, sources: readonly Source[]): StoredCitation[] {
  const numbers = [...text.matchAll(/\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g)].flatMap(([, list]) =>
    (list as string).split(/[,;]/).map(Number),
  );
  return [...new Set(numbers)].flatMap((number) => sources[number - 1]?.citation ?? []);
}
