/** What an utterance may mean, beside a refusal and a time. In the order in which one wins over another. */
export const INTENTS = [
  'voicemail',
  'screener',
  'hold',
  'wrong-number',
  'robot',
  'source',
  'repeat',
  'neither',
  'busy',
  'not-interested',
  'price',
  'provider',
  'send-info',
  'who',
  'cancel',
  'wait',
  'first',
  'second',
  'maybe',
  'bye',
  'no',
  'yes',
  'hello',
] as const;
export type Intent = (typeof INTENTS)[number];

/** What a model may find in an utterance that the rules do not understand. */
export type Meaning = Intent | 'refusal';

/** How each intent is said in a language, in plain words. */
export type IntentPatterns = Record<Intent, RegExp>;
