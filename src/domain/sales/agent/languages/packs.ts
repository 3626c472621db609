import { english } from './english.ts';
import { hebrew } from './hebrew.ts';
import type { LanguagePack } from './pack.ts';
import type { AgentLanguage } from './tags.ts';

const PACKS: Record<AgentLanguage, LanguagePack> = { en: english, he: hebrew };

/** What the agent knows of each language that it speaks. */
export const LANGUAGE_PACKS: readonly LanguagePack[] = Object.values(PACKS);

/** Returns what the agent knows of a language. */
export const packOf = (language: AgentLanguage): LanguagePack => PACKS[language];

/** Returns that of the language that a text is written in: English words stand in Hebrew, not the other way round. */
export const packOfText = (text: string): LanguagePack =>
  LANGUAGE_PACKS.findLast(({ letter }) => letter.test(text)) ?? english;
