import { LANGUAGE_PACKS } from '#domain/sales/agent/languages/packs.ts';
import type { AgentLanguage } from '#domain/sales/agent/languages/tags.ts';
import type { Intent, Meaning } from './intent.ts';
import { intentsOf } from './intents.ts';
import { countWords, plainWords } from './plain-words.ts';
import { judgeRefusal, type Refusal } from './refusals.ts';

/** What was understood of an utterance; the likeliest intent comes first. */
export type Understanding = {
  refusal: Refusal;
  intents: readonly Intent[];
  /** The language that was clearly spoken, or requested; null if unknown. */
  language: AgentLanguage | null;
  words: number;
};

/**
 * Returns what was understood of an utterance in any language. If the rules understand nothing, uses the `meaning` that a model has found.
 * A refusal that only a model has found has to be confirmed by a question. Who says not to be the lead, by name, has a wrong number.
 */
export function understand(text: string, meaning: Meaning | null = null, lead = ''): Understanding {
  const understood = understandByRules(text);
  if (deniesBeing(lead, plainWords(text))) return { ...understood, intents: ['wrong-number', ...understood.intents] };
  if (meaning === null || !saysNothing(understood)) return understood;
  return meaning === 'refusal' ? { ...understood, refusal: 'unsure' } : { ...understood, intents: [meaning] };
}

/** Words by which somebody says who they are not. */
const NOT_BEING =
  / (?:(?:i am|this is|it is|that is|my name is) not|(?:this|it|that) is not actually|(?:אני|זה|זו|זאת|כאן|פה|מדברת|מדבר|קוראים לי) לא|לא קוראים לי) /g;

/** Whether plain words say "this is not Dana", by the whole name or its first part. */
function deniesBeing(lead: string, words: string): boolean {
  const name = plainWords(lead).trim();
  const names = [name, name.split(' ')[0] as string].filter((it) => it.length > 1);
  const denied = [...words.matchAll(NOT_BEING)].map(({ 0: said, index }) => words.slice(index + said.length));
  return denied.some((rest) => names.some((it) => rest.startsWith(`${it} `)));
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

/** The languages that are requested by name, and those that are declined. */
const ASKED_FOR = LANGUAGE_PACKS.map(({ tag, names }) => {
  const name = `(?:${names.join('|')})`;
  return {
    tag,
    declined: new RegExp(` (?:not|no|לא)(?: \\S+)? ${name}(?= )`),
    wanted: new RegExp(` (?:in ${name}|${name}(?: ,)? please|speak ${name}|ב${name}|${name} בבקשה)(?= )`),
  };
});

/** Somebody who declines one of the languages is spoken to in another. */
function askedFor(words: string): AgentLanguage | null {
  const declined = ASKED_FOR.find((language) => language.declined.test(words));
  if (declined) return ASKED_FOR.find(({ tag }) => tag !== declined.tag)?.tag ?? null;
  return ASKED_FOR.find(({ wanted }) => wanted.test(words))?.tag ?? null;
}

function languageOf(words: string): AgentLanguage | null {
  const list = words.split(' ');
  const spoken = LANGUAGE_PACKS.map((pack) => ({ pack, count: list.filter((word) => pack.ownWord(word)).length }));
  const [only, ...others] = spoken.filter(({ count }) => count > 0);
  const isClear = only !== undefined && others.length === 0 && only.count >= only.pack.clearlySpoken;
  return askedFor(words) ?? (isClear ? only.pack.tag : null);
}
