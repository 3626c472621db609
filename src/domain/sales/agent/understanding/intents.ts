import { LANGUAGE_PACKS } from '#domain/sales/agent/languages/packs.ts';
import { INTENTS, type Intent } from './intent.ts';

/** Returns the possible intents of plain words, in any language, the likeliest first. */
export const intentsOf = (words: string): Intent[] =>
  INTENTS.filter((intent) => LANGUAGE_PACKS.some(({ intents }) => intents[intent].test(words)));
