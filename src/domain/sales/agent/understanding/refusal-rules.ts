/** How a language says that somebody wants no more calls; every pattern is for plain words. */
export type RefusalRules = {
  /** Parts of an utterance that have the words of a refusal, and are none: they are left out of what is judged. */
  harmless: readonly RegExp[];
  clear: readonly RegExp[];
  /** The words of an utterance that, beside polite ones, is nothing but "stop". */
  alone: RegExp;
  /** One of which it has. */
  aloneNeeds: RegExp;
  polite: RegExp;
  unsure: readonly RegExp[];
  /** What leaves it unsure only in a short utterance, which has little else to mean. */
  unsureShort: RegExp;
};
