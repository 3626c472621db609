import { LANGUAGE_PACKS } from '#domain/sales/agent/languages/packs.ts';
import { withoutRefusedChoices } from './choices.ts';
import { INTENTS, type Intent } from './intent.ts';

/** Returns the possible intents of plain words, in any language, the likeliest first. */
export const intentsOf = (words: string): Intent[] => {
  const chosen = withoutRefusedChoices(words);
  return INTENTS.filter((intent) => {
    const said = intent === 'first' || intent === 'second' ? chosen : words;
    return LANGUAGE_PACKS.some(({ intents }) => intents[intent].test(said));
  });
};
