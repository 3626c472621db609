/** The intents of an utterance, apart from a refusal and a time, in order of precedence. */
export const INTENTS = [
  'voicemail',
  'screener',
  'hold',
  'wrong-number',
  'person',
  'robot',
  'source',
  'repeat',
  'when',
  'calls-back',
  'neither',
  'busy',
  'not-interested',
  'price',
  'duration',
  'provider',
  'send-info',
  'who',
  'cancel',
  'wait',
  'first',
  'second',
  'any',
  'maybe',
  'bye',
  'no',
  'yes',
  'go-on',
  'hello',
] as const;
export type Intent = (typeof INTENTS)[number];

/** What a model may find in an utterance that the rules do not understand. */
export type Meaning = Intent | 'refusal';

/** The patterns of each intent in a language, for plain words. */
export type IntentPatterns = Record<Intent, RegExp>;
