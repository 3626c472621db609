import { english } from './english.ts';
import { hebrew } from './hebrew.ts';
import type { LanguagePack } from './pack.ts';
import type { AgentLanguage } from './tags.ts';

const PACKS: Record<AgentLanguage, LanguagePack> = { en: english, he: hebrew };

/** The packs of all languages that the agent speaks. */
export const LANGUAGE_PACKS: readonly LanguagePack[] = Object.values(PACKS);

export const packOf = (language: AgentLanguage): LanguagePack => PACKS[language];

/** Returns the pack of the language that a text is written in: Hebrew texts may contain English words, but not the reverse. */
export const packOfText = (text: string): LanguagePack =>
  LANGUAGE_PACKS.findLast(({ letter }) => letter.test(text)) ?? english;
