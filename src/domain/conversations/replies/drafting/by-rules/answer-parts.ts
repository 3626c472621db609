import type { Asked, StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { Passage } from '#domain/conversations/replies/drafting/retrieval/sentence-ranges.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Phrases } from './english-phrases.ts';

/** What a rule answers to, and in which words. */
export type Turn = {
  deps: Deps;
  asked: Asked;
  /** The question's words, without greetings before them. */
  words: readonly string[];
  phrases: Phrases;
  /** For the ear: shorter, and without marks that nobody can say. */
  spoken: boolean;
};

/** A sentence or a quotation, with what it rests on. */
export type Part = { text: string; citation?: StoredCitation };

export const sentences = (...texts: string[]): Part[] => texts.map((text) => ({ text }));

/** How a model is set up, for whom rules cannot help. */
export const howToGetModel = ({ phrases, spoken }: Turn): Part[] =>
  sentences(spoken ? phrases.getModelSpoken : phrases.getModel);

export function citedPassage({ phrases, spoken }: Turn, passage: Passage): Part {
  const { segment, text, startSeconds, endSeconds } = passage;
  const quote = phrases.quote(text);
  return {
    text: spoken
      ? phrases.saidAtSpoken(segment.speaker, durationIn(phrases, startSeconds), quote)
      : phrases.saidAt(segment.speaker, timestamp(startSeconds), quote),
    citation: { quote: text, segmentId: segment.id, memoryId: null, startSeconds, endSeconds },
  };
}

export function citedMemory(text: string, quote: string, memoryId: string): Part {
  return { text, citation: { quote, segmentId: null, memoryId, startSeconds: null, endSeconds: null } };
}

/** What scores as much as this part of the best: the rest is mostly about something else. */
export function closeToBest<Found extends { score: number }>(found: readonly Found[], part: number): Found[] {
  const best = Math.max(...found.map(({ score }) => score));
  return found.filter(({ score }) => score >= best * part);
}

/** `mm:ss`, or `h:mm:ss` from an hour on. */
export function timestamp(seconds: number): string {
  const [hours, minutes, rest] = hoursMinutesSeconds(seconds);
  const padded = (value: number) => String(value).padStart(2, '0');
  return `${hours > 0 ? `${hours}:` : ''}${padded(minutes)}:${padded(rest)}`;
}

/** In words, to the minute from ten minutes on. */
export function durationIn(phrases: Phrases, seconds: number): string {
  const [hours, minutes, rest] = hoursMinutesSeconds(seconds < 600 ? seconds : Math.round(seconds / 60) * 60);
  const parts = [
    [hours, 'hour'],
    [minutes, 'minute'],
    [rest, 'second'],
  ] as const;
  const told = parts.filter(([count]) => count > 0);
  return phrases.duration(told.length > 0 ? told : [[0, 'second']]);
}

function hoursMinutesSeconds(seconds: number): [number, number, number] {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
}
