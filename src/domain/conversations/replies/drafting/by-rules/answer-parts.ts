import type { DraftRequest, StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { Passage } from '#domain/conversations/replies/drafting/retrieval/sentence-ranges.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Phrases } from './english-phrases.ts';

/** What the rules are given to answer, and the phrases to answer it in. */
export type Turn = {
  deps: Deps;
  request: DraftRequest;
  /** The question's words, without greetings before them. */
  words: readonly string[];
  phrases: Phrases;
  /** Whether the reply is heard, not read: then it is shorter, and without marks that nobody can say. */
  spoken: boolean;
};

/** A sentence or a quotation of a reply, with what it rests on. */
export type Part = { text: string; citation?: StoredCitation };

/** Parts that rest on nothing, one for each text. */
export const toParts = (...texts: string[]): Part[] => texts.map((text) => ({ text }));

/** Says how to set up a model, which can help where rules cannot. */
export const explainModelSetup = ({ phrases, spoken }: Turn): Part[] =>
  toParts(spoken ? phrases.getModelSpoken : phrases.getModel);

/** Quotes a passage of an episode, with its speaker and the time at which it begins. */
export function citePassage({ phrases, spoken }: Turn, passage: Passage): Part {
  const { segment, text, startSeconds, endSeconds } = passage;
  const quote = phrases.quote(text);
  return {
    text: spoken
      ? phrases.saidAtSpoken(segment.speaker, formatDuration(phrases, startSeconds), quote)
      : phrases.saidAt(segment.speaker, formatTimestamp(startSeconds), quote),
    citation: { quote: text, segmentId: segment.id, memoryId: null, startSeconds, endSeconds },
  };
}

/** A text that rests on a memory, of which `quote` is the part that it repeats. */
export function citeMemory(text: string, quote: string, memoryId: string): Part {
  return { text, citation: { quote, segmentId: null, memoryId, startSeconds: null, endSeconds: null } };
}

/** Returns what scores at least this fraction of the best score: the rest is mostly about something else. */
export function keepCloseToBest<Found extends { score: number }>(found: readonly Found[], fraction: number): Found[] {
  const best = Math.max(...found.map(({ score }) => score));
  return found.filter(({ score }) => score >= best * fraction);
}

/** Writes seconds as `mm:ss`, or as `h:mm:ss` from an hour on. */
export function formatTimestamp(seconds: number): string {
  const [hours, minutes, rest] = splitDuration(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${hours > 0 ? `${hours}:` : ''}${pad(minutes)}:${pad(rest)}`;
}

/** Writes seconds in words, to the second below ten minutes and to the minute from there on. */
export function formatDuration(phrases: Phrases, seconds: number): string {
  const [hours, minutes, rest] = splitDuration(seconds < 600 ? seconds : Math.round(seconds / 60) * 60);
  const parts = [
    [hours, 'hour'],
    [minutes, 'minute'],
    [rest, 'second'],
  ] as const;
  const present = parts.filter(([count]) => count > 0);
  return phrases.duration(present.length > 0 ? present : [[0, 'second']]);
}

function splitDuration(seconds: number): [number, number, number] {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
}
