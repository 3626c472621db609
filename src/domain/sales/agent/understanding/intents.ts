import { LANGUAGE_PACKS } from '#domain/sales/agent/languages/packs.ts';
import { INTENTS, type Intent } from './intent.ts';

/** Returns what plain words may mean, in whichever language, the likeliest first. */
export const intentsOf = (words: string): Intent[] =>
  INTENTS.filter((intent) => LANGUAGE_PACKS.some(({ intents }) => intents[intent].test(words)));
