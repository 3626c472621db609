import { INTENTS, type Intent } from './intent.ts';
import { ENGLISH_INTENTS } from './intents-english.ts';
import { HEBREW_INTENTS } from './intents-hebrew.ts';

/** Returns what plain words may mean, in either language, the likeliest first. */
export function intentsOf(words: string): Intent[] {
  return INTENTS.filter((intent) => ENGLISH_INTENTS[intent].test(words) || HEBREW_INTENTS[intent].test(words));
}
