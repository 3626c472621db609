import type { AgentLanguage } from '#domain/sales/agent/languages.ts';
import type { Intent, Meaning } from './intent.ts';
import { intentsOf } from './intents.ts';
import { countWords, plainWords } from './plain-words.ts';
import { judgeRefusal, type Refusal } from './refusals.ts';

/** What is understood of an utterance; the likeliest intent comes first. */
export type Understanding = {
  refusal: Refusal;
  intents: readonly Intent[];
  /** The language that was clearly spoken, or asked for; null where that cannot be told. */
  language: AgentLanguage | null;
  words: number;
};

/**
 * Returns what is understood of an utterance in either language. Where that is nothing, it is the `meaning` that a model has found: a
 * refusal that only a model finds is none without being asked about.
 */
export function understand(text: string, meaning: Meaning | null = null): Understanding {
  const understood = understandByRules(text);
  if (meaning === null || !saysNothing(understood)) return understood;
  return meaning === 'refusal' ? { ...understood, refusal: 'unsure' } : { ...understood, intents: [meaning] };
}

function understandByRules(text: string): Understanding {
  const words = plainWords(text);
  return {
    refusal: judgeRefusal(words),
    intents: intentsOf(words),
    language: languageOf(words),
    words: countWords(words),
  };
}

export const saysNothing = ({ intents, refusal }: Understanding): boolean => intents.length === 0 && refusal === 'none';

const ASKED_FOR: readonly (readonly [RegExp, AgentLanguage])[] = [
  [/ (?:not|no|לא)(?: \S+)? (?:english|אנגלית)(?= )/, 'he'],
  [/ (?:not|no|לא)(?: \S+)? (?:hebrew|עברית)(?= )/, 'en'],
  [/ (?:in english|english(?: ,)? please|speak english|באנגלית|אנגלית בבקשה)(?= )/, 'en'],
  [/ (?:in hebrew|hebrew(?: ,)? please|speak hebrew|בעברית|עברית בבקשה)(?= )/, 'he'],
];
/** English words that are said in any language. */
const ANYWHERE = /^(?:ok|okay|yes|no|hi|hello|bye|thanks|thank|you|sorry|wow|please|cool|sure|nice)$/;
/** So many English words show that it is spoken: some are said in Hebrew too. One in Hebrew letters is Hebrew. */
const CLEARLY_ENGLISH = 2;

function languageOf(words: string): AgentLanguage | null {
  const asked = ASKED_FOR.find(([pattern]) => pattern.test(words));
  if (asked) return asked[1];
  const list = words.split(' ');
  const hebrew = list.filter((word) => /[\u05D0-\u05EA]/u.test(word)).length;
  const english = list.filter((word) => /^[a-z']+$/.test(word) && !ANYWHERE.test(word)).length;
  if (hebrew > 0 && english === 0) return 'he';
  return english >= CLEARLY_ENGLISH && hebrew === 0 ? 'en' : null;
}
