import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { Recalled } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import { excerpt, markedWords } from '#domain/text/excerpt.ts';

/** Something recalled, as the model is given it, and what a reply that rests on it cites. */
export type Source = { data: object; citation: StoredCitation | null };

const MAX_QUOTE = 300;
/** Characters of a memory or message: one may be as long as a chapter. */
const MAX_EXCERPT = 600;

/** What was recalled, in the order of its worth: the episode's passages, memories, what was said elsewhere. */
export function sourcesOf({ passages, memories, messages }: Recalled): Source[] {
  return [
    ...passages.map(({ segment, text, startSeconds, endSeconds }) => ({
      data: { kind: 'passage', startSeconds, endSeconds, speaker: segment.speaker, text },
      citation: { quote: cut(text), segmentId: segment.id, memoryId: null, startSeconds, endSeconds },
    })),
    ...memories.map(({ memory, snippet }) => ({
      data: {
        kind: 'memory',
        noted: memory.createdAt.toISOString().slice(0, 10),
        text: excerpt(memory.content, markedWords(snippet), MAX_EXCERPT),
      },
      citation: {
        quote: cut(memory.content),
        segmentId: null,
        memoryId: memory.id,
        startSeconds: null,
        endSeconds: null,
      },
    })),
    ...messages.map(({ message, snippet }) => ({
      data: {
        kind: 'message',
        said: message.sentAt.toISOString().slice(0, 10),
        by: message.role.toLowerCase(),
        text: excerpt(message.content, markedWords(snippet), MAX_EXCERPT),
      },
      citation: null,
    })),
  ];
}

const cut = (text: string) => excerpt(text, new Set(), MAX_QUOTE);

/** What a text cites by numbers in brackets, as `[1]`, `[2, 3]`: each source once, in the order of the text. */
export function citationsIn(text: string, sources: readonly Source[]): StoredCitation[] {
  const numbers = [...text.matchAll(/\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g)].flatMap(([, list]) =>
    (list as string).split(/[,;]/).map(Number),
  );
  return [...new Set(numbers)].flatMap((number) => sources[number - 1]?.citation ?? []);
}
