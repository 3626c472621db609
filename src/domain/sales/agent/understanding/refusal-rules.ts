/** The patterns by which a language expresses that somebody wants no more calls, for plain words. */
export type RefusalRules = {
  /** Parts of an utterance that contain the words of a refusal without being one; they are removed first. */
  harmless: readonly RegExp[];
  clear: readonly RegExp[];
  /** A word of an utterance that, apart from polite words, says nothing but "stop". */
  alone: RegExp;
  /** At least one of these has to be in such an utterance. */
  aloneNeeds: RegExp;
  polite: RegExp;
  unsure: readonly RegExp[];
  /** Makes a short utterance unsure, because it has little else to mean. */
  unsureShort: RegExp;
  /** Says that the number is to stay on the list, in answer to whether it is to be taken off. */
  stays: RegExp;
  /** Says in answer to that question that something is not wanted, which may be the calls or the removal. */
  declines: RegExp;
};
