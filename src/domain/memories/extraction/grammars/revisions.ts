/** How one language says that something has changed. Every pattern is for one statement or clause. */
export type Revisions = {
  /** Asks to forget: `what` and `plain` are statements, `about` and `subject` what they are about, `thing` what begins them, `answer` a question. */
  forget: RegExp;
  /** Asks to forget what was said last. */
  forgetLast: RegExp;
  /** Asks to forget everything that is known. */
  forgetAll: RegExp;
  /** How a question begins that asks for something, rather than what will be. */
  courteous: RegExp;
  /** Asks not to remember what is said with it, or from there on; it is `bare` where a sentence says nothing else, and `declined` is what only sounds like it. */
  offRecord: { anywhere: RegExp; bare: RegExp; declined?: RegExp };
  /** A pattern of memories that begin with a thing. */
  beginsWith: (thing: string) => string;
  /** Parts two statements that a request asks to forget. */
  conjunction: RegExp;
  /** What people call the answer of a topic, where they ask to forget it. */
  subjects: readonly (readonly [RegExp, topic: string])[];
  /** Says what `holds`, and what was `denied` in place of its last words. */
  correction: RegExp;
  /** Says that something ended: `before` and `after` without what is between them say what; or `topic` is over as a whole. */
  endings: readonly Ending[];
  updates: readonly Update[];
  /** What only says that it did not always hold, or does not hold any longer. */
  now: RegExp;
  /** What says that something held once, and holds no longer. */
  outdated: RegExp;
  /** What parts a clause that says what ended from one that says what came in its place. */
  clause: RegExp;
  /** What says that a clause tells what came in the place of something. */
  replacement: RegExp;
  /** A subject that was named before. */
  pronoun: RegExp;
};

export type Ending = {
  pattern: RegExp;
  /** What has ended, as it was said; the words of the groups `before` and `after` where it is left out. */
  statement?: (groups: Record<string, string | undefined>) => string;
  topic?: string;
  /** A pattern of the memories that it ends, where it is not those that say the statement: that has words of theirs. */
  memories?: (groups: Record<string, string | undefined>) => string;
};

/** Says of a `subject` that it has a new `value`. */
export type Update = {
  pattern: RegExp;
  /** Whose the subject is, where no group `whose` says it. */
  whose?: string;
  /** How what was said before begins, where it was said in other words. */
  statement?: (subject: string) => string;
  /** A pattern of memories that it takes the place of, too; or, where `isOnly` is set, of no others. */
  memories?: (subject: string) => string;
  isOnly?: true;
};
